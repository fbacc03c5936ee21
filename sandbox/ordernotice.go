package sandbox

import (
	"encoding/json"
	"time"
)

// paymentNotice prepares TRANSACTION.SUCCESS. The order's mu is held.
func (s *payService) paymentNotice(o *order, now time.Time) (*notice, error) {
	plain, err := json.Marshal(o.out())
	if err != nil {
		return nil, err
	}
	return newNotice(o.m, noticeRecord{
		EventType: "TRANSACTION.SUCCESS", Route: RouteNotifyPayment, OutTradeNo: o.rec.OutTradeNo,
		URL: o.rec.NotifyURL, Created: now, Plain: plain,
	})
}

// refundNotice prepares REFUND.*. The order's mu is held.
func (s *payService) refundNotice(f *refund, now time.Time) (*notice, error) {
	plain, err := json.Marshal(f.noticeOut())
	if err != nil {
		return nil, err
	}
	return newNotice(f.order.m, noticeRecord{
		EventType: "REFUND." + string(f.rec.Status), Route: RouteNotifyRefund,
		OutTradeNo: f.rec.OutTradeNo, URL: f.rec.NotifyURL, Created: now, Plain: plain,
	})
}

// Attempts lists every delivery of an order's notifications, refunds' too, in
// the order in which they were made for each event.
func (s *payService) Attempts(outTradeNo string) []Attempt {
	o, err := s.anywhere(outTradeNo)
	if err != nil {
		return nil
	}
	o.mu.Lock()
	notices := o.notices[:len(o.notices):len(o.notices)]
	o.mu.Unlock()
	var list []Attempt
	for _, n := range notices {
		list = append(list, n.record().Attempts...)
	}
	return list
}

// Renotify sends all notifications of an order once more, at once and with
// their old event ids, as WeChat sometimes does without a reason.
func (s *payService) Renotify(outTradeNo string) error {
	o, err := s.anywhere(outTradeNo)
	if err != nil {
		return err
	}
	o.mu.Lock()
	notices := o.notices[:len(o.notices):len(o.notices)]
	o.mu.Unlock()
	for _, n := range notices {
		s.notices.again(n)
	}
	return nil
}
