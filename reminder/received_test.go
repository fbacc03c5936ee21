package reminder_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// paid books a payment of 110.35 yuan for the room, with the receipt queued in the
// same transaction.
func (w *world) paid(r estate.Room, u estate.User) money.Order {
	w.t.Helper()
	o := w.order(r, u, w.bill(r, "2026-03-15"))
	id := "4200" + o.No
	modelstest.Write(w.t, w.db, func(tx *store.Tx) error {
		p := money.Payment{
			ID: models.NewID(), Channel: money.ChannelWechat, OrderNo: &o.No, TransactionID: &id, Merchant: "main",
			CommunityID: r.CommunityID, RoomID: r.ID, UserID: u.ID, AmountFen: o.AmountFen, Source: money.LearnedByCallback, PaidAt: tx.Now,
			PaidOn: tx.Today(), BookedAt: tx.Now,
		}
		if err := money.PayOrder(tx, &o, id, tx.Now); err != nil {
			return err
		}
		if err := money.InsertPayment(tx, &p); err != nil {
			return err
		}
		return w.svc.PaymentReceived(tx, &o, &p)
	})
	return o
}

func TestReceiptGoesOutAtOnceAtAnyHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "2026-03-16 23:05")
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"payment_received": 1}, room)
	o := w.paid(room, u)
	if r := w.drain(); r.Sent != 1 {
		t.Errorf("%+v", r)
	}
	w.wantGot("payment_received")
	want := map[string]string{"thing1": room.Name(), "amount2": "110.35元", "time3": "2026年3月16日 23:05", "character_string4": o.No}
	if diff := cmp.Diff(want, w.sb.Messages(u.OpenID)[0].Values); diff != "" {
		t.Errorf("want (-), have (+)\n%s", diff)
	}
	w.drain()
	w.wantGot("payment_received")
}

// A receipt is no reminder: it counts for none of the room's limits.
func TestReceiptCountsForNoLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"payment_received": 3, "overdue": 1}, room)
	for range 3 {
		w.paid(room, u)
	}
	w.bill(room, "2026-03-14")
	w.drain()
	w.pass()
	w.wantGot("payment_received", "payment_received", "payment_received", "overdue")
}

func TestReceiptIsQueuedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"payment_received": 2}, room)
	o := w.paid(room, u)
	modelstest.Write(t, w.db, func(tx *store.Tx) error { return w.svc.PaymentReceived(tx, &o, nil) })
	w.drain()
	w.wantGot("payment_received")
}

// The phone asks for the agreement only after the payment: the receipt waits for
// it a while, and goes out when it comes.
func TestReceiptWaitsForTheAgreement(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u, silent := w.person(nil, room), w.person(nil, room)
	w.paid(room, u)
	w.paid(room, silent)
	if r := w.drain(); r.Deferred["no_quota"] != 2 {
		t.Errorf("%+v", r)
	}
	if r := w.drain(); r.Deferred["no_quota"] != 0 {
		t.Errorf("%+v", r)
	}
	w.agree(u, "payment_received")
	if r := w.drain(); r.Sent != 1 {
		t.Errorf("%+v", r)
	}
	w.real.Advance(3 * time.Minute)
	if r := w.drain(); r.Skipped["no_quota"] != 1 {
		t.Errorf("%+v", r)
	}
	w.wantGot("payment_received")
}

func TestReceiptOfYesterdayIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"payment_received": 1}, room)
	w.paid(room, u)
	w.clock.Advance(25 * time.Hour)
	if r := w.drain(); r.Skipped["stale"] != 1 || w.left(u, "payment_received") != 1 {
		t.Errorf("%+v", r)
	}
}

// Without its template nothing is written at all, and the booking goes on.
func TestReceiptWithoutTemplate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	delete(w.conf.Templates, "payment_received")
	w.svc = w.service(w.db)
	room := modelstest.Room(t, w.db)
	w.paid(room, w.person(nil, room))
	list, err := messages.NoticesOfRoom(w.db.View(context.Background()), room.ID, 10)
	if err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}
