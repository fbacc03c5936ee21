package payment

import (
	"context"
	"errors"

	"wuyepay/billing"
	"wuyepay/models"
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
	Evidence *models.Evidence
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
	err = s.db.Write(ctx, func(tx *models.Tx) error {
		done, err = s.settleRefundIn(tx, by, p)
		if err == nil && done != outcomeKnown && p.Evidence != nil {
			p.Evidence.OrderNo, p.Evidence.RefundNo, p.Evidence.Verdict = p.OrderNo, p.RefundNo, done.String()
			err = tx.KeepEvidence(p.Evidence)
		}
		return err
	})
	return done, err
}

func (s *Service) settleRefundIn(tx *models.Tx, by models.Actor, p refundProof) (outcome, error) {
	o, err := tx.LockOrder(p.OrderNo)
	if errors.Is(err, models.ErrNotFound) {
		return 0, &errMismatch{models.EventUnknownOrder, "no such order"}
	}
	if err != nil {
		return 0, err
	}
	r, err := tx.LockRefund(p.RefundNo)
	if errors.Is(err, models.ErrNotFound) {
		return 0, &errMismatch{models.EventUnknownRefund, "no such refund"}
	}
	if err != nil {
		return 0, err
	}
	if err := compareRefund(o, r, p); err != nil {
		return 0, err
	}
	if !p.AcceptedAt.IsZero() {
		if err := tx.NoteRefundAccepted(r.No, p.AcceptedAt); err != nil {
			return 0, err
		}
	}
	switch p.Status {
	case wechatpay.RefundProcessing:
		return takenByWechat(tx, by, &o, &r, p)
	case wechatpay.RefundSuccess:
		return s.refundSucceeds(tx, by, &o, &r, p)
	case wechatpay.RefundClosed:
		return refundCloses(tx, by, &o, &r, p, models.RefundFaultClosed)
	case wechatpay.RefundAbnormal:
		return refundAbnormal(tx, by, &o, &r, p)
	}
	return 0, &errMismatch{models.EventMalformed, "no such refund state"}
}

// compareRefund holds what WeChat says against the refund. What is not exactly what
// was asked for is never booked by itself.
func compareRefund(o models.Order, r models.Refund, p refundProof) error {
	differs := func(what string) error {
		return &errMismatch{models.EventRefundMismatch, what + " differs from the refund's"}
	}
	switch {
	case r.OrderNo != o.No || r.Channel != models.ChannelWechat:
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
		return &errMismatch{models.EventMalformed, "no refund id"}
	case r.Status == models.RefundAsked || r.Status == models.RefundRejected:
		return &errMismatch{models.EventRefundState, "it was never sent"}
	}
	return nil
}

// takenByWechat notes that WeChat has the refund. One that was closed here without
// WeChat's word is under way after all.
func takenByWechat(tx *models.Tx, by models.Actor, o *models.Order, r *models.Refund, p refundProof) (outcome, error) {
	was := r.Status
	switch {
	case r.Doubtful():
		lines, err := tx.RefundLines(r.No)
		if err != nil {
			return 0, err
		}
		if err := reopen(tx, r, lines); err != nil {
			return 0, err
		}
	case was != models.RefundSending:
		return outcomeKnown, nil // a late word
	}
	r.Status, r.RefundID, r.Fault, r.Checks = models.RefundProcessing, &p.RefundID, "", 0
	r.NextCheckAt = nextRefundCheck(*r)
	if err := tx.SaveRefund(was, r); err != nil {
		return 0, err
	}
	if err := tx.OrderRefundState(o); err != nil {
		return 0, err
	}
	return outcomeMoved, tx.Audit(by, "refund.processing", "refund", r.No, nil)
}

// refundSucceeds books a refund that the payer has: its shares leave their bills, its
// part of the prepayment leaves for good, and what was held is spent.
func (s *Service) refundSucceeds(tx *models.Tx, by models.Actor, o *models.Order, r *models.Refund, p refundProof) (outcome, error) {
	if r.Status == models.RefundSuccess {
		return outcomeKnown, nil
	}
	if p.DoneAt.IsZero() {
		return 0, &errMismatch{models.EventMalformed, "no success time"}
	}
	lines, err := tx.RefundLines(r.No)
	if err != nil {
		return 0, err
	}
	if r.Status == models.RefundClosed {
		if err := reopen(tx, r, lines); err != nil {
			return 0, err
		}
	}
	was := r.Status
	if err := spendRefund(tx, r, lines, models.AccountWechat); err != nil {
		return 0, err
	}
	if err := tx.CountRefunded(r); err != nil {
		return 0, err
	}
	r.Status, r.RefundID, r.Fault, r.Source, r.DoneAt, r.DoneOn, r.BookedAt = models.RefundSuccess, &p.RefundID, "", p.LearnedBy, p.DoneAt, p.DoneAt.Date(), tx.Now
	if err := tx.SaveRefund(was, r); err != nil {
		return 0, err
	}
	if err := tx.OrderRefundState(o); err != nil {
		return 0, err
	}
	return outcomeRefunded, s.toldRefunded(tx, by, r)
}

