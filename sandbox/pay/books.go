package pay

import (
	"fmt"
	"iter"
	"slices"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/pay/merchant"
	"wuyepay/sandbox/store"
)

// books holds every order and refund by each of its numbers, in the order of creation,
// and by the day on which money moved.
type books struct {
	orders        store.Index[orderKey, *order]
	byTransaction store.Index[string, *order]
	byPrepay      store.Index[string, prepay]
	refunds       store.Index[orderKey, *refund] // by mch id and out_refund_no
	all           store.List[*order]
	days          store.Index[dayKey, *day]
	seeds         store.List[*seedRun]
}

// find returns a merchant's order with an out_trade_no, seeded orders included, or nil.
func (s *Service) find(m *merchant.Merchant, outTradeNo string) *order {
	if o, ok := s.books.orders.Get(orderKey{m.MchID, outTradeNo}); ok {
		return o
	}
	return s.materialize(m, func(run *seedRun) (int, bool) { return run.indexOfNo(outTradeNo) })
}

// findPaid returns a merchant's order with a transaction id, or nil.
func (s *Service) findPaid(m *merchant.Merchant, transactionID string) *order {
	o, ok := s.books.byTransaction.Get(transactionID)
	if ok && o.m == m {
		return o
	}
	return s.materialize(m, func(run *seedRun) (int, bool) { return run.indexOfID(transactionID) })
}

// anywhere returns the order with an out_trade_no at any merchant. A number that two
// merchants use is an error, because the caller cannot mean both.
func (s *Service) anywhere(outTradeNo string) (*order, error) {
	var found *order
	for _, m := range s.merchants.List {
		o := s.find(m, outTradeNo)
		if o != nil && found != nil {
			return nil, fmt.Errorf("sandbox: order %s exists at two merchants", outTradeNo)
		}
		if o != nil {
			found = o
		}
	}
	if found == nil {
		return nil, fmt.Errorf("order %s: %w", outTradeNo, core.ErrNotFound)
	}
	return found, nil
}

// Order returns the order with a number. It returns [core.ErrNotFound] if there is
// none.
func (s *Service) Order(outTradeNo string) (Transaction, error) {
	o, err := s.anywhere(outTradeNo)
	if err != nil {
		return Transaction{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.expire(s.core.Now())
	return o.transaction(), nil
}

// Books returns every order in the order of creation, unpaid ones too. A seeded order
// appears only after something asked for it by its number; [Service.Transactions] has
// them all.
func (s *Service) Books() iter.Seq[Transaction] {
	return func(yield func(Transaction) bool) {
		now := s.core.Now()
		for _, o := range s.books.all.Snapshot() {
			o.mu.Lock()
			o.expire(now)
			t := o.transaction()
			o.mu.Unlock()
			if !yield(t) {
				return
			}
		}
	}
}

// Transactions returns the orders that were paid on a business day (yyyy-MM-dd) at any
// merchant, as they stand now. It includes seeded orders.
func (s *Service) Transactions(date string) []Transaction {
	var list []Transaction
	for t := range s.PaidOn(date) {
		list = append(list, t)
	}
	return list
}

// PaidOn returns the orders of [Service.Transactions] one by one.
func (s *Service) PaidOn(date string) iter.Seq[Transaction] {
	return func(yield func(Transaction) bool) {
		for _, m := range s.merchants.List {
			for _, e := range s.dayOf(m, date).rows.Snapshot() {
				if e.IsRefund() {
					continue
				}
				e.order.mu.Lock()
				t := e.order.transaction()
				e.order.mu.Unlock()
				if !yield(t) {
					return
				}
			}
			for _, run := range s.books.seeds.Snapshot() {
				if run.m == m && run.Date == date && !run.each(s, yield) {
					return
				}
			}
		}
	}
}

// Newest returns the orders in the reverse order of creation.
func (s *Service) Newest() iter.Seq[Transaction] {
	return func(yield func(Transaction) bool) {
		now := s.core.Now()
		for _, o := range slices.Backward(s.books.all.Snapshot()) {
			o.mu.Lock()
			o.expire(now)
			t := o.transaction()
			o.mu.Unlock()
			if !yield(t) {
				return
			}
		}
	}
}
