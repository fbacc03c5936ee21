package money_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// A payment is read as it was written, by each of the doors.
func TestPaymentRoundTrip(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	want := newPayment(t, db, r, func(p *money.Payment) { p.UserID, p.SurplusFen = models.NewID(), 7 })
	cash := newPayment(t, db, r, func(p *money.Payment) {
		p.Channel, p.Source, p.OrderNo, p.TransactionID = money.ChannelCash, money.LearnedByDesk, nil, nil
		p.PaidAt = models.At(today.Start())
	})
	got, err := money.PaymentByID(view(db), want.ID)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("PaymentByID: %v\n%s", err, diff)
	}
	got, err = money.PaymentOfOrder(view(db), *want.OrderNo)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("PaymentOfOrder: %v\n%s", err, diff)
	}
	list, err := money.PaymentsOfRoom(view(db), r.ID, 10)
	if diff := cmp.Diff([]money.Payment{want, cash}, list); diff != "" || err != nil {
		t.Errorf("PaymentsOfRoom: %v\n%s", err, diff)
	}
	if list, err := money.PaymentsOfRoom(view(db), r.ID, 1); len(list) != 1 || list[0].ID != want.ID || err != nil {
		t.Errorf("the newest: %+v, %v", list, err)
	}
	_, err = money.PaymentByID(view(db), models.NewID())
	is(t, "no payment", err, models.ErrNotFound)
	_, err = money.PaymentByID(view(db), "收款")
	is(t, "no id", err, models.ErrNotFound)
	_, err = money.PaymentOfOrder(view(db), models.NewID())
	is(t, "an order that is not paid", err, models.ErrNotFound)
}

// An order and a transaction are booked once.
func TestPaymentIsBookedOnce(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	p := newPayment(t, db, modelstest.Room(t, db))
	fresh := "fresh"
	for name, change := range map[string]func(p *money.Payment){
		"the order again":       func(p *money.Payment) { p.TransactionID = &fresh },
		"the transaction again": func(p *money.Payment) { p.OrderNo = &fresh },
	} {
		again := p
		again.ID = models.NewID()
		change(&again)
		is(t, name, write(db, func(tx *store.Tx) error { return money.InsertPayment(tx, &again) }), money.ErrPaymentExists)
	}
	if list, err := money.PaymentsOfRoom(view(db), p.RoomID, 10); len(list) != 1 || err != nil {
		t.Errorf("%d payments, %v", len(list), err)
	}
}

// The day of a payment is the day it was paid; sums and streams of a day take WeChat's
// of one merchant alone.
func TestPaymentsOfADay(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	paid := func(on models.Date, fen models.Fen, with ...func(*money.Payment)) money.Payment {
		return newPayment(t, db, r, append(with, func(p *money.Payment) {
			p.AmountFen, p.PaidOn, p.PaidAt = fen, on, models.At(on.Start().Add(time.Hour))
		})...)
	}
	a := paid(today, 1000)
	healed := paid(today, 200, func(p *money.Payment) { p.Source = money.LearnedByReconcile })
	paid(today-1, 30)
	paid(today, 4, func(p *money.Payment) { p.Merchant = "branch" })
	paid(today, 50000, func(p *money.Payment) { p.Channel, p.OrderNo, p.TransactionID = money.ChannelCash, nil, nil })

	seen := map[string]money.PaidOrder{}
	err := money.EachPaidOrder(view(db), "main", today, func(p money.PaidOrder) error {
		seen[p.OrderNo] = p
		return nil
	})
	want := map[string]money.PaidOrder{
		*a.OrderNo:      {OrderNo: *a.OrderNo, TransactionID: *a.TransactionID, AmountFen: 1000},
		*healed.OrderNo: {OrderNo: *healed.OrderNo, TransactionID: *healed.TransactionID, AmountFen: 200},
	}
	if diff := cmp.Diff(want, seen); diff != "" || err != nil {
		t.Errorf("EachPaidOrder: %v\n%s", err, diff)
	}
	stop := models.ErrNotFound
	is(t, "a stream that is stopped", money.EachPaidOrder(view(db), "main", today, func(money.PaidOrder) error { return stop }), stop)

	sums, err := money.SumPaidOrders(view(db), "main", today)
	if (sums != money.PaidOrderSums{Count: 2, SumFen: 1200, Healed: 1}) || err != nil {
		t.Errorf("SumPaidOrders: %+v, %v", sums, err)
	}
	if sums, err := money.SumPaidOrders(view(db), "main", today+1); (sums != money.PaidOrderSums{}) || err != nil {
		t.Errorf("of a day without payments: %+v, %v", sums, err)
	}
	takings, err := money.TakingsOn(view(db), money.ChannelWechat, today)
	if (takings != money.Takings{Count: 3, SumFen: 1204}) || err != nil {
		t.Errorf("TakingsOn: %+v, %v", takings, err)
	}
	learned, err := money.PaymentsLearnedBy(view(db), money.LearnedByReconcile, "main", today)
	if len(learned) != 1 || learned[0].ID != healed.ID || err != nil {
		t.Errorf("PaymentsLearnedBy: %+v, %v", learned, err)
	}
}

// Each channel that brings money has a name and an account, and the desk offers no other.
func TestChannels(t *testing.T) {
	t.Parallel()
	for channel := range money.ChannelNames {
		if (money.MoneyAccounts[channel] == "") != (channel == money.ChannelOffset) {
			t.Errorf("%s enters the account %q", channel, money.MoneyAccounts[channel])
		}
	}
	for _, channel := range money.DeskChannels {
		if money.ChannelNames[channel] == "" || channel == money.ChannelWechat || channel == money.ChannelOffset {
			t.Errorf("the desk offers %q", channel)
		}
	}
}

// A payment is undone once, and the reversal is found by the payment and by the room.
func TestReversal(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	p, standing := newPayment(t, db, r), newPayment(t, db, r)
	undo := money.PaymentReversal{
		PaymentID: p.ID, CommunityID: r.CommunityID, RoomID: r.ID, Channel: money.ChannelCheque, AmountFen: 100,
		StaffID: models.NewID(), DayOn: today, Reason: "退票", ByID: models.NewID(), ByName: "甲",
	}
	reverse := func() error { return write(db, func(tx *store.Tx) error { return money.InsertReversal(tx, &undo) }) }
	if err := reverse(); err != nil || undo.ID == "" || undo.CreatedAt != db.Now() {
		t.Fatalf("%+v, %v", undo, err)
	}
	kept := undo
	is(t, "again", reverse(), money.ErrReversed)
	got, err := money.ReversalOf(view(db), p.ID)
	if diff := cmp.Diff(kept, got); diff != "" || err != nil {
		t.Errorf("ReversalOf: %v\n%s", err, diff)
	}
	_, err = money.ReversalOf(view(db), standing.ID)
	is(t, "a payment that stands", err, models.ErrNotFound)
	by, err := money.ReversedPayments(view(db), r.ID)
	if diff := cmp.Diff(map[string]money.PaymentReversal{p.ID: kept}, by); diff != "" || err != nil {
		t.Errorf("ReversedPayments: %v\n%s", err, diff)
	}
	if by, err := money.ReversedPayments(view(db), modelstest.Room(t, db).ID); len(by) != 0 || err != nil {
		t.Errorf("of another room: %v, %v", by, err)
	}
}
