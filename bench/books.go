package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
)

const (
	openID       = "oBench00000000000000000000"
	billsOfOrder = 3
	feeItem      = "物业服务费"
	merchantName = "main"
)

// booker is who makes the rows in the audit log.
var booker = models.SystemActor("bench")

// world is a community with one person, whose token opens all rooms made for them.
type world struct {
	community models.Community
	user      models.User
	token     string
}

func makeWorld(ctx context.Context, db *models.DB, payer string) (w world, err error) {
	err = db.Write(ctx, func(tx *models.Tx) error {
		if w.community, _, err = tx.EnsureCommunity(booker, "测量小区"); err != nil {
			return err
		}
		if w.user, err = tx.EnsureUser(appID, payer, ""); err != nil {
			return err
		}
		w.token, _, err = tx.StartSession(models.SessionUser, w.user.ID, 24*time.Hour)
		return err
	})
	return w, err
}

// home is a room with open bills as of today.
type home struct {
	room  models.Room
	bills []models.Bill
	due   []billing.BillState
}

// total is what the room owes today.
func (h *home) total() (sum models.Fen) {
	for i := range h.due {
		sum = sum.Plus(h.due[i].DueFen)
	}
	return sum
}

// makeHomes adds rooms with some bills each, bound to the person: one bill is not
// due yet, the others are some days over.
func (w world) makeHomes(ctx context.Context, db *models.DB, rooms, bills int) ([]home, error) {
	const chunk = 400
	homes := make([]home, 0, rooms)
	for len(homes) < rooms {
		part := make([]home, min(chunk, rooms-len(homes)))
		err := db.Write(ctx, func(tx *models.Tx) error {
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

func (w world) newHome(tx *models.Tx, n, bills int) home {
	id := models.NewID()
	h := home{room: models.Room{ID: id, CommunityID: w.community.ID, Code: id, CodeKey: id, Building: "1栋", Unit: "1单元", Number: fmt.Sprint(n),
		Kind: "高层住宅", Area: "137.52", Occupancy: models.Occupied, CreatedAt: tx.Now, UpdatedAt: tx.Now}}
	for i := range bills {
		due := tx.Today() + 10 - models.Date(30*i)
		b := models.Bill{ID: models.NewID(), CommunityID: w.community.ID, RoomID: id, Item: feeItem, PeriodStart: due - 14, PeriodEnd: due + 15,
			IssuedOn: due - 10, DueOn: due, Status: models.BillUnpaid, PrincipalFen: models.Fen(11002 + n%500),
			Basis: `{"kind":"area","area":"137.52","price":"0.80","months":"1"}`, Source: models.SourceRun, CreatedAt: tx.Now, UpdatedAt: tx.Now}
		b.SetLateRule(models.DefaultLateRule())
		h.bills = append(h.bills, b)
	}
	return h
}

func (w world) insertHomes(tx *models.Tx, homes []home) error {
	var rooms []models.Room
	var bills []models.Bill
	var journal []models.JournalLine
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
			journal = append(journal, models.JournalLine{Kind: models.JournalIssue, Debit: models.AccountReceivable, Credit: models.AccountRevenue,
				AmountFen: b.PrincipalFen, CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID})
		}
	}
	if err := tx.InsertRooms(rooms); err != nil {
		return err
	}
	for _, r := range rooms {
		if err := tx.Bind(booker, w.user.ID, r.ID, models.RoleOwner, "form"); err != nil {
			return err
		}
	}
	if _, err := tx.InsertBills(bills, false); err != nil {
		return err
	}
	return tx.Journal(journal)
}

// booking is an open order and what WeChat's notification of its payment says.
type booking struct {
	order       models.Order
	lines       []models.OrderLine
	home        home
	transaction string
}

// makeBookings adds rooms with three bills each, and an open order for each room
// that pays them all.
func makeBookings(ctx context.Context, cfg models.Config, n int) (_ []booking, err error) {
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
		err := db.Write(ctx, func(tx *models.Tx) error {
			for i := from; i < min(n, from+chunk); i++ {
				list[i] = w.newBooking(tx, homes[i])
				if err := tx.InsertOrder(&list[i].order, list[i].lines); err != nil {
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

func (w world) newBooking(tx *models.Tx, h home) booking {
	b := booking{home: h, transaction: "4200000001" + models.NewID()}
	hour := models.At(tx.Now.Add(time.Hour)) // no sweep asks before the measurement is over
	b.order = models.Order{No: models.NewID(), UserID: w.user.ID, RoomID: h.room.ID, CommunityID: w.community.ID, Merchant: merchantName, MchID: mchID,
		AppID: appID, OpenID: openID, AmountFen: h.total(), Status: models.OrderPending, QuotedOn: tx.Today(), Request: "{}",
		CreatedAt: tx.Now, ExpiresAt: hour, NextCheckAt: hour, UpdatedAt: tx.Now}
	for i := range h.due {
		st := &h.due[i]
		b.lines = append(b.lines, models.OrderLine{OrderNo: b.order.No, BillID: st.ID, PrincipalFen: st.OutstandingFen(), LateFeeFen: st.LateDueFen})
	}
	return b
}
