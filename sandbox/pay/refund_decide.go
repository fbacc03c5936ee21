package pay

import (
	"fmt"
	"time"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/pay/merchant"
	"wuyepay/sandbox/pay/notice"
)

// Refund returns the refund with a number. It returns [core.ErrNotFound] if there is
// none.
func (s *Service) Refund(outRefundNo string) (Refund, error) {
	f, err := s.refundAnywhere(outRefundNo)
	if err != nil {
		return Refund{}, err
	}
	f.order.mu.Lock()
	defer f.order.mu.Unlock()
	return f.value(), nil
}

// refundAnywhere returns the refund with a number at the first merchant that has it.
func (s *Service) refundAnywhere(outRefundNo string) (*refund, error) {
	for _, m := range s.merchants.List {
		if f, ok := s.books.refunds.Get(orderKey{m.MchID, outRefundNo}); ok {
			return f, nil
		}
	}
	return nil, fmt.Errorf("refund %s: %w", outRefundNo, core.ErrNotFound)
}

// FinishRefund decides a refund as [RefundSuccess], [RefundAbnormal] or [RefundClosed]
// and sends its notification. An abnormal refund can be decided once more; a successful
// or closed one cannot.
func (s *Service) FinishRefund(outRefundNo string, status RefundStatus) error {
	f, err := s.refundAnywhere(outRefundNo)
	if err != nil {
		return err
	}
	return s.decide(f, status)
}

// decide ends a refund and notifies the host.
func (s *Service) decide(f *refund, status RefundStatus) error {
	o := f.order
	o.mu.Lock()
	ticket, n, err := s.decideLocked(f, status)
	o.mu.Unlock()
	if err != nil {
		return err
	}
	if err := s.core.Store.Wait(ticket); err != nil {
		return err
	}
	if n != nil {
		s.notices.Post(n)
	}
	return nil
}

// decideLocked ends a refund. The caller holds the order's mu.
func (s *Service) decideLocked(f *refund, status RefundStatus) (uint64, *notice.Notice, error) {
	open := f.rec.Status == RefundProcessing || f.rec.Status == RefundAbnormal && status != RefundAbnormal
	if !open {
		return 0, nil, fmt.Errorf("sandbox: refund %s is %s already", f.rec.OutRefundNo, f.rec.Status)
	}
	now := s.core.Now()
	o := f.order
	switch status {
	case RefundSuccess:
		f.rec.SuccessAt = now
	case RefundAbnormal:
	case RefundClosed: // no money moved; it can be refunded under a new number
		o.rec.RefundedFen -= f.rec.AmountFen
		o.rec.FeeReturnedFen -= f.rec.FeeReturnedFen
		s.core.Store.Queue(recordOrder, o.rec)
	default:
		return 0, nil, fmt.Errorf("sandbox: a refund cannot be decided as %q", status)
	}
	f.rec.Status = status
	ticket := s.core.Store.Queue(recordRefund, f.rec)
	if f.rec.NotifyURL == "" {
		return ticket, nil, nil
	}
	n, err := s.refundNotice(f, now)
	if err != nil {
		return 0, nil, err
	}
	o.notices = append(o.notices, n)
	return s.notices.Keep(n), n, nil
}

// decideLater decides a refund as SUCCESS after Config.RefundAfter.
func (s *Service) decideLater(outRefundNo string, m *merchant.Merchant) {
	s.core.Go(func() {
		timer := time.NewTimer(s.core.Config.RefundAfter)
		defer timer.Stop()
		select {
		case <-s.core.Context.Done():
			return
		case <-timer.C:
		}
		f, ok := s.books.refunds.Get(orderKey{m.MchID, outRefundNo})
		if !ok {
			return
		}
		// A call may have decided it meanwhile; then that counts.
		if err := s.decide(f, RefundSuccess); err != nil {
			s.core.Log.Debug("sandbox: refund not settled", "error", err)
		}
	})
}
