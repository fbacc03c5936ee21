package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wuyepay/billing"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

const (
	billsOfLedger = 24
	pageOfLedger  = 50
)

// ledgerView is a filter and an order of the arrears ledger. The deep page begins after
// nine tenths of the rooms.
type ledgerView struct {
	name   string
	filter fees.LedgerFilter
	rounds int
}

// measureLedger measures a page of the arrears ledger as the console reads it, with the
// lines of its rooms. The floor is the first page: the cost of a page must not grow with
// its number.
func measureLedger(ctx context.Context, b *bed, opt options) (_ []row, err error) {
	rooms := opt.pick(20_000, 2_000)
	if opt.rooms > 0 {
		rooms = opt.rooms
	}
	cfg, err := b.database(ctx, "mysql", "ledger")
	if err != nil {
		return nil, err
	}
	db, err := openBooks(cfg)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	w, err := makeWorld(ctx, db, openID)
	if err != nil {
		return nil, err
	}
	if err := w.fillLedger(ctx, db, rooms); err != nil {
		return nil, err
	}
	if err := db.Warm(ctx); err != nil {
		return nil, err
	}
	all := office.AllRooms()
	views := []ledgerView{
		{"by room", fees.LedgerFilter{Scope: all}, 9},
		{"by room, one item and age", fees.LedgerFilter{Scope: all, CommunityID: w.community.ID, Item: feeItem,
			Band: fees.Bands[len(fees.Bands)-1]}, 9},
		{"by amount", fees.LedgerFilter{Scope: all, Sort: fees.LedgerByOwed}, 5},
		{"by oldest due day", fees.LedgerFilter{Scope: all, Sort: fees.LedgerByOldest}, 5},
	}
	var out []row
	for _, v := range views {
		r, err := measureView(ctx, db, v, rooms)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.name, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// measureView reads the first page and a deep page in turns.
func measureView(ctx context.Context, db *store.DB, v ledgerView, rooms int) (row, error) {
	deep := v.filter
	var err error
	if deep.After, err = deepCursor(ctx, db, v.filter, rooms*9/10); err != nil {
		return row{}, err
	}
	page := func(f fees.LedgerFilter) (time.Duration, error) {
		f.Limit = pageOfLedger
		begun := time.Now()
		lines, err := billing.Ledger(db.View(ctx), f)
		if err == nil && len(lines) != pageOfLedger {
			err = fmt.Errorf("a page of %d lines", len(lines))
		}
		return time.Since(begun), err
	}
	type turn struct{ first, deep time.Duration }
	var turns []turn
	for i := range v.rounds + 1 {
		var t turn
		if t.first, err = page(v.filter); err != nil {
			return row{}, err
		}
		if t.deep, err = page(deep); err != nil {
			return row{}, err
		}
		if i > 0 { // the first round warms the database up
			turns = append(turns, t)
		}
	}
	ms := func(pick func(turn) time.Duration) string {
		return fmt.Sprintf("%.1f ms", median(turns, func(t turn) float64 { return pick(t).Seconds() * 1000 }))
	}
	return atMost(fmt.Sprintf("ledger of %d open bills %s: a deep page against the first", rooms*billsOfLedger, v.name),
		ms(func(t turn) time.Duration { return t.deep }), ms(func(t turn) time.Duration { return t.first }),
		median(turns, func(t turn) float64 { return t.deep.Seconds() / t.first.Seconds() }), 1.5), nil
}

// deepCursor returns the cursor of a page that many rooms precede.
func deepCursor(ctx context.Context, db *store.DB, f fees.LedgerFilter, skip int) (string, error) {
	f.Limit = skip
	rooms, err := fees.LedgerRooms(db.View(ctx), f)
	if err != nil {
		return "", err
	}
	if len(rooms) != skip {
		return "", fmt.Errorf("only %d rooms", len(rooms))
	}
	return rooms[skip-1].Cursor(), nil
}

// fillLedger adds rooms with their open bills, a month apart.
func (w world) fillLedger(ctx context.Context, db *store.DB, rooms int) error {
	const chunk = 200
	for from := 0; from < rooms; from += chunk {
		err := db.Write(ctx, func(tx *store.Tx) error {
			part := make([]home, min(chunk, rooms-from))
			for i := range part {
				part[i] = w.newHome(tx, from+i, billsOfLedger)
			}
			return w.insertUnbound(tx, part)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// insertUnbound inserts only rooms and bills: the ledger reads nothing else.
func (w world) insertUnbound(tx *store.Tx, homes []home) error {
	var rooms []estate.Room
	var bills []fees.Bill
	for _, h := range homes {
		rooms, bills = append(rooms, h.room), append(bills, h.bills...)
	}
	if err := estate.InsertRooms(tx, rooms); err != nil {
		return err
	}
	_, err := fees.InsertBills(tx, bills, false)
	return err
}
