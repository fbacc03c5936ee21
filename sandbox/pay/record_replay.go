package pay

import (
	"encoding/json"
	"slices"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/pay/notice"
)

// The kinds of lines in the state file.
const (
	recordOrder  = "order"
	recordRefund = "refund"
	recordSeed   = "seed"
)

// replayed holds the last record of each order and refund until all lines were read.
// Only then orders, refunds and notifications can find each other.
type replayed struct {
	orders  map[orderKey]orderRecord
	refunds map[orderKey]refundRecord
}

// Replay takes one line of the state file. It reports in known whether the line is
// about orders, refunds, seeds or notifications.
func (s *Service) Replay(kind string, value json.RawMessage) (known bool, err error) {
	r := &s.replayed
	if r.orders == nil {
		*r = replayed{map[orderKey]orderRecord{}, map[orderKey]refundRecord{}}
	}
	switch kind {
	case recordOrder:
		var rec orderRecord
		err := json.Unmarshal(value, &rec)
		r.orders[orderKey{rec.MchID, rec.OutTradeNo}] = rec
		return true, err
	case recordRefund:
		var rec refundRecord
		err := json.Unmarshal(value, &rec)
		r.refunds[orderKey{rec.MchID, rec.OutRefundNo}] = rec
		return true, err
	case recordSeed:
		var seed Seed
		if err := json.Unmarshal(value, &seed); err != nil {
			return true, err
		}
		return true, s.addSeed(seed)
	}
	return s.notices.Replay(kind, value)
}

// FinishReplay builds the books from the lines. The records of a merchant that the
// configuration no longer has stay in the file unused.
func (s *Service) FinishReplay() {
	r := s.replayed
	s.replayed = replayed{}
	var orders []*order
	for _, rec := range r.orders {
		if m := s.merchants.ByMchID[rec.MchID]; m != nil {
			orders = append(orders, &order{m: m, rec: rec})
		}
	}
	slices.SortFunc(orders, func(a, b *order) int { return int(a.rec.Seq - b.rec.Seq) })
	for _, o := range orders {
		s.restoreOrder(o)
	}
	s.restoreRefunds(r.refunds)
	s.notices.Restore(func(mchID, outTradeNo string, n *notice.Notice) {
		if o, ok := s.books.orders.Get(orderKey{mchID, outTradeNo}); ok {
			o.notices = append(o.notices, n)
		}
	})
}

// restoreOrder enters an order under each of its numbers.
func (s *Service) restoreOrder(o *order) {
	r := &o.rec
	r.CreatedAt, r.ExpiresAt, r.PaidAt = core.InShanghai(r.CreatedAt), core.InShanghai(r.ExpiresAt), core.InShanghai(r.PaidAt)
	s.books.orders.Put(o.key(), o)
	s.books.all.Append(o)
	s.core.Raise(r.Seq)
	if r.PrepayID != "" {
		s.books.byPrepay.Put(r.PrepayID, prepay{o, r.PrepayAt})
	}
	if r.TransactionID == "" {
		return
	}
	s.books.byTransaction.Put(r.TransactionID, o)
	if !r.Seeded {
		s.core.Raise(tailNumber(r.TransactionID))
		s.dayOf(o.m, core.DateOf(r.PaidAt)).addPayment(o)
	}
}

// restoreRefunds enters the refunds into their orders and days, which are there
// already.
func (s *Service) restoreRefunds(records map[orderKey]refundRecord) {
	var refunds []*refund
	for key, rec := range records {
		if o, ok := s.books.orders.Get(orderKey{key.mchID, rec.OutTradeNo}); ok {
			rec.CreatedAt, rec.SuccessAt = core.InShanghai(rec.CreatedAt), core.InShanghai(rec.SuccessAt)
			refunds = append(refunds, &refund{order: o, rec: rec})
		}
	}
	slices.SortFunc(refunds, func(a, b *refund) int { return int(a.rec.Seq - b.rec.Seq) })
	for _, f := range refunds {
		s.core.Raise(f.rec.Seq)
		f.order.refunds = append(f.order.refunds, f)
		s.books.refunds.Put(orderKey{f.rec.MchID, f.rec.OutRefundNo}, f)
		s.dayOf(f.order.m, core.DateOf(f.rec.CreatedAt)).addRefund(f)
		if f.rec.Status == RefundProcessing && s.core.Config.RefundAfter > 0 {
			s.decideLater(f.rec.OutRefundNo, f.order.m)
		}
	}
}

// tailNumber returns the counter at the end of a transaction id.
func tailNumber(id string) (n int64) {
	if len(id) < 10 {
		return 0
	}
	for _, c := range id[len(id)-10:] {
		n = n*10 + int64(c-'0')
	}
	return n
}
