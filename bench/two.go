package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
)

// measureTwo sends callbacks to two processes on one MariaDB, half of them to each. The
// floor is one process that receives all of them.
func measureTwo(ctx context.Context, b *bed, opt options) (rows []row, err error) {
	const workers = 32
	n := opt.pick(4000, 1000)
	db, err := b.database(ctx, "mysql", "two")
	if err != nil {
		return nil, err
	}
	list, err := makeBookings(ctx, db, 2*(warmUp+opt.rounds*n))
	if err != nil {
		return nil, err
	}
	var servers [2]*process
	defer func() {
		for _, s := range servers {
			if s != nil {
				err = errors.Join(err, s.stop())
			}
		}
		err = errors.Join(err, proveBooks(ctx, db))
	}()
	for i := range servers {
		if servers[i], err = b.startServer(ctx, db, nobody); err != nil {
			return nil, err
		}
	}
	var pairs []pair
	for i := range opt.rounds + 1 {
		size := n
		if i == 0 {
			size = warmUp
		}
		p := pair{}
		if p.floor, err = b.deliver(servers[:1], workers, list[:size]); err != nil {
			return nil, err
		}
		if p.ours, err = b.deliver(servers[:], workers, list[size:2*size]); err != nil {
			return nil, err
		}
		if list = list[2*size:]; i > 0 {
			pairs = append(pairs, p)
		}
	}
	r := rateRow("two processes on one database, against one", pairs, 0)
	return []row{forContext(r.what, r.ours, r.floor, r.ratio)}, nil
}

// deliver sends callbacks to servers, an equal part to each, and measures all of it.
func (b *bed) deliver(servers []*process, workers int, list []booking) (all sample, err error) {
	share := len(list) / len(servers)
	parts := make([][][]byte, len(servers))
	for i, s := range servers {
		if parts[i], err = b.callbacks(s.address, list[i*share:(i+1)*share]); err != nil {
			return all, err
		}
	}
	samples, failures := make([]sample, len(servers)), make([]error, len(servers))
	var done sync.WaitGroup
	for i, s := range servers {
		done.Go(func() {
			samples[i], failures[i] = post(s.address, workers/len(servers), parts[i], http.StatusNoContent)
		})
	}
	done.Wait()
	for i, s := range samples {
		if failures[i] != nil {
			return all, fmt.Errorf("process %d: %w", i+1, failures[i])
		}
		all.took = max(all.took, s.took)
		all.latencies = append(all.latencies, s.latencies...)
	}
	return all, nil
}
