package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Kinds of lines in the state file.
const (
	recordOrder    = "order"
	recordRefund   = "refund"
	recordNotice   = "notice"
	recordAttempts = "attempts"
	recordUser     = "user"
	recordMessage  = "message"
	recordSeed     = "seed"
)

// replayed gathers the last record of each thing until all lines were read;
// only then do orders, refunds and notifications find each other.
type replayed struct {
	orders  map[orderKey]orderRecord
	refunds map[orderKey]refundRecord
	notices map[string]noticeRecord
}

// replay takes one line of the state file; a kind it does not know stops the
// start, because skipping it would quietly lose money.
func (s *Server) replay(kind string, value json.RawMessage) error {
	r := &s.replayed
	if r.orders == nil {
		*r = replayed{map[orderKey]orderRecord{}, map[orderKey]refundRecord{}, map[string]noticeRecord{}}
	}
	switch kind {
	case recordOrder:
		var rec orderRecord
		err := json.Unmarshal(value, &rec)
		r.orders[orderKey{rec.MchID, rec.OutTradeNo}] = rec
		return err
	case recordRefund:
		var rec refundRecord
		err := json.Unmarshal(value, &rec)
		r.refunds[orderKey{rec.MchID, rec.OutRefundNo}] = rec
		return err
	case recordNotice:
		var rec noticeRecord
		err := json.Unmarshal(value, &rec)
		r.notices[rec.EventID] = rec
		return err
	case recordAttempts:
		var update noticeUpdate
		err := json.Unmarshal(value, &update)
		rec := r.notices[update.EventID]
		rec.State, rec.Sent, rec.Attempts = update.State, update.Sent, update.Attempts
		r.notices[update.EventID] = rec
		return err
	case recordUser:
		return s.phones.replayUser(value)
	case recordMessage:
		id, err := s.phones.replayMessage(value)
		s.raiseSequence(id - firstMsgID)
		return err
	case recordSeed:
		var seed Seed
		if err := json.Unmarshal(value, &seed); err != nil {
			return err
		}
		return s.addSeed(seed)
	}
	return fmt.Errorf("unknown record %q", kind)
}

// finishReplay rebuilds the books. Records of a merchant that Config no
// longer has are left alone in the file.
func (s *Server) finishReplay() {
	r := s.replayed
	s.replayed = replayed{}
	var orders []*order
	for _, rec := range r.orders {
		if m := s.byMchID[rec.MchID]; m != nil {
			orders = append(orders, &order{m: m, rec: rec})
		}
	}
	slices.SortFunc(orders, func(a, b *order) int { return int(a.rec.Seq - b.rec.Seq) })
	for _, o := range orders {
		s.restoreOrder(o)
	}
	s.restoreRefunds(r.refunds)
	s.restoreNotices(r.notices)
}

// restoreOrder puts one order back under each of its numbers.
func (s *Server) restoreOrder(o *order) {
	r := &o.rec
	r.CreatedAt, r.ExpiresAt, r.PaidAt = inShanghai(r.CreatedAt), inShanghai(r.ExpiresAt), inShanghai(r.PaidAt)
	s.books.orders.put(o.key(), o)
	s.books.all.append(o)
	s.raiseSequence(r.Seq)
	if r.PrepayID != "" {
		s.books.byPrepay.put(r.PrepayID, prepay{o, r.PrepayAt})
	}
	if r.TransactionID == "" {
		return
	}
	s.books.byTransaction.put(r.TransactionID, o)
	if !r.Seeded {
		s.raiseSequence(tailNumber(r.TransactionID))
		s.dayOf(o.m, dateOf(r.PaidAt)).addPayment(o)
	}
}

// restoreRefunds comes after the orders, whose lists and days they join.
func (s *Server) restoreRefunds(records map[orderKey]refundRecord) {
	var refunds []*refund
	for key, rec := range records {
		if o, ok := s.books.orders.get(orderKey{key.mchID, rec.OutTradeNo}); ok {
			rec.CreatedAt, rec.SuccessAt = inShanghai(rec.CreatedAt), inShanghai(rec.SuccessAt)
			refunds = append(refunds, &refund{order: o, rec: rec})
		}
	}
	slices.SortFunc(refunds, func(a, b *refund) int { return int(a.rec.Seq - b.rec.Seq) })
	for _, f := range refunds {
		s.raiseSequence(f.rec.Seq)
		f.order.refunds = append(f.order.refunds, f)
		s.books.refunds.put(orderKey{f.rec.MchID, f.rec.OutRefundNo}, f)
		s.dayOf(f.order.m, dateOf(f.rec.CreatedAt)).addRefund(f)
		if f.rec.Status == RefundProcessing && s.cfg.RefundAfter > 0 {
			s.decideLater(f.rec.OutRefundNo, f.order.m)
		}
	}
}

// restoreNotices owes again what was not delivered; the next try is at once,
// because the real retry time passed while nobody was here.
func (s *Server) restoreNotices(records map[string]noticeRecord) {
	var notices []*notice
	for _, rec := range records {
		if m := s.byMchID[rec.MchID]; m != nil {
			notices = append(notices, &notice{m: m, rec: rec})
		}
	}
	slices.SortFunc(notices, func(a, b *notice) int { return a.rec.Created.Compare(b.rec.Created) })
	for _, n := range notices {
		if o, ok := s.books.orders.get(orderKey{n.rec.MchID, n.rec.OutTradeNo}); ok {
			o.notices = append(o.notices, n)
		}
		if n.rec.State == noticePending {
			s.post(n)
		}
	}
}

// raiseSequence keeps made-up numbers ahead of all that were given out.
func (s *Server) raiseSequence(used int64) {
	if used > s.sequence.Load() {
		s.sequence.Store(used)
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

// inShanghai gives a replayed time the zone it was written in; a JSON time
// comes back with a nameless one.
func inShanghai(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(shanghai)
}
