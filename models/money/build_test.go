package money_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// today is the business day on which the clock of a test database stands.
var today = models.DateOf(modelstest.Start)

// view returns a reader of the database.
func view(db *store.DB) *store.Tx { return db.View(context.Background()) }

// write runs fn in a transaction and returns its error.
func write(db *store.DB, fn func(tx *store.Tx) error) error {
	return db.Write(context.Background(), fn)
}

// newOrder makes a pending order of the room over whole bills, or over 100 fen of
// prepayment without one; with changes the order before it is kept.
func newOrder(t *testing.T, db *store.DB, r estate.Room, bills []fees.Bill, with ...func(*money.Order)) money.Order {
	t.Helper()
	now := db.Now()
	o := money.Order{
		No: models.NewID(), UserID: models.NewID(), RoomID: r.ID, CommunityID: r.CommunityID, Merchant: "main", MchID: "1900000001",
		AppID: "wxtest", OpenID: "openid", AmountFen: 100, PrepayFen: 100, Status: money.OrderPending, QuotedOn: db.Today(), Request: "{}",
		CreatedAt: now, ExpiresAt: models.At(now.Add(time.Hour)), NextCheckAt: now, UpdatedAt: now,
	}
	var lines []money.OrderLine
	for _, b := range bills {
		lines = append(lines, money.OrderLine{BillID: b.ID, PrincipalFen: b.PrincipalFen})
	}
	if len(lines) > 0 {
		o.AmountFen, o.PrepayFen = 0, 0
		for _, l := range lines {
			o.AmountFen += l.TotalFen()
		}
	}
	for _, f := range with {
		f(&o)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.InsertOrder(tx, &o, lines) })
	return o
}

// newPayment makes a payment of 100 fen by WeChat, paid now, for an order of its own
// number; with changes the payment before it is kept.
func newPayment(t *testing.T, db *store.DB, r estate.Room, with ...func(*money.Payment)) money.Payment {
	t.Helper()
	no, transaction, now := models.NewID(), "4200"+models.NewID(), db.Now()
	p := money.Payment{
		ID: models.NewID(), Channel: money.ChannelWechat, OrderNo: &no, TransactionID: &transaction, Merchant: "main",
		CommunityID: r.CommunityID, RoomID: r.ID, AmountFen: 100, Source: money.LearnedByCallback, PaidAt: now, PaidOn: now.Date(),
		BookedAt: now,
	}
	for _, f := range with {
		f(&p)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.InsertPayment(tx, &p) })
	return p
}

// newRefund makes a refund of 100 fen of the payment that staff have asked for, with a
// line of prepayment, and holds its amount; with changes the refund before it is kept.
func newRefund(t *testing.T, db *store.DB, p money.Payment, with ...func(*money.Refund)) money.Refund {
	t.Helper()
	r := money.Refund{
		No: models.NewID(), PaymentID: p.ID, Merchant: p.Merchant, CommunityID: p.CommunityID, RoomID: p.RoomID,
		Origin: money.RefundByStaff, Channel: money.ChannelWechat, AmountFen: 100, TotalFen: p.AmountFen, PrepaidFen: 100,
		BillAfter: money.BillsOwed, Reason: "重复缴费", Status: money.RefundAsked, Asked: models.Actor{Kind: models.ActorStaff, ID: "s1",
			Name: "甲"},
	}
	if p.OrderNo != nil {
		r.OrderNo = *p.OrderNo
	}
	for _, f := range with {
		f(&r)
	}
	if r.Status != money.RefundAsked {
		r.Decided = models.Actor{Kind: models.ActorStaff, ID: "s2", Name: "乙"}
	}
	if r.Status == money.RefundSuccess {
		r.BookedAt = db.Now()
	}
	line := money.RefundLine{PrepaidFen: r.AmountFen}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		if _, err := money.HoldRefund(tx, p, r.AmountFen); err != nil {
			return err
		}
		return money.InsertRefund(tx, &r, []money.RefundLine{line})
	})
	return r
}

// set changes a row past all rules.
func set(t *testing.T, db *store.DB, query string, args ...any) {
	t.Helper()
	if err := modelstest.Exec(context.Background(), db, query, args...); err != nil {
		t.Fatal(err)
	}
}

// is fails the test unless err is want; nil wants success.
func is(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func ordersNos(list []money.Order) (out []string) {
	for _, o := range list {
		out = append(out, o.No)
	}
	return out
}
