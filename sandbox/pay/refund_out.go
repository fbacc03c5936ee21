package pay

import "wuyepay/sandbox/core"

// receivedAccount is where the money of every refund went.
const receivedAccount = "支付用户零钱"

// refundAmountOut is the amount of a refund in a reply.
type refundAmountOut struct {
	Total            int64  `json:"total"`
	Refund           int64  `json:"refund"`
	PayerTotal       int64  `json:"payer_total"`
	PayerRefund      int64  `json:"payer_refund"`
	SettlementTotal  int64  `json:"settlement_total"`
	SettlementRefund int64  `json:"settlement_refund"`
	DiscountRefund   int64  `json:"discount_refund"`
	RefundFee        int64  `json:"refund_fee"`
	Currency         string `json:"currency"`
}

// refundOut is a refund in the replies to the refund call and the refund query.
type refundOut struct {
	RefundID            string          `json:"refund_id"`
	OutRefundNo         string          `json:"out_refund_no"`
	TransactionID       string          `json:"transaction_id"`
	OutTradeNo          string          `json:"out_trade_no"`
	Channel             string          `json:"channel"`
	UserReceivedAccount string          `json:"user_received_account"`
	SuccessTime         string          `json:"success_time,omitempty"`
	CreateTime          string          `json:"create_time"`
	Status              RefundStatus    `json:"status"`
	FundsAccount        string          `json:"funds_account"`
	Amount              refundAmountOut `json:"amount"`
}

// out returns the refund for a reply. The caller holds the order's mu.
func (f *refund) out() refundOut {
	r, o := &f.rec, &f.order.rec
	v := refundOut{
		RefundID: r.RefundID, OutRefundNo: r.OutRefundNo, TransactionID: o.TransactionID,
		OutTradeNo: r.OutTradeNo, Channel: "ORIGINAL", UserReceivedAccount: receivedAccount,
		CreateTime: core.FormatTime(r.CreatedAt), Status: r.Status, FundsAccount: r.FundsAccount,
		Amount: refundAmountOut{
			Total: o.TotalFen, Refund: r.AmountFen,
			PayerTotal: o.PayerTotalFen, PayerRefund: r.PayerRefundFen,
			SettlementTotal: o.PayerTotalFen, SettlementRefund: r.PayerRefundFen,
			DiscountRefund: r.AmountFen - r.PayerRefundFen, RefundFee: r.FeeReturnedFen,
			Currency: "CNY",
		},
	}
	if !r.SuccessAt.IsZero() {
		v.SuccessTime = core.FormatTime(r.SuccessAt)
	}
	return v
}

// refundNoticeAmount is the amount of a refund in a notification.
type refundNoticeAmount struct {
	Total       int64 `json:"total"`
	Refund      int64 `json:"refund"`
	PayerTotal  int64 `json:"payer_total"`
	PayerRefund int64 `json:"payer_refund"`
}

// refundNoticeOut is the plaintext of a refund notification. It differs from the query
// object: the state is called refund_status, and channel and create_time are missing.
type refundNoticeOut struct {
	MchID               string             `json:"mchid,omitempty"`
	SpMchID             string             `json:"sp_mchid,omitempty"`
	SubMchID            string             `json:"sub_mchid,omitempty"`
	OutTradeNo          string             `json:"out_trade_no"`
	TransactionID       string             `json:"transaction_id"`
	OutRefundNo         string             `json:"out_refund_no"`
	RefundID            string             `json:"refund_id"`
	RefundStatus        RefundStatus       `json:"refund_status"`
	SuccessTime         string             `json:"success_time,omitempty"`
	UserReceivedAccount string             `json:"user_received_account"`
	Amount              refundNoticeAmount `json:"amount"`
}

// noticeOut returns the plaintext of the notification. The caller holds the order's mu.
func (f *refund) noticeOut() refundNoticeOut {
	r, o := &f.rec, &f.order.rec
	v := refundNoticeOut{
		OutTradeNo: r.OutTradeNo, TransactionID: o.TransactionID, OutRefundNo: r.OutRefundNo,
		RefundID: r.RefundID, RefundStatus: r.Status, UserReceivedAccount: receivedAccount,
		Amount: refundNoticeAmount{o.TotalFen, r.AmountFen, o.PayerTotalFen, r.PayerRefundFen},
	}
	if f.order.m.Partner {
		v.SpMchID, v.SubMchID = o.MchID, o.SubMchID
	} else {
		v.MchID = o.MchID
	}
	if !r.SuccessAt.IsZero() {
		v.SuccessTime = core.FormatTime(r.SuccessAt)
	}
	return v
}
