package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"wuyepay/billing/intake"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

const (
	// importPayments is how many payments are booked beside an import at most.
	importPayments = 3000
	// importGap is the pause between two of them, so that they last as long as the import.
	importGap = 20 * time.Millisecond
)

// measureImports has the server preview and commit a file of rooms on SQLite, which has one
// writer, while payments are booked one after the other. What counts is the longest that one
// of them waits: there is no floor but the second that a payment may wait.
func measureImports(ctx context.Context, b *bed, opt options) (rows []row, err error) {
	rooms := opt.pick(100_000, 5_000)
	if opt.rooms > 0 {
		rooms = opt.rooms
	}
	bb, err := b.newBookingBed(ctx, "sqlite", warmUp+importPayments)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bb.close(ctx)) }()
	if _, err := bb.round(ctx, 1, warmUp); err != nil {
		return nil, err
	}
	db, err := openBooks(bb.ours)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	path := filepath.Join(b.dir, "rooms.csv")
	if err := writeRooms(path, rooms); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	requests, err := b.callbacks(bb.server.address, bb.list)
	if err != nil {
		return nil, err
	}
	run, err := intake.Upload(ctx, db, booker, intake.Rooms, "rooms.csv", f)
	if err != nil {
		return nil, err
	}
	preview, took, left, err := payBeside(ctx, db, bb.server.address, requests, run.ID, office.ImportChecked)
	if err != nil {
		return nil, err
	}
	if err := intake.Commit(ctx, db, booker, run.ID); err != nil {
		return nil, err
	}
	commit, wrote, _, err := payBeside(ctx, db, bb.server.address, left, run.ID, office.ImportDone)
	if err != nil {
		return nil, err
	}
	name := func(what string) string { return fmt.Sprintf("import of %d rooms, SQLite: %s", rooms, what) }
	return []row{
		forContext(name("preview"), took.Round(time.Second).String(), "", 0),
		forContext(name("commit"), wrote.Round(time.Second).String(), "", 0),
		atMost(name("longest payment beside the preview"), preview.Round(time.Millisecond).String(), "1s", preview.Seconds(), 1),
		atMost(name("longest payment beside the commit"), commit.Round(time.Millisecond).String(), "1s", commit.Seconds(), 1),
	}, nil
}

// payBeside books payments until a run is in a state, and returns the longest that one took,
// how long all of it took, and the payments that are left.
func payBeside(ctx context.Context, db *store.DB, address string, requests [][]byte, id, state string) (worst, took time.Duration,
	left [][]byte, err error) {
	begun := time.Now()
	for {
		run, err := office.ImportRunByID(db.View(ctx), id)
		switch {
		case err != nil:
			return 0, 0, nil, err
		case run.State == state:
			return worst, time.Since(begun), requests, nil
		case run.State == office.ImportRefused:
			return 0, 0, nil, fmt.Errorf("the import is refused: %s", run.Note)
		}
		if len(requests) > 0 {
			s, err := post(address, 1, requests[:1], http.StatusNoContent)
			if err != nil {
				return 0, 0, nil, err
			}
			worst, requests = max(worst, slices.Max(s.latencies)), requests[1:]
		}
		select {
		case <-time.After(importGap):
		case <-ctx.Done():
			return 0, 0, nil, ctx.Err()
		}
	}
}

// writeRooms writes a file of so many rooms, each with an owner of its own.
func writeRooms(path string, rooms int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	_, err = io.WriteString(w, "小区,房号,楼栋,单元,房间,物业类型,业主姓名,联系电话,建筑面积,收费单价,缴费周期,交房日期,房屋状态,管家\n")
	for i := range rooms {
		if err != nil {
			break
		}
		_, err = fmt.Fprintf(w, "大花园,%d-%d-%d,%d栋,%d单元,%d,高层住宅,业主%d,139%08d,98.76,2.35,月,2020-05-02,已入住,林晓梅\n",
			i/1000+1, i/500%2+1, i%500+101, i/1000+1, i/500%2+1, i%500+101, i, i)
	}
	return errors.Join(err, w.Flush(), f.Close())
}
