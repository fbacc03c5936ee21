package payment

import (
	"encoding/json"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
)

// NewRefund returns a refund of a payment with the sum of its lines.
func NewRefund(o money.Order, p money.Payment, lines []money.RefundLine) money.Refund {
	r := money.Refund{
		No: models.NewID(), OrderNo: o.No, PaymentID: p.ID, TransactionID: o.TransactionID, Merchant: o.Merchant, MchID: o.MchID,
		SubMchID: o.SubMchID, CommunityID: o.CommunityID, RoomID: o.RoomID, UserID: o.UserID, Channel: money.ChannelWechat,
		TotalFen: o.AmountFen, BillAfter: money.BillsOwed,
	}
	for _, l := range lines {
		r.AmountFen = r.AmountFen.Plus(l.TotalFen())
		r.PrepaidFen = r.PrepaidFen.Plus(l.PrepaidFen)
	}
	return r
}

// InsertRefundRequest stores a refund that somebody requests and reserves its
// amount. It returns [ErrRefundTooMuch] if the payment does not have that much
// left to refund.
func InsertRefundRequest(tx *store.Tx, by models.Actor, r *money.Refund, p money.Payment, lines []money.RefundLine) error {
	r.Status, r.Asked = money.RefundAsked, by
	held, err := money.HoldRefund(tx, p, r.AmountFen)
	if err == nil && !held {
		err = ErrRefundTooMuch
	}
	if err != nil {
		return err
	}
	if err := money.InsertRefund(tx, r, lines); err != nil {
		return err
	}
	return office.Audit(tx, by, "refund.asked", "refund", r.No, map[string]any{
		"order": r.OrderNo, "amount_fen": r.AmountFen, "after": r.BillAfter, "origin": r.Origin,
	})
}

// Refusals of a refund that depend on what its payment still has.
var (
	ErrRefundTooMuch = models.Refusal(models.KindUnprocessable, "REFUND_TOO_MUCH", "退款金额超过可退金额（已退、正在办理的退款和已用掉的预存不能再退）")
	ErrRefundParts   = models.Refusal(models.KindUnprocessable, "REFUND_PARTS", "同一订单最多退款 50 次")
)

// NoteDecision sets who decided a refund, with which note, and when.
func NoteDecision(r *money.Refund, by models.Actor, note string, now models.Time) {
	r.Decided, r.Note, r.DecidedAt = by, note, now
}

// BeginRefund prepares a requested refund for sending. It sets its number among
// the order's refunds and what will be sent word for word, and takes its part
// of the prepayment out of the balance. The order, the bills and the room must
// be locked.
func (s *Service) BeginRefund(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, lines []money.RefundLine, note string) error {
	part, err := money.TakeRefundPart(tx, r.PaymentID)
	if err == nil && part == 0 {
		err = ErrRefundParts
	}
	if err != nil {
		return err
	}
	sent := wechatpay.RefundRequest{
		OutTradeNo: o.No, OutRefundNo: r.No, RefundFen: int64(r.AmountFen), TotalFen: int64(o.AmountFen), Reason: r.Reason,
		NotifyURL: s.publicURL + "/wechat/refund/" + o.Merchant + "/notify",
	}
	text, err := json.Marshal(sent)
	if err != nil {
		return err
	}
	if err := money.ReplaceRefundLines(tx, r.No, lines); err != nil {
		return err
	}
	if err := HoldPrepaid(tx, r, lines); err != nil {
		return err
	}
	r.Status, r.Part, r.Request, r.NextCheckAt = money.RefundSending, &part, string(text), models.RealNow()
	NoteDecision(r, by, note, tx.Now)
	if err := money.SaveRefund(tx, money.RefundAsked, r); err != nil {
		return err
	}
	if err := money.OrderRefundState(tx, o); err != nil {
		return err
	}
	return office.Audit(tx, by, "refund.approved", "refund", r.No, map[string]any{"order": r.OrderNo, "amount_fen": r.AmountFen})
}

// HoldPrepaid takes the prepayment that a refund returns out of the room's
// balance, so that it pays no bill in the meantime.
func HoldPrepaid(tx *store.Tx, r *money.Refund, lines []money.RefundLine) error {
	return movePrepaid(tx, r, lines, -1, money.JournalLine{
		Kind: money.JournalRefundHold, Debit: money.AccountPrepaid, Credit: money.AccountRefunding,
	})
}

// releasePrepaid puts it back after the refund was closed.
func releasePrepaid(tx *store.Tx, r *money.Refund, lines []money.RefundLine) error {
	return movePrepaid(tx, r, lines, 1, money.JournalLine{
		Kind: money.JournalRefundRelease, Debit: money.AccountRefunding, Credit: money.AccountPrepaid,
	})
}

// movePrepaid moves the prepayment of the lines, out of the balance if sign is -1.
func movePrepaid(tx *store.Tx, r *money.Refund, lines []money.RefundLine, sign models.Fen, pair money.JournalLine) error {
	total := models.Fen(0)
	for _, l := range lines {
		if l.PrepaidFen == 0 {
			continue
		}
		total = total.Plus(l.PrepaidFen)
		if err := money.MovePrepaidOf(tx, r.RoomID, l.Item, money.PrepaidRefund, sign*l.PrepaidFen, r.PaymentID, ""); err != nil {
			return err
		}
	}
	pair.AmountFen, pair.CommunityID, pair.RoomID, pair.PaymentID, pair.Merchant = total, r.CommunityID, r.RoomID, r.PaymentID, r.Merchant
	return money.Journal(tx, []money.JournalLine{pair})
}

// surplusActor is the author of refunds that follow the policy for surplus.
var surplusActor = models.SystemActor("surplus")

// returnSurplus refunds the surplus of a payment that was booked in this
// transaction, if the policy says so. The surplus is held in the room's
// prepayment and stays there if the refund is closed. No person decides about
// it; the policy does.
func (s *Service) returnSurplus(tx *store.Tx, o *money.Order, p *money.Payment) error {
	if s.cfg.Surplus != surplusRefund || p.SurplusFen == 0 {
		return nil
	}
	lines := []money.RefundLine{{PrepaidFen: p.SurplusFen}}
	r := NewRefund(*o, *p, lines)
	r.Origin, r.Reason = money.RefundOfSurplus, "账单已缴清，多付款项退回"
	if err := InsertRefundRequest(tx, surplusActor, &r, *p, lines); err != nil {
		return err
	}
	return s.BeginRefund(tx, surplusActor, o, &r, lines, "")
}
