package sandbox

// serveClose answers for a direct merchant; 204 means closed.
func (s *payService) serveClose(c *payCall) (any, error) {
	if e := validate("", c.input, directCloseRule); e != nil {
		return nil, e
	}
	if c.m.Partner {
		return nil, noAuth("服务商商户号请使用服务商关单接口")
	}
	if e := c.sameMerchant("mchid"); e != nil {
		return nil, e
	}
	return nil, s.closeOrder(c.m, c.r.PathValue("no"))
}

// servePartnerClose is the same for a provider and its tenant.
func (s *payService) servePartnerClose(c *payCall) (any, error) {
	if e := validate("", c.input, partnerCloseRule); e != nil {
		return nil, e
	}
	if e := c.partnership(textIn(c.input, "sp_mchid"), textIn(c.input, "sub_mchid")); e != nil {
		return nil, e
	}
	return nil, s.closeOrder(c.m, c.r.PathValue("no"))
}

// closeOrder ends an unpaid order for good; closing twice is fine. Close and
// payment meet at the order's lock, so exactly one of them wins.
func (s *payService) closeOrder(m *merchant, outTradeNo string) error {
	o := s.find(m, outTradeNo)
	if o == nil {
		return orderNotExist()
	}
	o.mu.Lock()
	o.expire(s.core.now())
	if o.paid() {
		o.mu.Unlock()
		return orderPaid()
	}
	o.rec.State = Closed
	ticket := s.core.store.queue(recordOrder, o.rec)
	o.mu.Unlock()
	return s.core.store.wait(ticket)
}
