package payment

import (
	"context"
	"errors"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/receipt"
	"wuyepay/payment/wechatpay"
)

func PaidShareOf(l money.RefundLine) billing.PaidShare {
	return billing.PaidShare{BillID: l.BillID, PrincipalFen: l.PrincipalFen, LateFeeFen: l.LateFeeFen}
}

// closedRefundRecheck is when a refund that was closed here without WeChat's word is
// asked about once more.
const closedRefundRecheck = 5 * time.Minute

// NextRefundCheck is when to do the next thing for a refund, in real time: what is
// not sent yet soon, what WeChat works on every minute and then less often, as bank
// cards take days, and what waits for staff a few times a day.
func NextRefundCheck(r money.Refund) models.Time {
	wait := min(15*time.Second<<min(r.Checks, 6), 10*time.Minute)
	switch r.Status {
	case money.RefundProcessing:
		wait = min(time.Minute<<min(max(0, r.Checks-10), 6), time.Hour)
	case money.RefundAbnormal:
		wait = 6 * time.Hour
	case money.RefundClosed:
		wait = closedRefundRecheck
	}
	return models.At(models.RealNow().Add(wait))
}

// RefundProof is what WeChat says about a refund, whichever way we learned it.
type RefundProof struct {
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

func RefundProofOf(m *Merchant, r wechatpay.Refund, learnedBy string) RefundProof {
	return RefundProof{
		Merchant: m.Name, OrderNo: r.OutTradeNo, RefundNo: r.OutRefundNo, RefundID: r.RefundID, TransactionID: r.TransactionID,
		MchID: r.MchID, SubMchID: r.SubMchID, Status: r.Status, RefundFen: models.Fen(r.RefundFen), TotalFen: models.Fen(r.TotalFen),
		DoneAt: models.At(r.SuccessTime), AcceptedAt: models.At(r.CreatedAt), LearnedBy: learnedBy,
	}
}

// SettleRefund books what WeChat says about a refund: the one way in which a refund
// succeeds, is closed or turns out abnormal. Told twenty times at once, it books
// once. *errMismatch says that it does not fit and never will without staff.
func (s *Service) SettleRefund(ctx context.Context, by models.Actor, p RefundProof) (done outcome, err error) {
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		done, err = s.settleRefundIn(tx, by, p)
		if err == nil && done != OutcomeUnchanged && p.Evidence != nil {
			p.Evidence.OrderNo, p.Evidence.RefundNo, p.Evidence.Verdict = p.OrderNo, p.RefundNo, done.String()
			err = proof.KeepEvidence(tx, p.Evidence)
		}
		return err
	})
	return done, err
}

func (s *Service) settleRefundIn(tx *store.Tx, by models.Actor, p RefundProof) (outcome, error) {
	o, err := money.LockOrder(tx, p.OrderNo)
	if errors.Is(err, models.ErrNotFound) {
		return 0, &ErrMismatch{proof.EventUnknownOrder, "no such order"}
	}
	if err != nil {
		return 0, err
	}
	r, err := money.LockRefund(tx, p.RefundNo)
	if errors.Is(err, models.ErrNotFound) {
		return 0, &ErrMismatch{proof.EventUnknownRefund, "no such refund"}
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
		return markProcessing(tx, by, &o, &r, p)
	case wechatpay.RefundSuccess:
		return s.succeedRefund(tx, by, &o, &r, p)
	case wechatpay.RefundClosed:
		return CloseRefund(tx, by, &o, &r, p, money.RefundFaultClosed)
	case wechatpay.RefundAbnormal:
		return markAbnormal(tx, by, &o, &r, p)
	}
	return 0, &ErrMismatch{proof.EventMalformed, "no such refund state"}
}

// compareRefund holds what WeChat says against the refund. What is not exactly what
// was asked for is never booked by itself.
func compareRefund(o money.Order, r money.Refund, p RefundProof) error {
	differs := func(what string) error {
		return &ErrMismatch{proof.EventRefundMismatch, what + " differs from the refund's"}
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
		return &ErrMismatch{proof.EventMalformed, "no refund id"}
	case r.Status == money.RefundAsked || r.Status == money.RefundRejected:
		return &ErrMismatch{proof.EventRefundState, "it was never sent"}
	}
	return nil
}

// markProcessing notes that WeChat has the refund. One that was closed here without
// WeChat's word is under way after all.
func markProcessing(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p RefundProof) (outcome, error) {
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
		return OutcomeUnchanged, nil // a late word
	}
	r.Status, r.RefundID, r.Fault, r.Checks = money.RefundProcessing, &p.RefundID, "", 0
	r.NextCheckAt = NextRefundCheck(*r)
	if err := money.SaveRefund(tx, was, r); err != nil {
		return 0, err
	}
	if err := money.OrderRefundState(tx, o); err != nil {
		return 0, err
	}
	return outcomeMoved, office.Audit(tx, by, "refund.processing", "refund", r.No, nil)
}

