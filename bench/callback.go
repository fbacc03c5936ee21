package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"wuyepay/models/store"
)

// bookingBed has both sides of booking payments: the server on its database, and the
// floor on a twin of it.
type bookingBed struct {
	bed         *bed
	ours, floor store.Config
	server      *process
	raw         *bookingFloor
	list        []booking // not booked yet
}

func (b *bed) newBookingBed(ctx context.Context, dialect string, n int) (_ *bookingBed, err error) {
	bb := &bookingBed{bed: b}
	if bb.ours, err = b.database(ctx, dialect, "booking_ours_"+dialect); err != nil {
		return nil, err
	}
	if bb.list, err = makeBookings(ctx, bb.ours, n); err != nil {
		return nil, err
	}
	if bb.floor, err = b.twin(ctx, bb.ours, "booking_floor_"+dialect); err != nil {
		return nil, err
	}
	if bb.raw, err = newBookingFloor(ctx, bb.floor); err != nil {
		return nil, err
	}
	if bb.server, err = b.startServer(ctx, bb.ours, nobody); err != nil {
		return nil, errors.Join(err, bb.raw.db.Close())
	}
	return bb, nil
}

// close stops both sides and proves the books of both.
func (bb *bookingBed) close(ctx context.Context) error {
	err := errors.Join(bb.server.stop(), bb.raw.db.Close())
	return errors.Join(err, proveBooks(ctx, bb.ours), proveBooks(ctx, bb.floor))
}

// bookingRound is a round in which our side also receives every callback twice.
type bookingRound struct {
	pair
	repeat sample
}

// round books the next n payments on both sides, on ours from the notification over
// HTTP. Then it sends ours all notifications again.
func (bb *bookingBed) round(ctx context.Context, workers, n int) (r bookingRound, err error) {
	part := bb.list[:n]
	bb.list = bb.list[n:]
	requests, err := bb.bed.callbacks(bb.server.address, part)
	if err != nil {
		return r, err
	}
	if r.ours, err = post(bb.server.address, workers, requests, http.StatusNoContent); err != nil {
		return r, fmt.Errorf("ours: %w", err)
	}
	if r.floor, err = hammer(workers, n, func(_, i int) error { return bb.raw.book(ctx, &part[i]) }); err != nil {
		return r, fmt.Errorf("floor: %w", err)
	}
	if r.repeat, err = post(bb.server.address, workers, requests, http.StatusNoContent); err != nil {
		return r, fmt.Errorf("repeat: %w", err)
	}
	return r, nil
}

// rounds warms both sides up, then measures.
func (bb *bookingBed) rounds(ctx context.Context, workers, rounds, n int) (pairs []pair, all []bookingRound, err error) {
	for i := range rounds + 1 {
		size := n
		if i == 0 {
			size = warmUp
		}
		r, err := bb.round(ctx, workers, size)
		if err != nil {
			return nil, nil, err
		}
		if i > 0 {
			pairs, all = append(pairs, r.pair), append(all, r)
		}
	}
	return pairs, all, nil
}

// warmUp is the number of payments in the round that does not count.
const warmUp = 300

// measureCallback measures notifications over HTTP, which are verified, decrypted and
// booked on MariaDB with full durability. The floor is the bare transaction.
func measureCallback(ctx context.Context, b *bed, opt options) (rows []row, err error) {
	n := opt.pick(2000, 700)
	const counted = 100
	bb, err := b.newBookingBed(ctx, "mysql", 2*(warmUp+opt.rounds*n)+counted)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bb.close(ctx)) }()
	for _, workers := range []int{8, 32} {
		pairs, all, err := bb.rounds(ctx, workers, opt.rounds, n)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("callback over HTTP, %d at a time", workers)
		rows = append(rows, rateRow(name, pairs, 0.5))
		if workers == 32 {
			rows = append(rows, tailRow(name+", p99", pairs, 2))
		}
		rows = append(rows, atLeast(fmt.Sprintf("callback repeated, %d at a time, against the first", workers),
			fmt.Sprintf("%.0f/s", median(all, func(r bookingRound) float64 { return r.repeat.perSecond() })),
			fmt.Sprintf("%.0f/s", median(all, func(r bookingRound) float64 { return r.ours.perSecond() })),
			median(all, func(r bookingRound) float64 { return r.repeat.perSecond() / r.ours.perSecond() }), 3))
	}
	count, err := bb.statements(ctx, counted)
	return append(rows, count), err
}

// statements counts the statements of one booking on each side.
func (bb *bookingBed) statements(ctx context.Context, n int) (row, error) {
	part := bb.list[:n]
	requests, err := bb.bed.callbacks(bb.server.address, part)
	if err != nil {
		return row{}, err
	}
	counts, err := bb.bed.count(
		func() error {
			_, err := post(bb.server.address, 1, requests, http.StatusNoContent)
			return err
		},
		func() error {
			_, err := hammer(1, n, func(_, i int) error { return bb.raw.book(ctx, &part[i]) })
			return err
		})
	if err != nil {
		return row{}, err
	}
	ours, floor := float64(counts[0])/float64(n), float64(counts[1])/float64(n)
	return forContext("statements of a booking", fmt.Sprintf("%.1f", ours), fmt.Sprintf("%.1f", floor), ours/floor), nil
}

// count returns the number of statements that each of the steps sent to the MySQL
// server. The server's jobs add a few, which hundreds of bookings hide.
func (b *bed) count(steps ...func() error) ([]int64, error) {
	out := make([]int64, len(steps))
	for i, step := range steps {
		before, err := b.questions()
		if err != nil {
			return nil, err
		}
		if err := step(); err != nil {
			return nil, err
		}
		after, err := b.questions()
		if err != nil {
			return nil, err
		}
		out[i] = after - before
	}
	return out, nil
}

// measureSQLite measures 32 writers on one SQLite file. The floor is the bare statements
// behind a mutex. No writer may wait much longer than in a fair queue.
func measureSQLite(ctx context.Context, b *bed, opt options) (rows []row, err error) {
	const workers = 32
	n := opt.pick(1500, 600)
	bb, err := b.newBookingBed(ctx, "sqlite", warmUp+opt.rounds*n)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bb.close(ctx)) }()
	pairs, _, err := bb.rounds(ctx, workers, opt.rounds, n)
	if err != nil {
		return nil, err
	}
	fair := func(p pair) time.Duration { return workers * p.ours.mean() }
	return []row{
		rateRow("SQLite, callback over HTTP, 32 at a time", pairs, 0.6),
		atMost("SQLite, longest wait against the ideal queue",
			fmt.Sprintf("%.0f ms", median(pairs, func(p pair) float64 { return p.ours.worst().Seconds() * 1000 })),
			fmt.Sprintf("%.0f ms", median(pairs, func(p pair) float64 { return fair(p).Seconds() * 1000 })),
			median(pairs, func(p pair) float64 { return p.ours.worst().Seconds() / fair(p).Seconds() }), 4),
	}, nil
}
