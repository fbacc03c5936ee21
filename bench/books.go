package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

const (
	openID       = "oBench00000000000000000000"
	billsOfOrder = 3
	feeItem      = "物业服务费"
	merchantName = "main"
)

// booker is the actor in the audit log.
var booker = models.SystemActor("bench")

// world is a community with one user, whose token opens all of its rooms.
type world struct {
	community estate.Community
	user      estate.User
	token     string
}

func makeWorld(ctx context.Context, db *store.DB, payer string) (w world, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		if w.community, _, err = estate.EnsureCommunity(tx, booker, "测量小区"); err != nil {
			return err
		}
		if w.user, err = estate.EnsureUser(tx, appID, payer, ""); err != nil {
			return err
		}
		w.token, _, err = office.StartSession(tx, office.SessionUser, w.user.ID, 24*time.Hour)
		return err
	})
	return w, err
}

// home is a room with its open bills as of today.
type home struct {
	room  estate.Room
	bills []fees.Bill
	due   []billing.BillState
}

// total returns what the room owes today.
func (h *home) total() (sum models.Fen) {
	for i := range h.due {
		sum = sum.Plus(h.due[i].DueFen)
	}
	return sum
}

// makeHomes adds rooms that the user is bound to, with some bills each. One bill is not
// due yet, the others are some days overdue.
func (w world) makeHomes(ctx context.Context, db *store.DB, rooms, bills int) ([]home, error) {
	const chunk = 400
	homes := make([]home, 0, rooms)
	for len(homes) < rooms {
		part := make([]home, min(chunk, rooms-len(homes)))
		err := db.Write(ctx, func(tx *store.Tx) error {
			for i := range part {
				part[i] = w.newHome(tx, len(homes)+i, bills)
			}
			return w.insertHomes(tx, part)
		})
		if err != nil {
			return nil, err
		}
		homes = append(homes, part...)
	}
	return homes, nil
}

func (w world) newHome(tx *store.Tx, n, bills int) home {
	id := models.NewID()
	h := home{room: estate.Room{ID: id, CommunityID: w.community.ID, Code: id, CodeKey: id, Building: "1栋", Unit: "1单元",
		Number: fmt.Sprint(n),
		Kind:   "高层住宅", Area: "137.52", Occupancy: estate.Occupied, CreatedAt: tx.Now, UpdatedAt: tx.Now}}
	for i := range bills {
		due := tx.Today() + 10 - models.Date(30*i)
		b := fees.Bill{ID: models.NewID(), CommunityID: w.community.ID, RoomID: id, Item: feeItem, PeriodStart: due - 14, PeriodEnd: due +
			15,
			IssuedOn: due - 10, DueOn: due, Status: fees.BillUnpaid, PrincipalFen: models.Fen(11002 + n%500),
			Basis: `{"kind":"area","area":"137.52","price":"0.80","months":"1"}`, Source: fees.SourceRun, CreatedAt: tx.Now,
			UpdatedAt: tx.Now}
		b.SetLateRule(estate.DefaultLateRule())
		h.bills = append(h.bills, b)
	}
	return h
}

func (w world) insertHomes(tx *store.Tx, homes []home) error {
	var rooms []estate.Room
	var bills []fees.Bill
	var journal []money.JournalLine
	for i := range homes {
		h := &homes[i]
		rooms, bills = append(rooms, h.room), append(bills, h.bills...)
		h.due = h.due[:0]
		for _, b := range h.bills {
			state, err := billing.StateOf(b, billing.History{}, tx.Today())
			if err != nil {
				return err
			}
			h.due = append(h.due, state)
			journal = append(journal, money.JournalLine{Kind: money.JournalIssue, Debit: money.AccountReceivable,
				Credit:    money.AccountRevenue,
				AmountFen: b.PrincipalFen, CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID})
		}
	}
	if err := estate.InsertRooms(tx, rooms); err != nil {
		return err
	}
	for _, r := range rooms {
		if err := estate.Bind(tx, booker, w.user.ID, r.ID, estate.RoleOwner, "form"); err != nil {
			return err
		}
	}
	if _, err := fees.InsertBills(tx, bills, false); err != nil {
		return err
	}
	return money.Journal(tx, journal)
}

// booking is an open order with the content of WeChat's notification of its payment.
type booking struct {
	order       money.Order
	lines       []money.OrderLine
	home        home
	transaction string
}

// makeBookings adds rooms with three bills each, and for each room an open order that
// pays all three.
func makeBookings(ctx context.Context, cfg store.Config, n int) (_ []booking, err error) {
	db, err := openBooks(cfg)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Warm(ctx); err != nil {
		return nil, err
	}
	w, err := makeWorld(ctx, db, openID)
	if err != nil {
		return nil, err
	}
	homes, err := w.makeHomes(ctx, db, n, billsOfOrder)
	if err != nil {
		return nil, err
	}
	list := make([]booking, n)
	const chunk = 400
	for from := 0; from < n; from += chunk {
		err := db.Write(ctx, func(tx *store.Tx) error {
			for i := from; i < min(n, from+chunk); i++ {
				list[i] = w.newBooking(tx, homes[i])
				if err := money.InsertOrder(tx, &list[i].order, list[i].lines); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (w world) newBooking(tx *store.Tx, h home) booking {
	b := booking{home: h, transaction: "4200000001" + models.NewID()}
	hour := models.At(tx.Now.Add(time.Hour)) // so that no sweep asks during the measurement
	b.order = money.Order{No: models.NewID(), UserID: w.user.ID, RoomID: h.room.ID, CommunityID: w.community.ID, Merchant: merchantName,
		MchID: mchID,
		AppID: appID, OpenID: openID, AmountFen: h.total(), Status: money.OrderPending, QuotedOn: tx.Today(), Request: "{}",
		CreatedAt: tx.Now, ExpiresAt: hour, NextCheckAt: hour, UpdatedAt: tx.Now}
	for i := range h.due {
		st := &h.due[i]
		b.lines = append(b.lines, money.OrderLine{OrderNo: b.order.No, BillID: st.ID, PrincipalFen: st.OutstandingFen(),
			LateFeeFen: st.LateDueFen})
	}
	return b
}