// succeedRefund books a refund that the payer has: its shares leave their bills, its
// part of the prepayment leaves for good, and what was held is spent.
func (s *Service) succeedRefund(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p RefundProof) (outcome, error) {
	if r.Status == money.RefundSuccess {
		return OutcomeUnchanged, nil
	}
	if p.DoneAt.IsZero() {
		return 0, &ErrMismatch{proof.EventMalformed, "no success time"}
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
	if err := SpendRefund(tx, r, lines, money.AccountWechat); err != nil {
		return 0, err
	}
	if err := money.CountRefunded(tx, r); err != nil {
		return 0, err
	}
	r.Status, r.RefundID, r.Fault, r.Source, r.DoneAt, r.DoneOn, r.BookedAt = money.RefundSuccess, &p.RefundID, "", p.LearnedBy,
		p.DoneAt, p.DoneAt.Date(), tx.Now
	if err := money.SaveRefund(tx, was, r); err != nil {
		return 0, err
	}
	if err := money.OrderRefundState(tx, o); err != nil {
		return 0, err
	}
	return outcomeRefunded, s.FinishRefund(tx, by, r)
}

// FinishRefund writes down that a refund has succeeded, and lets others follow.
func (s *Service) FinishRefund(tx *store.Tx, by models.Actor, r *money.Refund) error {
	err := office.Audit(tx, by, "refund.success", "refund", r.No, map[string]any{
		"order": r.OrderNo, "amount_fen": r.AmountFen, "learned_by": r.Source,
	})
	if err == nil {
		err = receipt.OnRefund(tx, r)
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
		return &ErrMismatch{proof.EventRefundState, "it was closed, and its amount has gone back otherwise"}
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
	err = HoldPrepaid(tx, r, lines)
	if errors.Is(err, money.ErrPrepaidShort) {
		return &ErrMismatch{proof.EventRefundState, "it was closed, and its prepayment is spent"}
	}
	return err
}

// SpendRefund moves the money in the books: bills, prepayment, journal.
func SpendRefund(tx *store.Tx, r *money.Refund, lines []money.RefundLine, from string) error {
	var shares []billing.PaidShare
	for _, l := range lines {
		if l.BillID != "" {
			shares = append(shares, PaidShareOf(l))
		}
	}
	err := billing.Unapply(tx, UnapplyOf(r, from), shares)
	if errors.Is(err, billing.ErrShareGone) {
		return &ErrMismatch{proof.EventRefundState, "its bills no longer have the money"}
	}
	if err != nil {
		return err
	}
	return money.Journal(tx,
		[]money.JournalLine{{Kind: money.JournalRefundPrepaid, Debit: money.AccountRefunding, Credit: from, AmountFen: r.PrepaidFen,
			CommunityID: r.CommunityID, RoomID: r.RoomID, PaymentID: r.PaymentID, Merchant: r.Merchant}})
}

func UnapplyOf(r *money.Refund, from string) billing.UnapplyRequest {
	return billing.UnapplyRequest{
		RefundNo: r.No, PaymentID: r.PaymentID, CommunityID: r.CommunityID, RoomID: r.RoomID, Merchant: r.Merchant, Credit: from,
		Credited: r.BillAfter == money.BillsCredited, Approval: billing.Approval{Asked: r.Asked, Approved: r.Decided, Reason: r.Reason},
	}
}

// CloseRefund ends a refund that will never arrive: what it held is free again.
func CloseRefund(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p RefundProof, fault string) (outcome, error) {
	switch r.Status {
	case money.RefundClosed:
		if fault != money.RefundFaultClosed || !r.Doubtful() {
			return OutcomeUnchanged, nil
		}
		r.Fault, r.NextCheckAt = fault, models.Time{} // now WeChat has said so, too
		return outcomeMoved, money.SaveRefund(tx, money.RefundClosed, r)
	case money.RefundSuccess:
		return 0, &ErrMismatch{proof.EventRefundState, "closed, but it had succeeded"}
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

// markAbnormal notes that the payer's account cannot take the money. It stays held:
// WeChat keeps it until staff have acted.
func markAbnormal(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p RefundProof) (outcome, error) {
	switch r.Status {
	case money.RefundAbnormal, money.RefundSuccess:
		return OutcomeUnchanged, nil
	case money.RefundClosed:
		if !r.Doubtful() {
			return 0, &ErrMismatch{proof.EventRefundState, "abnormal, but it had been closed"}
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
	r.NextCheckAt = NextRefundCheck(*r)
	if err := money.SaveRefund(tx, was, r); err != nil {
		return 0, err
	}
	if err := money.OrderRefundState(tx, o); err != nil {
		return 0, err
	}
	return outcomeMoved, office.Audit(tx, by, "refund.abnormal", "refund", r.No, map[string]string{"order": r.OrderNo})
}
