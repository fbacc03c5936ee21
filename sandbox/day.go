package sandbox

import (
	"sync"
	"time"
)

// dayKey is a merchant's business day, the unit of a bill.
type dayKey struct{ mchID, date string }

// entry is one line of a day's bill. Its order and refund are pointers, the
// rest is fixed when money moves, so a bill can be written without locks.
type entry struct {
	order  *order
	refund *refund // nil for a payment
	at     time.Time

	appID, subMchID, openID, bankType string
	transactionID, outTradeNo         string
	description, attach, deviceID     string
	refundID, outRefundNo             string
	totalFen, settleFen               int64 // settleFen is what the merchant gets of it
	refundFen, settleRefundFen        int64
	feeFen                            int64 // negative when a refund gives it back
}

// day is what one merchant's money did on one business day.
type day struct {
	date string
	rows sequence[*entry]

	mu     sync.Mutex
	netFen int64 // in less out, fees included; for the fund flow's balance
}

// dayOf finds or opens a day.
func (s *payService) dayOf(m *merchant, date string) *day {
	key := dayKey{m.MchID, date}
	if d, ok := s.books.days.get(key); ok {
		return d
	}
	d, _ := s.books.days.add(key, &day{date: date})
	return d
}

// isRefund reports whether the line is about a refund.
func (e *entry) isRefund() bool { return e.refund != nil }

// netFen is what the line changes in the merchant's balance.
func (e *entry) netFen() int64 { return e.settleFen - e.settleRefundFen - e.feeFen }

// add enters a line and moves the day's balance.
func (d *day) add(e *entry) {
	d.mu.Lock()
	d.netFen += e.netFen()
	d.mu.Unlock()
	d.rows.append(e)
}

// addPayment enters a payment. The order's mu is held.
func (d *day) addPayment(o *order) { d.add(paymentEntry(o)) }

// paymentEntry copies what a bill says about a payment. The order's mu is held
// or the order is not shared yet.
func paymentEntry(o *order) *entry {
	r := &o.rec
	return &entry{
		order: o, at: r.PaidAt, appID: r.AppID, subMchID: r.SubMchID, openID: r.payer(),
		bankType: r.BankType, transactionID: r.TransactionID, outTradeNo: r.OutTradeNo,
		description: r.Description, attach: r.Attach, deviceID: r.DeviceID,
		totalFen: r.TotalFen, settleFen: r.PayerTotalFen, feeFen: r.FeeFen,
	}
}

// addRefund enters a refund on the day it was accepted. The order's mu is held.
func (d *day) addRefund(f *refund) {
	e := paymentEntry(f.order)
	e.refund, e.at = f, f.rec.CreatedAt
	e.refundID, e.outRefundNo = f.rec.RefundID, f.rec.OutRefundNo
	e.totalFen, e.settleFen = 0, 0
	e.refundFen, e.settleRefundFen = f.rec.AmountFen, f.rec.PayerRefundFen
	e.feeFen = -f.rec.FeeReturnedFen
	d.add(e)
}

// netBefore sums the days before a date. There is one key a day, not one an
// order, so walking them is cheap.
func (s *payService) netBefore(m *merchant, date string) int64 {
	var sum int64
	s.books.days.each(func(key dayKey, d *day) bool {
		if key.mchID == m.MchID && key.date < date {
			d.mu.Lock()
			sum += d.netFen
			d.mu.Unlock()
		}
		return true
	})
	for _, run := range s.books.seeds.snapshot() {
		if run.m == m && run.Date < date {
			sum += run.netFen
		}
	}
	return sum
}
