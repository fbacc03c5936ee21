package payment

import (
	"context"
	"errors"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
)

// refundProof is what WeChat says about a refund, whichever way we learned it.
type refundProof struct {
	Merchant      string
	OrderNo       string
	RefundNo      string
	RefundID      string
	TransactionID string
	MchID         string // empty where that way of learning does not tell
	SubMchID      string
	Status        string // as WeChat calls it
	RefundFen     models.Fen
	TotalFen      models.Fen
	DoneAt        models.Time
	AcceptedAt    models.Time // zero where that way of learning does not tell
	LearnedBy     string

	// Evidence, when set, is kept with what it changes, in the same transaction.
	Evidence *proof.Evidence
}

func refundProofOf(m *Merchant, r wechatpay.Refund, learnedBy string) refundProof {
	return refundProof{Merchant: m.Name, OrderNo: r.OutTradeNo, RefundNo: r.OutRefundNo, RefundID: r.RefundID, TransactionID: r.TransactionID, MchID: r.MchID, SubMchID: r.SubMchID,
		Status: r.Status, RefundFen: models.Fen(r.RefundFen), TotalFen: models.Fen(r.TotalFen), DoneAt: models.At(r.SuccessTime), AcceptedAt: models.At(r.CreatedAt), LearnedBy: learnedBy}
}

// Outcomes of settleRefund.
const (
	outcomeRefunded outcome = iota + outcomeSurplus + 1 // the refund has succeeded now
	outcomeMoved                                        // it moved to another state
	outcomeKnown                                        // nothing new
)

// settleRefund books what WeChat says about a refund: the one way in which a refund
// succeeds, is closed or turns out abnormal. Told twenty times at once, it books
// once. *errMismatch says that it does not fit and never will without staff.
func (s *Service) settleRefund(ctx context.Context, by models.Actor, p refundProof) (done outcome, err error) {
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		done, err = s.settleRefundIn(tx, by, p)
		if err == nil && done != outcomeKnown && p.Evidence != nil {
			p.Evidence.OrderNo, p.Evidence.RefundNo, p.Evidence.Verdict = p.OrderNo, p.RefundNo, done.String()
			err = proof.KeepEvidence(tx, p.Evidence)
		}
		return err
	})
	return done, err
}

func (s *Service) settleRefundIn(tx *store.Tx, by models.Actor, p refundProof) (outcome, error) {
	o, err := money.LockOrder(tx, p.OrderNo)
	if errors.Is(err, models.ErrNotFound) {
		return 0, &errMismatch{proof.EventUnknownOrder, "no such order"}
	}
	if err != nil {
		return 0, err
	}
	r, err := money.LockRefund(tx, p.RefundNo)
	if errors.Is(err, models.ErrNotFound) {
		return 0, &errMismatch{proof.EventUnknownRefund, "no such refund"}
	}
	if err != nil {
		return 0, err
	}
	if err := compareRefund(o, r, p); err != nil {
		return 0, err
	}
	if !p.AcceptedAt.IsZero() {
		if err := money.NoteRefundAccepted(tx, r.No, p.AcceptedAt); err != nil {
			return 0, err
		}
	}
	switch p.Status {
	case wechatpay.RefundProcessing:
		return takenByWechat(tx, by, &o, &r, p)
	case wechatpay.RefundSuccess:
		return s.refundSucceeds(tx, by, &o, &r, p)
	case wechatpay.RefundClosed:
		return refundCloses(tx, by, &o, &r, p, money.RefundFaultClosed)
	case wechatpay.RefundAbnormal:
		return refundAbnormal(tx, by, &o, &r, p)
	}
	return 0, &errMismatch{proof.EventMalformed, "no such refund state"}
}

// compareRefund holds what WeChat says against the refund. What is not exactly what
// was asked for is never booked by itself.
func compareRefund(o money.Order, r money.Refund, p refundProof) error {
	differs := func(what string) error {
		return &errMismatch{proof.EventRefundMismatch, what + " differs from the refund's"}
	}
	switch {
	case r.OrderNo != o.No || r.Channel != money.ChannelWechat:
		return differs("order")
	case p.Merchant != r.Merchant || p.MchID != "" && p.MchID != r.MchID:
		return differs("merchant")
	case p.SubMchID != "" && p.SubMchID != r.SubMchID:
		return differs("sub-merchant")
	case p.RefundFen != r.AmountFen:
		return differs("amount")
	case p.TotalFen != r.TotalFen:
		return differs("order's amount")
	case p.TransactionID != "" && p.TransactionID != r.TransactionID:
		return differs("transaction")
	case r.RefundID != nil && *r.RefundID != p.RefundID:
		return differs("refund id")
	case p.RefundID == "":
		return &errMismatch{proof.EventMalformed, "no refund id"}
	case r.Status == money.RefundAsked || r.Status == money.RefundRejected:
		return &errMismatch{proof.EventRefundState, "it was never sent"}
	}
	return nil
}

