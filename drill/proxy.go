package main

import (
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// proxy is a wire that can be cut. It passes a connection on to the first of its targets
// that answers, and begins with another target each time.
type proxy struct {
	name    string
	listen  net.Listener
	targets func() []string
	turn    atomic.Int64
	still   atomic.Int64 // the wire stalls until then, in Unix nanoseconds
	cuts    atomic.Int64

	mu   sync.Mutex
	open map[net.Conn]bool
}

func newProxy(name string, targets func() []string) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{name: name, listen: l, targets: targets, open: map[net.Conn]bool{}}
	go p.serve()
	return p, nil
}

func (p *proxy) address() string { return p.listen.Addr().String() }

func (p *proxy) serve() {
	for {
		in, err := p.listen.Accept()
		if err != nil {
			return
		}
		go p.pass(in)
	}
}

// pass joins a connection to one of the targets until either side closes.
func (p *proxy) pass(in net.Conn) {
	defer in.Close()
	out := p.dial()
	if out == nil {
		reset(in)
		return
	}
	defer out.Close()
	p.hold(in, out, true)
	defer p.hold(in, out, false)
	done := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{out, in}, {in, out}} {
		go func() {
			p.copy(way[0], way[1])
			done <- struct{}{}
		}()
	}
	<-done
	in.Close() // a half-closed connection ends on both sides: HTTP and MySQL never continue one
	out.Close()
	<-done
}

func (p *proxy) dial() net.Conn {
	list := p.targets()
	first := int(p.turn.Add(1))
	for i := range list {
		if c, err := net.DialTimeout("tcp", list[(first+i)%len(list)], time.Second); err == nil {
			return c
		}
	}
	return nil
}

// copy moves bytes, except while the wire stalls.
func (p *proxy) copy(to io.Writer, from io.Reader) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if wait := time.Until(time.Unix(0, p.still.Load())); wait > 0 {
			time.Sleep(wait)
		}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *proxy) hold(in, out net.Conn, on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range []net.Conn{in, out} {
		if on {
			p.open[c] = true
		} else {
			delete(p.open, c)
		}
	}
}

// cut resets each connection by a chance, and counts those that it reset.
func (p *proxy) cut(draw *rand.Rand, chance float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		if draw.Float64() < chance {
			reset(c)
			p.cuts.Add(1)
		}
	}
}

// stall stops the wire for a while.
func (p *proxy) stall(d time.Duration) { p.still.Store(time.Now().Add(d).UnixNano()) }

func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0) // RST instead of an orderly end
	}
	c.Close()
}

func (p *proxy) close() {
	p.listen.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		c.Close()
	}
}