// toldRefunded writes down that a refund has succeeded, and lets others follow.
func (s *Service) toldRefunded(tx *models.Tx, by models.Actor, r *models.Refund) error {
	err := tx.Audit(by, "refund.success", "refund", r.No, map[string]any{"order": r.OrderNo, "amount_fen": r.AmountFen, "learned_by": r.Source})
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
func reopen(tx *models.Tx, r *models.Refund, lines []models.RefundLine) error {
	p, err := tx.PaymentOfOrder(r.OrderNo)
	if err != nil {
		return err
	}
	held, err := tx.HoldRefund(p, r.AmountFen)
	if err != nil {
		return err
	}
	if !held {
		return &errMismatch{models.EventRefundState, "it was closed, and its amount has gone back otherwise"}
	}
	var bills []string
	for _, l := range lines {
		if l.BillID != "" {
			bills = append(bills, l.BillID)
		}
	}
	if _, err := tx.LockBills(bills); err != nil { // before the room
		return err
	}
	err = holdPrepaid(tx, r, lines)
	if errors.Is(err, models.ErrPrepaidShort) {
		return &errMismatch{models.EventRefundState, "it was closed, and its prepayment is spent"}
	}
	return err
}

// spendRefund moves the money in the books: bills, prepayment, journal.
func spendRefund(tx *models.Tx, r *models.Refund, lines []models.RefundLine, from string) error {
	var shares []billing.PaidShare
	for _, l := range lines {
		if l.BillID != "" {
			shares = append(shares, shareOf(l))
		}
	}
	err := billing.Undo(tx, undoing(r, from), shares)
	if errors.Is(err, billing.ErrShareGone) {
		return &errMismatch{models.EventRefundState, "its bills no longer have the money"}
	}
	if err != nil {
		return err
	}
	return tx.Journal([]models.JournalLine{{Kind: models.JournalRefundPrepaid, Debit: models.AccountRefunding, Credit: from, AmountFen: r.PrepaidFen,
		CommunityID: r.CommunityID, RoomID: r.RoomID, PaymentID: r.PaymentID, Merchant: r.Merchant}})
}

func undoing(r *models.Refund, from string) billing.Undoing {
	return billing.Undoing{RefundNo: r.No, PaymentID: r.PaymentID, CommunityID: r.CommunityID, RoomID: r.RoomID, Merchant: r.Merchant, Credit: from,
		Credited: r.BillAfter == models.BillsCredited, Mandate: billing.Mandate{Asked: r.Asked(), Approved: r.Decided(), Reason: r.Reason}}
}

// refundCloses ends a refund that will never arrive: what it held is free again.
func refundCloses(tx *models.Tx, by models.Actor, o *models.Order, r *models.Refund, p refundProof, fault string) (outcome, error) {
	switch r.Status {
	case models.RefundClosed:
		if fault != models.RefundFaultClosed || !r.Doubtful() {
			return outcomeKnown, nil
		}
		r.Fault, r.NextCheckAt = fault, models.Time{} // now WeChat has said so, too
		return outcomeMoved, tx.SaveRefund(models.RefundClosed, r)
	case models.RefundSuccess:
		return 0, &errMismatch{models.EventRefundState, "closed, but it had succeeded"}
	}
	lines, err := tx.RefundLines(r.No)
	if err != nil {
		return 0, err
	}
	if err := releasePrepaid(tx, r, lines); err != nil {
		return 0, err
	}
	if r.PaymentID != "" {
		if err := tx.FreeRefund(r); err != nil {
			return 0, err
		}
	}
	was := r.Status
	r.Status, r.Fault, r.NextCheckAt = models.RefundClosed, fault, models.Time{}
	if fault != models.RefundFaultClosed && !r.SentAt.IsZero() { // a call may still be on its way
		r.NextCheckAt = models.At(models.RealNow().Add(closedRefundRecheck))
	}
	if p.RefundID != "" {
		r.RefundID = &p.RefundID
	}
	if err := tx.SaveRefund(was, r); err != nil {
		return 0, err
	}
	if r.OrderNo != "" {
		if err := tx.OrderRefundState(o); err != nil {
			return 0, err
		}
	}
	return outcomeMoved, tx.Audit(by, "refund.closed", "refund", r.No, map[string]string{"order": r.OrderNo, "fault": fault})
}

// refundAbnormal notes that the payer's account cannot take the money. It stays held:
// WeChat keeps it until staff have acted.
func refundAbnormal(tx *models.Tx, by models.Actor, o *models.Order, r *models.Refund, p refundProof) (outcome, error) {
	switch r.Status {
	case models.RefundAbnormal, models.RefundSuccess:
		return outcomeKnown, nil
	case models.RefundClosed:
		if !r.Doubtful() {
			return 0, &errMismatch{models.EventRefundState, "abnormal, but it had been closed"}
		}
		lines, err := tx.RefundLines(r.No)
		if err != nil {
			return 0, err
		}
		if err := reopen(tx, r, lines); err != nil {
			return 0, err
		}
	}
	was := r.Status
	r.Status, r.RefundID, r.Fault, r.Checks = models.RefundAbnormal, &p.RefundID, "ABNORMAL", 0
	r.NextCheckAt = nextRefundCheck(*r)
	if err := tx.SaveRefund(was, r); err != nil {
		return 0, err
	}
	if err := tx.OrderRefundState(o); err != nil {
		return 0, err
	}
	return outcomeMoved, tx.Audit(by, "refund.abnormal", "refund", r.No, map[string]string{"order": r.OrderNo})
}