// takenByWechat notes that WeChat has the refund. One that was closed here without
// WeChat's word is under way after all.
func takenByWechat(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p refundProof) (outcome, error) {
	was := r.Status
	switch {
	case r.Doubtful():
		lines, err := money.RefundLines(tx, r.No)
		if err != nil {
			return 0, err
		}
		if err := reopen(tx, r, lines); err != nil {
			return 0, err
		}
	case was != money.RefundSending:
		return outcomeKnown, nil // a late word
	}
	r.Status, r.RefundID, r.Fault, r.Checks = money.RefundProcessing, &p.RefundID, "", 0
	r.NextCheckAt = nextRefundCheck(*r)
	if err := money.SaveRefund(tx, was, r); err != nil {
		return 0, err
	}
	if err := money.OrderRefundState(tx, o); err != nil {
		return 0, err
	}
	return outcomeMoved, office.Audit(tx, by, "refund.processing", "refund", r.No, nil)
}

// refundSucceeds books a refund that the payer has: its shares leave their bills, its
// part of the prepayment leaves for good, and what was held is spent.
func (s *Service) refundSucceeds(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p refundProof) (outcome, error) {
	if r.Status == money.RefundSuccess {
		return outcomeKnown, nil
	}
	if p.DoneAt.IsZero() {
		return 0, &errMismatch{proof.EventMalformed, "no success time"}
	}
	lines, err := money.RefundLines(tx, r.No)
	if err != nil {
		return 0, err
	}
	if r.Status == money.RefundClosed {
		if err := reopen(tx, r, lines); err != nil {
			return 0, err
		}
	}
	was := r.Status
	if err := spendRefund(tx, r, lines, money.AccountWechat); err != nil {
		return 0, err
	}
	if err := money.CountRefunded(tx, r); err != nil {
		return 0, err
	}
	r.Status, r.RefundID, r.Fault, r.Source, r.DoneAt, r.DoneOn, r.BookedAt = money.RefundSuccess, &p.RefundID, "", p.LearnedBy, p.DoneAt, p.DoneAt.Date(), tx.Now
	if err := money.SaveRefund(tx, was, r); err != nil {
		return 0, err
	}
	if err := money.OrderRefundState(tx, o); err != nil {
		return 0, err
	}
	return outcomeRefunded, s.toldRefunded(tx, by, r)
}

// toldRefunded writes down that a refund has succeeded, and lets others follow.
func (s *Service) toldRefunded(tx *store.Tx, by models.Actor, r *money.Refund) error {
	err := office.Audit(tx, by, "refund.success", "refund", r.No, map[string]any{"order": r.OrderNo, "amount_fen": r.AmountFen, "learned_by": r.Source})
	if err == nil {
		err = receiptRefunded(tx, r)
	}
	if err == nil && s.Refunded != nil {
		err = s.Refunded(tx, r)
	}
	return err
}

// reopen takes hold again of what a closed refund had let go: WeChat paid it after
// all. Where that has gone elsewhere meanwhile, staff must look.
func reopen(tx *store.Tx, r *money.Refund, lines []money.RefundLine) error {
	p, err := money.PaymentOfOrder(tx, r.OrderNo)
	if err != nil {
		return err
	}
	held, err := money.HoldRefund(tx, p, r.AmountFen)
	if err != nil {
		return err
	}
	if !held {
		return &errMismatch{proof.EventRefundState, "it was closed, and its amount has gone back otherwise"}
	}
	var bills []string
	for _, l := range lines {
		if l.BillID != "" {
			bills = append(bills, l.BillID)
		}
	}
	if _, err := fees.LockBills(tx, bills); err != nil { // before the room
		return err
	}
	err = holdPrepaid(tx, r, lines)
	if errors.Is(err, money.ErrPrepaidShort) {
		return &errMismatch{proof.EventRefundState, "it was closed, and its prepayment is spent"}
	}
	return err
}

