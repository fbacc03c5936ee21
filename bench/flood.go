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
	// floodRate is how many callbacks a second are offered, whatever the answers.
	floodRate = 1000
	// patience is how long WeChat Pay waits for an answer
	// (pay.weixin.qq.com/doc/v3/merchant/4012791865).
	patience = 5 * time.Second
	// firstRepeat is when it tells again what was not answered in time.
	firstRepeat = 15 * time.Second
	// maxTellings is how often the flood tells a callback; WeChat Pay tells it 15 times.
	maxTellings = 10
)

// measureFlood: more callbacks than one process may be able to book, offered at a
// fixed rate for a minute on MariaDB with full durability. What is not answered in
// time is told again, as WeChat does, until nothing is left.
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
	var first []time.Duration
	left, told := list, 0
	for told < maxTellings && len(left) > 0 {
		requests, err := b.callbacks(server.address, left)
		if err != nil {
			return nil, err
		}
		begun := time.Now()
		latencies := flood(server.address, requests)
		if told++; told == 1 {
			first = slices.Clone(latencies)
		}
		left = unanswered(left, latencies)
		if len(left) > 0 {
			time.Sleep(time.Until(begun.Add(firstRepeat)))
		}
	}
	late := len(unanswered(list, first))
	slices.Sort(first)
	p99 := first[len(first)*99/100]
	return []row{
		atMost(fmt.Sprintf("flood of %d callbacks/s for %d s: never answered with 204", floodRate, n/floodRate), fmt.Sprint(len(left)), "", float64(len(left)), 0),
		atMost("flood: p99 of the first telling, against WeChat's 5 s", fmt.Sprintf("%.2f s", p99.Seconds()), "5 s", p99.Seconds()/patience.Seconds(), 0.99),
		forContext("flood: share not answered at the first telling", fmt.Sprint(late), fmt.Sprint(n), float64(late)/float64(n)),
		forContext("flood: tellings until all was booked", fmt.Sprint(told), "1", float64(told)),
	}, nil
}

// unanswered are those that were not answered in time.
func unanswered(list []booking, latencies []time.Duration) []booking {
	var out []booking
	for i, l := range latencies {
		if l >= patience {
			out = append(out, list[i])
		}
	}
	return out
}

// flood offers each request at its time and gives how long its answer took from
// then on; patience where there was none in time, or none of 204.
func flood(address string, requests [][]byte) []time.Duration {
	wires := &wirePool{address: address}
	defer wires.close()
	latencies := make([]time.Duration, len(requests))
	var all sync.WaitGroup
	begun := time.Now()
	for i, request := range requests {
		due := begun.Add(time.Duration(i) * time.Second / floodRate)
		if wait := time.Until(due); wait > 0 {
			time.Sleep(wait)
		}
		all.Go(func() {
			latencies[i] = patience
			if wires.tell(request, due.Add(patience)) == nil {
				latencies[i] = min(patience, time.Since(due))
			}
		})
	}
	all.Wait()
	return latencies
}

// wirePool is connections that wait to be used again.
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

// tell sends a request and wants 204 before the deadline.
func (p *wirePool) tell(request []byte, deadline time.Time) error {
	w, err := p.take(deadline)
	if err != nil {
		return err
	}
	if err := w.tell(request); err != nil {
		return errors.Join(err, w.conn.Close())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, w)
	return nil
}

func (w *wire) tell(request []byte) error {
	if _, err := w.conn.Write(request); err != nil {
		return err
	}
	res, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusNoContent {
		return fmt.Errorf("answer %d", res.StatusCode)
	}
	return nil
}

func (p *wirePool) close() {
	for _, w := range p.idle {
		_ = w.conn.Close()
	}
}
