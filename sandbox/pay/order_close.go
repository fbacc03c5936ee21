package pay

import (
	"wuyepay/sandbox/pay/apiv3"
	"wuyepay/sandbox/pay/merchant"
)

// serveClose answers a direct merchant; 204 means closed.
func (s *Service) serveClose(c *apiv3.Call) (any, error) {
	if e := apiv3.Validate("", c.Input, directCloseRule); e != nil {
		return nil, e
	}
	if c.Merchant.Partner {
		return nil, apiv3.NoAuth("服务商商户号请使用服务商关单接口")
	}
	if e := sameMerchant(c, "mchid"); e != nil {
		return nil, e
	}
	return nil, s.closeOrder(c.Merchant, c.Request.PathValue("no"))
}

// servePartnerClose answers a provider about an order of its tenant.
func (s *Service) servePartnerClose(c *apiv3.Call) (any, error) {
	if e := apiv3.Validate("", c.Input, partnerCloseRule); e != nil {
		return nil, e
	}
	if e := partnership(c, apiv3.TextIn(c.Input, "sp_mchid"), apiv3.TextIn(c.Input, "sub_mchid")); e != nil {
		return nil, e
	}
	return nil, s.closeOrder(c.Merchant, c.Request.PathValue("no"))
}

// closeOrder closes an unpaid order; closing it twice succeeds. Close and payment meet
// at the order's lock, so exactly one of them succeeds.
func (s *Service) closeOrder(m *merchant.Merchant, outTradeNo string) error {
	o := s.find(m, outTradeNo)
	if o == nil {
		return orderNotExist()
	}
	o.mu.Lock()
	o.expire(s.core.Now())
	if o.paid() {
		o.mu.Unlock()
		return orderPaid()
	}
	o.rec.State = Closed
	ticket := s.core.Store.Queue(recordOrder, o.rec)
	o.mu.Unlock()
	return s.core.Store.Wait(ticket)
}