// spendRefund moves the money in the books: bills, prepayment, journal.
func spendRefund(tx *store.Tx, r *money.Refund, lines []money.RefundLine, from string) error {
	var shares []billing.PaidShare
	for _, l := range lines {
		if l.BillID != "" {
			shares = append(shares, shareOf(l))
		}
	}
	err := billing.Unapply(tx, undoing(r, from), shares)
	if errors.Is(err, billing.ErrShareGone) {
		return &errMismatch{proof.EventRefundState, "its bills no longer have the money"}
	}
	if err != nil {
		return err
	}
	return money.Journal(tx, []money.JournalLine{{Kind: money.JournalRefundPrepaid, Debit: money.AccountRefunding, Credit: from, AmountFen: r.PrepaidFen,
		CommunityID: r.CommunityID, RoomID: r.RoomID, PaymentID: r.PaymentID, Merchant: r.Merchant}})
}

func undoing(r *money.Refund, from string) billing.UnapplyRequest {
	return billing.UnapplyRequest{RefundNo: r.No, PaymentID: r.PaymentID, CommunityID: r.CommunityID, RoomID: r.RoomID, Merchant: r.Merchant, Credit: from,
		Credited: r.BillAfter == money.BillsCredited, Mandate: billing.Approval{Asked: r.Asked(), Approved: r.Decided(), Reason: r.Reason}}
}

// refundCloses ends a refund that will never arrive: what it held is free again.
func refundCloses(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p refundProof, fault string) (outcome, error) {
	switch r.Status {
	case money.RefundClosed:
		if fault != money.RefundFaultClosed || !r.Doubtful() {
			return outcomeKnown, nil
		}
		r.Fault, r.NextCheckAt = fault, models.Time{} // now WeChat has said so, too
		return outcomeMoved, money.SaveRefund(tx, money.RefundClosed, r)
	case money.RefundSuccess:
		return 0, &errMismatch{proof.EventRefundState, "closed, but it had succeeded"}
	}
	lines, err := money.RefundLines(tx, r.No)
	if err != nil {
		return 0, err
	}
	if err := releasePrepaid(tx, r, lines); err != nil {
		return 0, err
	}
	if r.PaymentID != "" {
		if err := money.FreeRefund(tx, r); err != nil {
			return 0, err
		}
	}
	was := r.Status
	r.Status, r.Fault, r.NextCheckAt = money.RefundClosed, fault, models.Time{}
	if fault != money.RefundFaultClosed && !r.SentAt.IsZero() { // a call may still be on its way
		r.NextCheckAt = models.At(models.RealNow().Add(closedRefundRecheck))
	}
	if p.RefundID != "" {
		r.RefundID = &p.RefundID
	}
	if err := money.SaveRefund(tx, was, r); err != nil {
		return 0, err
	}
	if r.OrderNo != "" {
		if err := money.OrderRefundState(tx, o); err != nil {
			return 0, err
		}
	}
	return outcomeMoved, office.Audit(tx, by, "refund.closed", "refund", r.No, map[string]string{"order": r.OrderNo, "fault": fault})
}

// refundAbnormal notes that the payer's account cannot take the money. It stays held:
// WeChat keeps it until staff have acted.
func refundAbnormal(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p refundProof) (outcome, error) {
	switch r.Status {
	case money.RefundAbnormal, money.RefundSuccess:
		return outcomeKnown, nil
	case money.RefundClosed:
		if !r.Doubtful() {
			return 0, &errMismatch{proof.EventRefundState, "abnormal, but it had been closed"}
		}
		lines, err := money.RefundLines(tx, r.No)
		if err != nil {
			return 0, err
		}
		if err := reopen(tx, r, lines); err != nil {
			return 0, err
		}
	}
	was := r.Status
	r.Status, r.RefundID, r.Fault, r.Checks = money.RefundAbnormal, &p.RefundID, "ABNORMAL", 0
	r.NextCheckAt = nextRefundCheck(*r)
	if err := money.SaveRefund(tx, was, r); err != nil {
		return 0, err
	}
	if err := money.OrderRefundState(tx, o); err != nil {
		return 0, err
	}
	return outcomeMoved, office.Audit(tx, by, "refund.abnormal", "refund", r.No, map[string]string{"order": r.OrderNo})
}
