package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	// floodRate is how many callbacks are sent each second, however they are answered.
	floodRate = 1000
	// patience is how long WeChat Pay waits for an answer
	// (pay.weixin.qq.com/doc/v3/merchant/4012791865).
	patience = 5 * time.Second
	// stale is the age after which a callback is signed anew before it is repeated. A
	// signature older than five minutes is refused.
	stale = 4 * time.Minute
)

// repeats are the first of the fifteen pauses after which WeChat Pay repeats a callback
// that was not answered with 204.
var repeats = []time.Duration{15 * time.Second, 15 * time.Second, 30 * time.Second, 3 * time.Minute, 10 * time.Minute}

// measureFlood sends callbacks at a fixed rate for a minute, more than one process may
// be able to book, on MariaDB with full durability. A callback that is turned away or
// not answered in time is repeated as WeChat repeats it.
func measureFlood(ctx context.Context, b *bed, opt options) (rows []row, err error) {
	n := floodRate * opt.pick(60, 5)
	db, err := b.database(ctx, "mysql", "flood")
	if err != nil {
		return nil, err
	}
	list, err := makeBookings(ctx, db, n)
	if err != nil {
		return nil, err
	}
	server, err := b.startServer(ctx, db, nobody)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.stop(), proveBooks(ctx, db)) }()
	signed := time.Now()
	requests, err := b.callbacks(server.address, list)
	if err != nil {
		return nil, err
	}
	f := &flood{bed: b, list: list, requests: requests, signed: signed, wires: &wirePool{address: server.address}}
	f.run()
	slices.Sort(f.answers)
	p99 := f.answers[len(f.answers)*99/100]
	late, _ := slices.BinarySearch(f.answers, patience)
	return []row{
		atMost(fmt.Sprintf("flood of %d callbacks/s for %d s: never booked", floodRate, n/floodRate), fmt.Sprint(f.lost), "",
			float64(f.lost), 0),
		atMost("flood: answers later than WeChat's 5 s, or none", fmt.Sprint(len(f.answers)-late), fmt.Sprint(len(f.answers)),
			float64(len(f.answers)-late), 0),
		atMost("flood: p99 of the answers, against WeChat's 5 s", fmt.Sprintf("%.2f s", p99.Seconds()), "5 s",
			p99.Seconds()/patience.Seconds(), 0.99),
		forContext("flood: booked at the first delivery", fmt.Sprint(f.first), fmt.Sprint(n), float64(f.first)/float64(n)),
		forContext("flood: all booked after", fmt.Sprintf("%.0f s", f.last.Seconds()), fmt.Sprintf("%d s", n/floodRate),
			f.last.Seconds()/float64(n/floodRate)),
	}, nil
}

// flood sends callbacks, each at its time, however the others were answered.
type flood struct {
	bed      *bed
	list     []booking
	requests [][]byte
	signed   time.Time
	wires    *wirePool
	begun    time.Time

	mu      sync.Mutex
	answers []time.Duration // how long each delivery waited for its answer; patience if there was none
	first   int             // booked at the first delivery
	lost    int             // not booked after the last delivery
	last    time.Duration   // from the start to the last booking
}

func (f *flood) run() {
	defer f.wires.close()
	var all sync.WaitGroup
	f.begun = time.Now()
	for i := range f.requests {
		due := f.begun.Add(time.Duration(i) * time.Second / floodRate)
		time.Sleep(time.Until(due))
		all.Go(func() { f.follow(i, due) })
	}
	all.Wait()
}

// follow delivers one callback again and again until it is booked.
func (f *flood) follow(i int, due time.Time) {
	request := f.requests[i]
	for try := 0; ; try++ {
		booked, took := f.wires.deliver(request, due)
		f.note(try, booked, took)
		if booked || try == len(repeats) {
			return
		}
		due = time.Now().Add(repeats[try])
		time.Sleep(repeats[try])
		if time.Since(f.signed) > stale {
			if again, err := f.bed.callback(f.wires.address, &f.list[i]); err == nil {
				request = again
			}
		}
	}
}

func (f *flood) note(try int, booked bool, took time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers = append(f.answers, took)
	switch {
	case booked && try == 0:
		f.first++
	case !booked && try == len(repeats):
		f.lost++
	}
	if booked {
		f.last = max(f.last, time.Since(f.begun))
	}
}

// wirePool holds idle connections for reuse.
type wirePool struct {
	address string
	mu      sync.Mutex
	idle    []*wire
}

type wire struct {
	conn net.Conn
	in   *bufio.Reader
}

func (p *wirePool) take(deadline time.Time) (*wire, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return w, w.conn.SetDeadline(deadline)
	}
	p.mu.Unlock()
	conn, err := net.DialTimeout("tcp", p.address, time.Until(deadline))
	if err != nil {
		return nil, err
	}
	return &wire{conn, bufio.NewReaderSize(conn, 4<<10)}, conn.SetDeadline(deadline)
}

// deliver sends a request that is due. It reports whether the answer was 204, and how long
// after the due time it came: patience if none came in time.
func (p *wirePool) deliver(request []byte, due time.Time) (booked bool, took time.Duration) {
	w, err := p.take(due.Add(patience))
	if err != nil {
		return false, patience
	}
	status, err := w.send(request)
	if took = time.Since(due); err != nil || took >= patience {
		_ = w.conn.Close()
		return false, patience
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, w)
	return status == http.StatusNoContent, took
}

func (w *wire) send(request []byte) (status int, err error) {
	if _, err := w.conn.Write(request); err != nil {
		return 0, err
	}
	res, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

func (p *wirePool) close() {
	for _, w := range p.idle {
		_ = w.conn.Close()
	}
}
