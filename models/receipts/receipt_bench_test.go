package receipts_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// BenchmarkReceipt books payments of one community from 16 goroutines: without a
// receipt, with one that is numbered afterwards, and with one whose number is taken
// from the series in the booking itself. The third is what the design does not do.
func BenchmarkReceipt(b *testing.B) {
	for _, way := range []string{"none", "afterwards", "in the booking"} {
		b.Run(way, func(b *testing.B) {
			db := modelstest.Open(b)
			rooms := make([]estate.Room, 64)
			for i := range rooms {
				rooms[i] = modelstest.Room(b, db)
			}
			user := modelstest.User(b, db, rooms[0])
			var n atomic.Int64
			b.SetParallelism(8)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					i := n.Add(1)
					modelstest.Write(b, db, func(tx *store.Tx) error { return book(tx, way, rooms[i%64], user, i) })
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "bookings/s")
		})
	}
}

// book is a booking in short: an order paid and put into prepayment.
func book(tx *store.Tx, way string, room estate.Room, user estate.User, i int64) error {
	no, transaction := models.NewID(), fmt.Sprintf("4200%d", i)
	o := money.Order{No: no, UserID: user.ID, RoomID: room.ID, CommunityID: room.CommunityID, Merchant: "main", MchID: "1", AppID: "wx",
		OpenID: "o", AmountFen: 100, PrepayFen: 100,
		Status: money.OrderPending, QuotedOn: tx.Today(), CreatedAt: tx.Now, UpdatedAt: tx.Now}
	p := money.Payment{ID: models.NewID(), Channel: money.ChannelWechat, OrderNo: &no, TransactionID: &transaction, Merchant: "main",
		CommunityID: room.CommunityID, RoomID: room.ID,
		AmountFen: 100, Source: money.LearnedByCallback, PaidAt: tx.Now, PaidOn: tx.Today(), BookedAt: tx.Now}
	r := receipts.Receipt{PaymentID: p.ID, CommunityID: p.CommunityID, RoomID: p.RoomID, Channel: p.Channel, Version: 1,
		AmountFen: 100, PaidAt: p.PaidAt}
	steps := []func() error{
		func() error { return money.InsertOrder(tx, &o, nil) },
		func() error { return money.PayOrder(tx, &o, transaction, tx.Now) },
		func() error { return money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 100, p.ID, "") },
		func() error {
			return money.Journal(tx, []money.JournalLine{{Kind: money.JournalTopup, Debit: money.AccountWechat,
				Credit:    money.AccountPrepaid,
				AmountFen: 100, CommunityID: room.CommunityID, RoomID: room.ID, PaymentID: p.ID}})
		},
		func() error { return money.InsertPayment(tx, &p) },
	}
	if way != "none" {
		steps = append(steps, func() error {
			return receipts.InsertReceipt(tx, &r, []receipts.ReceiptLine{{Kind: receipts.ReceiptPrepaid, PrincipalFen: 100}})
		})
	}
	if way == "in the booking" {
		steps = append(steps, func() error {
			s := receipts.ReceiptSeries{CommunityID: room.CommunityID, Year: tx.Today().Year()}
			last, err := receipts.LockReceiptSeries(tx, s)
			if err == nil {
				err = receipts.NumberReceipt(tx, &r, last+1, receipts.ReceiptParty{})
			}
			if err == nil {
				err = receipts.SetReceiptSeries(tx, s, last, last+1)
			}
			return err
		})
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
