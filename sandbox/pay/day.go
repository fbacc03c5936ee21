package pay

import (
	"sync"
	"time"

	"wuyepay/sandbox/pay/merchant"
	"wuyepay/sandbox/store"
)

// dayKey is a merchant's business day, the unit of a bill.
type dayKey struct{ mchID, date string }

// Entry is one line of a day's bill. Its order and refund are pointers; the rest is
// fixed when money moves, so a bill can be written without locks.
type Entry struct {
	order  *order
	refund *refund // nil for a payment
	At     time.Time

	AppID, SubMchID, OpenID, BankType string
	TransactionID, OutTradeNo         string
	Description, Attach, DeviceID     string
	RefundID, OutRefundNo             string
	TotalFen, SettleFen               int64 // SettleFen is what the merchant gets of TotalFen
	RefundFen, SettleRefundFen        int64
	FeeFen                            int64 // negative in a refund, which gives it back
}

// day holds what one merchant's money did on one business day.
type day struct {
	date string
	rows store.List[*Entry]

	mu     sync.Mutex
	netFen int64 // money in less money out, fees included
}

// dayOf returns a day and makes it if it is new.
func (s *Service) dayOf(m *merchant.Merchant, date string) *day {
	key := dayKey{m.MchID, date}
	if d, ok := s.books.days.Get(key); ok {
		return d
	}
	d, _ := s.books.days.Add(key, &day{date: date})
	return d
}

// IsRefund reports whether the line is about a refund.
func (e *Entry) IsRefund() bool { return e.refund != nil }

// netFen returns how the line changes the merchant's balance.
func (e *Entry) netFen() int64 { return e.SettleFen - e.SettleRefundFen - e.FeeFen }

// add appends a line and moves the day's balance.
func (d *day) add(e *Entry) {
	d.mu.Lock()
	d.netFen += e.netFen()
	d.mu.Unlock()
	d.rows.Append(e)
}

// addPayment appends a payment. The caller holds the order's mu.
func (d *day) addPayment(o *order) { d.add(paymentEntry(o)) }

// paymentEntry copies what a bill says about a payment. The caller holds the order's
// mu, or is the only one who knows the order.
func paymentEntry(o *order) *Entry {
	r := &o.rec
	return &Entry{
		order: o, At: r.PaidAt, AppID: r.AppID, SubMchID: r.SubMchID, OpenID: r.payer(),
		BankType: r.BankType, TransactionID: r.TransactionID, OutTradeNo: r.OutTradeNo,
		Description: r.Description, Attach: r.Attach, DeviceID: r.DeviceID,
		TotalFen: r.TotalFen, SettleFen: r.PayerTotalFen, FeeFen: r.FeeFen,
	}
}

// addRefund appends a refund on the day on which it was accepted. The caller holds the
// order's mu.
func (d *day) addRefund(f *refund) {
	e := paymentEntry(f.order)
	e.refund, e.At = f, f.rec.CreatedAt
	e.RefundID, e.OutRefundNo = f.rec.RefundID, f.rec.OutRefundNo
	e.TotalFen, e.SettleFen = 0, 0
	e.RefundFen, e.SettleRefundFen = f.rec.AmountFen, f.rec.PayerRefundFen
	e.FeeFen = -f.rec.FeeReturnedFen
	d.add(e)
}

// NetBefore returns a merchant's balance at the beginning of a day. It walks one key a
// day, not one an order.
func (s *Service) NetBefore(m *merchant.Merchant, date string) int64 {
	var sum int64
	s.books.days.Each(func(key dayKey, d *day) bool {
		if key.mchID == m.MchID && key.date < date {
			d.mu.Lock()
			sum += d.netFen
			d.mu.Unlock()
		}
		return true
	})
	for _, run := range s.books.seeds.Snapshot() {
		if run.m == m && run.Date < date {
			sum += run.netFen
		}
	}
	return sum
}
