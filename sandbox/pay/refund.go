package pay

import (
	"cmp"
	"fmt"
	"time"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/pay/apiv3"
)

// refundRecord is what the state file keeps of a refund.
type refundRecord struct {
	Seq            int64        `json:"seq"`
	MchID          string       `json:"mchid"`
	OutTradeNo     string       `json:"no"`
	OutRefundNo    string       `json:"refund_no"`
	RefundID       string       `json:"refund_id"`
	Digest         string       `json:"digest"`
	Reason         string       `json:"reason,omitempty"`
	NotifyURL      string       `json:"notify_url,omitempty"`
	FundsAccount   string       `json:"funds_account,omitempty"`
	Status         RefundStatus `json:"status"`
	AmountFen      int64        `json:"amount"`
	PayerRefundFen int64        `json:"payer_refund"`
	FeeReturnedFen int64        `json:"fee_returned"`
	CreatedAt      time.Time    `json:"created_at"`
	SuccessAt      time.Time    `json:"success_at,omitzero"`
}

// refund is a refund of an order. The order's mu guards it.
type refund struct {
	order *order
	rec   refundRecord
}

// value returns the refund as a value. The caller holds the order's mu.
func (f *refund) value() Refund {
	return Refund{
		OutRefundNo: f.rec.OutRefundNo, RefundID: f.rec.RefundID, OutTradeNo: f.rec.OutTradeNo,
		TransactionID: f.order.rec.TransactionID, Status: f.rec.Status, AmountFen: f.rec.AmountFen,
		FeeReturnedFen: f.rec.FeeReturnedFen, Reason: f.rec.Reason,
		CreatedAt: f.rec.CreatedAt, SuccessAt: f.rec.SuccessAt,
	}
}

// serveRefund answers the refund call. 200 means accepted, not paid back.
func (s *Service) serveRefund(c *apiv3.Call) (any, error) {
	if e := apiv3.Validate("", c.Input, refundRule); e != nil {
		return nil, e
	}
	if e := refundPartner(c, apiv3.TextIn(c.Input, "sub_mchid")); e != nil {
		return nil, e
	}
	o, e := s.refundOrder(c)
	if e != nil {
		return nil, e
	}
	digest, err := digestOf(c.Input)
	if err != nil {
		return nil, err
	}
	now := s.core.Now()
	f := &refund{order: o, rec: refundRecord{
		MchID: c.Merchant.MchID, OutTradeNo: o.rec.OutTradeNo, Digest: digest,
		OutRefundNo: apiv3.TextIn(c.Input, "out_refund_no"), Reason: apiv3.TextIn(c.Input, "reason"),
		NotifyURL:    cmp.Or(apiv3.TextIn(c.Input, "notify_url"), c.Merchant.RefundNotifyURL),
		FundsAccount: cmp.Or(apiv3.TextIn(c.Input, "funds_account"), "AVAILABLE"),
		Status:       RefundProcessing, AmountFen: apiv3.IntIn(c.Input, "amount", "refund"), CreatedAt: now,
	}}
	out, ticket, err := s.acceptRefund(o, f, apiv3.IntIn(c.Input, "amount", "total"))
	if err != nil {
		return nil, err
	}
	return out, s.core.Store.Wait(ticket)
}

// refundOrder returns the order by either number. If the request has both they must be
// of one order.
func (s *Service) refundOrder(c *apiv3.Call) (*order, *apiv3.Error) {
	id, no := apiv3.TextIn(c.Input, "transaction_id"), apiv3.TextIn(c.Input, "out_trade_no")
	if id == "" && no == "" {
		return nil, apiv3.ParamError("out_trade_no", nil, "transaction_id与out_trade_no必须填一个")
	}
	var o *order
	if no != "" {
		o = s.find(c.Merchant, no)
	} else {
		o = s.findPaid(c.Merchant, id)
	}
	if o == nil {
		return nil, refundNotExist("订单不存在")
	}
	if id != "" && no != "" {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.rec.TransactionID != id {
			return nil, apiv3.InvalidRequest(268435461, "transaction_id与out_trade_no不匹配")
		}
	}
	return o, nil
}

