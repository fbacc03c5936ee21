package pay

import (
	"encoding/json"
	"time"

	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay/notice"
)

// paymentNotice makes the notification TRANSACTION.SUCCESS. The caller holds the
// order's mu.
func (s *Service) paymentNotice(o *order, now time.Time) (*notice.Notice, error) {
	plain, err := json.Marshal(o.out())
	if err != nil {
		return nil, err
	}
	return notice.New(o.m, notice.Record{
		EventType: "TRANSACTION.SUCCESS", Route: fault.RouteNotifyPayment, OutTradeNo: o.rec.OutTradeNo,
		URL: o.rec.NotifyURL, Created: now, Plain: plain,
	})
}

// refundNotice makes the notification REFUND.*. The caller holds the order's mu.
func (s *Service) refundNotice(f *refund, now time.Time) (*notice.Notice, error) {
	plain, err := json.Marshal(f.noticeOut())
	if err != nil {
		return nil, err
	}
	return notice.New(f.order.m, notice.Record{
		EventType: "REFUND." + string(f.rec.Status), Route: fault.RouteNotifyRefund,
		OutTradeNo: f.rec.OutTradeNo, URL: f.rec.NotifyURL, Created: now, Plain: plain,
	})
}

// Attempts returns every delivery of an order's notifications, those of its refunds
// too. The deliveries of one event are in the order they were made.
func (s *Service) Attempts(outTradeNo string) []notice.Attempt {
	o, err := s.anywhere(outTradeNo)
	if err != nil {
		return nil
	}
	o.mu.Lock()
	notices := o.notices[:len(o.notices):len(o.notices)]
	o.mu.Unlock()
	var list []notice.Attempt
	for _, n := range notices {
		list = append(list, n.Record().Attempts...)
	}
	return list
}

// Renotify sends all notifications of an order once more, at once and with their old
// event ids, as WeChat sometimes does without a reason.
func (s *Service) Renotify(outTradeNo string) error {
	o, err := s.anywhere(outTradeNo)
	if err != nil {
		return err
	}
	o.mu.Lock()
	notices := o.notices[:len(o.notices):len(o.notices)]
	o.mu.Unlock()
	for _, n := range notices {
		s.notices.Resend(n)
	}
	return nil
}
