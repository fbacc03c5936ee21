package sandbox

import (
	"encoding/json"
	"slices"
)

// Kinds of lines in the state file.
const (
	recordOrder  = "order"
	recordRefund = "refund"
	recordSeed   = "seed"
)

// replayed gathers the last record of each thing until all lines were read;
// only then do orders, refunds and notifications find each other.
type replayed struct {
	orders  map[orderKey]orderRecord
	refunds map[orderKey]refundRecord
}

// replay takes one line of the state file; known is false if it is not about
// orders.
func (s *payService) replay(kind string, value json.RawMessage) (known bool, err error) {
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
	return s.notices.replay(kind, value)
}

// finishReplay rebuilds the books. Records of a merchant that Config no
// longer has are left alone in the file.
func (s *payService) finishReplay() {
	r := s.replayed
	s.replayed = replayed{}
	var orders []*order
	for _, rec := range r.orders {
		if m := s.merchants.byMchID[rec.MchID]; m != nil {
			orders = append(orders, &order{m: m, rec: rec})
		}
	}
	slices.SortFunc(orders, func(a, b *order) int { return int(a.rec.Seq - b.rec.Seq) })
	for _, o := range orders {
		s.restoreOrder(o)
	}
	s.restoreRefunds(r.refunds)
	s.notices.restore(func(mchID, outTradeNo string, n *notice) {
		if o, ok := s.books.orders.get(orderKey{mchID, outTradeNo}); ok {
			o.notices = append(o.notices, n)
		}
	})
}

// restoreOrder puts one order back under each of its numbers.
func (s *payService) restoreOrder(o *order) {
	r := &o.rec
	r.CreatedAt, r.ExpiresAt, r.PaidAt = inShanghai(r.CreatedAt), inShanghai(r.ExpiresAt), inShanghai(r.PaidAt)
	s.books.orders.put(o.key(), o)
	s.books.all.append(o)
	s.core.raise(r.Seq)
	if r.PrepayID != "" {
		s.books.byPrepay.put(r.PrepayID, prepay{o, r.PrepayAt})
	}
	if r.TransactionID == "" {
		return
	}
	s.books.byTransaction.put(r.TransactionID, o)
	if !r.Seeded {
		s.core.raise(tailNumber(r.TransactionID))
		s.dayOf(o.m, dateOf(r.PaidAt)).addPayment(o)
	}
}

// restoreRefunds comes after the orders, whose lists and days they join.
func (s *payService) restoreRefunds(records map[orderKey]refundRecord) {
	var refunds []*refund
	for key, rec := range records {
		if o, ok := s.books.orders.get(orderKey{key.mchID, rec.OutTradeNo}); ok {
			rec.CreatedAt, rec.SuccessAt = inShanghai(rec.CreatedAt), inShanghai(rec.SuccessAt)
			refunds = append(refunds, &refund{order: o, rec: rec})
		}
	}
	slices.SortFunc(refunds, func(a, b *refund) int { return int(a.rec.Seq - b.rec.Seq) })
	for _, f := range refunds {
		s.core.raise(f.rec.Seq)
		f.order.refunds = append(f.order.refunds, f)
		s.books.refunds.put(orderKey{f.rec.MchID, f.rec.OutRefundNo}, f)
		s.dayOf(f.order.m, dateOf(f.rec.CreatedAt)).addRefund(f)
		if f.rec.Status == RefundProcessing && s.core.cfg.RefundAfter > 0 {
			s.decideLater(f.rec.OutRefundNo, f.order.m)
		}
	}
}

// tailNumber is the counter at the end of a transaction id.
func tailNumber(id string) (n int64) {
	if len(id) < 10 {
		return 0
	}
	for _, c := range id[len(id)-10:] {
		n = n*10 + int64(c-'0')
	}
	return n
}