// acceptRefund books a refund, or answers with the one that has its number.
func (s *Service) acceptRefund(o *order, f *refund, totalFen int64) (any, uint64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	key := orderKey{f.rec.MchID, f.rec.OutRefundNo}
	old, exists := s.books.refunds.Get(key)
	switch {
	case exists && old.order != o:
		return nil, 0, apiv3.InvalidRequest(268435461, "商户退款单号已用于其他订单")
	case exists && old.rec.Digest != f.rec.Digest:
		return nil, 0, apiv3.InvalidRequest(268435461, "订单金额或退款金额与之前请求不一致，请核实后再试")
	case exists:
		return old.out(), 0, nil
	}
	if e := o.admit(f, totalFen, f.rec.CreatedAt, s.core.Config.RefundSpacing); e != nil {
		return nil, 0, e
	}
	// Two orders may race for one refund number. The index decides.
	if _, taken := s.books.refunds.Add(key, f); taken {
		return nil, 0, apiv3.InvalidRequest(268435461, "商户退款单号已用于其他订单")
	}
	f.rec.Seq = s.core.Next()
	f.rec.RefundID = fmt.Sprintf("503000000%s%012d", f.rec.CreatedAt.Format("20060102"), f.rec.Seq)
	r := &o.rec
	r.State = Refunded
	r.RefundedFen += f.rec.AmountFen
	f.rec.PayerRefundFen = share(r.PayerTotalFen, r.TotalFen, r.RefundedFen) - o.payerRefunded()
	f.rec.FeeReturnedFen = share(r.FeeFen, r.TotalFen, r.RefundedFen) - r.FeeReturnedFen
	r.FeeReturnedFen += f.rec.FeeReturnedFen
	o.refunds = append(o.refunds, f)
	s.dayOf(o.m, core.DateOf(f.rec.CreatedAt)).addRefund(f)
	s.core.Store.Queue(recordOrder, *r)
	ticket := s.core.Store.Queue(recordRefund, f.rec)
	if s.core.Config.RefundAfter > 0 {
		s.decideLater(f.rec.OutRefundNo, o.m)
	}
	return f.out(), ticket, nil
}

// share returns the part of whole that belongs to the amount refunded so far, rounded
// half up. A refund gives back this part less what went back before, so the parts of a
// full refund add up to exactly the whole.
func share(whole, total, refunded int64) int64 {
	return (2*whole*refunded + total) / (2 * total)
}

// payerRefunded returns what went back to the payer so far. The caller holds mu.
func (o *order) payerRefunded() (sum int64) {
	for _, f := range o.refunds {
		if f.rec.Status != RefundClosed {
			sum += f.rec.PayerRefundFen
		}
	}
	return sum
}

// refundPartner refuses a provider that names no tenant and a direct merchant that
// names one.
func refundPartner(c *apiv3.Call, subMchID string) *apiv3.Error {
	switch {
	case c.Merchant.Partner && subMchID == "":
		return apiv3.ParamError("sub_mchid", nil, "服务商退款必填")
	case c.Merchant.Partner && subMchID != c.Merchant.SubMchID:
		return apiv3.NoAuth("子商户与服务商没有绑定关系")
	case !c.Merchant.Partner && subMchID != "":
		return apiv3.NoAuth("该商户号不是服务商")
	}
	return nil
}

// serveRefundQuery answers by out_refund_no.
func (s *Service) serveRefundQuery(c *apiv3.Call) (any, error) {
	if e := refundPartner(c, c.Request.URL.Query().Get("sub_mchid")); e != nil {
		return nil, e
	}
	f, ok := s.books.refunds.Get(orderKey{c.Merchant.MchID, c.Request.PathValue("no")})
	if !ok {
		return nil, refundNotExist("退款单不存在")
	}
	f.order.mu.Lock()
	defer f.order.mu.Unlock()
	return f.out(), nil
}
