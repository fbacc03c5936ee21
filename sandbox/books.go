package sandbox

import (
	"fmt"
	"iter"
	"slices"
)

// payService places, pays and refunds orders, and keeps the books of it.
type payService struct {
	core      *core
	merchants *merchants
	users     *users
	notices   *notices
	host      *payHost
	books     books
	replayed  replayed // only while the state file is read
}

func newPayService(k *core, m *merchants, u *users, n *notices, h *payHost) *payService {
	return &payService{core: k, merchants: m, users: u, notices: n, host: h}
}

// books are the sandbox's own accounts: every order and refund by each of its
// numbers, in order of creation, and by the day on which money moved.
type books struct {
	orders        index[orderKey, *order]
	byTransaction index[string, *order]
	byPrepay      index[string, prepay]
	refunds       index[orderKey, *refund] // by mch id and out_refund_no
	all           sequence[*order]
	days          index[dayKey, *day]
	seeds         sequence[*seedRun]
}

// find looks an order up for one merchant, seeded orders included.
func (s *payService) find(m *merchant, outTradeNo string) *order {
	if o, ok := s.books.orders.get(orderKey{m.MchID, outTradeNo}); ok {
		return o
	}
	return s.materialize(m, func(run *seedRun) (int, bool) { return run.indexOfNo(outTradeNo) })
}

// findPaid looks an order up by WeChat's number.
func (s *payService) findPaid(m *merchant, transactionID string) *order {
	o, ok := s.books.byTransaction.get(transactionID)
	if ok && o.m == m {
		return o
	}
	return s.materialize(m, func(run *seedRun) (int, bool) { return run.indexOfID(transactionID) })
}

// anywhere finds an order by its number over all merchants; a number that two
// merchants use is an error, because the caller cannot mean both.
func (s *payService) anywhere(outTradeNo string) (*order, error) {
	var found *order
	for _, m := range s.merchants.list {
		o := s.find(m, outTradeNo)
		if o != nil && found != nil {
			return nil, fmt.Errorf("sandbox: order %s exists at two merchants", outTradeNo)
		}
		if o != nil {
			found = o
		}
	}
	if found == nil {
		return nil, fmt.Errorf("order %s: %w", outTradeNo, ErrNotFound)
	}
	return found, nil
}

// Order returns one order; ErrNotFound if nobody placed it.
func (s *payService) Order(outTradeNo string) (Transaction, error) {
	o, err := s.anywhere(outTradeNo)
	if err != nil {
		return Transaction{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.expire(s.core.now())
	return o.transaction(), nil
}

// Books yields every order in order of creation, unpaid ones too. Seeded
// orders appear only once somebody asked for them; Transactions has them all.
func (s *payService) Books() iter.Seq[Transaction] {
	return func(yield func(Transaction) bool) {
		now := s.core.now()
		for _, o := range s.books.all.snapshot() {
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

// Transactions lists the orders paid on a business day (yyyy-MM-dd) over all
// merchants, seeded ones included, as they stand now.
func (s *payService) Transactions(date string) []Transaction {
	var list []Transaction
	for t := range s.transactions(date) {
		list = append(list, t)
	}
	return list
}

// transactions streams what Transactions lists.
func (s *payService) transactions(date string) iter.Seq[Transaction] {
	return func(yield func(Transaction) bool) {
		for _, m := range s.merchants.list {
			for _, e := range s.dayOf(m, date).rows.snapshot() {
				if e.isRefund() {
					continue
				}
				e.order.mu.Lock()
				t := e.order.transaction()
				e.order.mu.Unlock()
				if !yield(t) {
					return
				}
			}
			for _, run := range s.books.seeds.snapshot() {
				if run.m == m && run.Date == date && !run.each(s, yield) {
					return
				}
			}
		}
	}
}

// newest yields the orders that were placed last, the newest first.
func (s *payService) newest() iter.Seq[Transaction] {
	return func(yield func(Transaction) bool) {
		now := s.core.now()
		for _, o := range slices.Backward(s.books.all.snapshot()) {
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
