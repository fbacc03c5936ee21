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

// PaidShareOf returns the share of a bill that a line of a refund returns.
func PaidShareOf(l money.RefundLine) billing.PaidShare {
	return billing.PaidShare{BillID: l.BillID, PrincipalFen: l.PrincipalFen, LateFeeFen: l.LateFeeFen}
}

// closedRefundRecheck is when a refund that was closed without confirmation
// from WeChat is queried once more.
const closedRefundRecheck = 5 * time.Minute

// NextRefundCheck returns when to take the next step for a refund, in real
// time: soon if it is not sent yet; every minute and then less often while
// WeChat processes it, because bank cards take days; and a few times a day
// while staff have to act.
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

// RefundProof is what WeChat reports about a refund, by whatever way it became
// known.
type RefundProof struct {
	Merchant      string
	OrderNo       string
	RefundNo      string
	RefundID      string
	TransactionID string
	MchID         string // empty if the source does not contain it
	SubMchID      string
	Status        string // in WeChat's spelling
	RefundFen     models.Fen
	TotalFen      models.Fen
	DoneAt        models.Time
	AcceptedAt    models.Time // zero if the source does not contain it
	LearnedBy     string

	// Evidence, if set, is stored with the change that it causes, in the same
	// transaction.
	Evidence *proof.Evidence
}

// RefundProofOf returns what a refund of WeChat proves.
func RefundProofOf(m *Merchant, r wechatpay.Refund, learnedBy string) RefundProof {
	return RefundProof{
		Merchant: m.Name, OrderNo: r.OutTradeNo, RefundNo: r.OutRefundNo, RefundID: r.RefundID, TransactionID: r.TransactionID,
		MchID: r.MchID, SubMchID: r.SubMchID, Status: r.Status, RefundFen: models.Fen(r.RefundFen), TotalFen: models.Fen(r.TotalFen),
		DoneAt: models.At(r.SuccessTime), AcceptedAt: models.At(r.CreatedAt), LearnedBy: learnedBy,
	}
}

// SettleRefund books what WeChat reports about a refund. It is the only way in
// which a refund succeeds, is closed or becomes abnormal. Reported twenty times
// at once, it is booked once. An *[ErrMismatch] means that the report does not
// match and will not without staff.
func (s *Service) SettleRefund(ctx context.Context, by models.Actor, p RefundProof) (done Outcome, err error) {
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

// settleRefundIn is the transaction of SettleRefund.
func (s *Service) settleRefundIn(tx *store.Tx, by models.Actor, p RefundProof) (Outcome, error) {
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

// compareRefund compares WeChat's report with the refund. A refund that is not
// exactly what was requested is never booked automatically.
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

// markProcessing records that WeChat accepted the refund. A refund we closed
// without confirmation from WeChat is reopened.
func markProcessing(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p RefundProof) (Outcome, error) {
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
		return OutcomeUnchanged, nil // a late report
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

// succeedRefund books a refund that the payer has received. Its shares are
// taken off their bills, its prepayment leaves for good, and the reserved
// amount is spent.
func (s *Service) succeedRefund(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p RefundProof) (Outcome, error) {
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

// FinishRefund records that a refund has succeeded and runs what follows from
// it.
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

// reopen reserves again what a closed refund had released, because WeChat paid
// it after all. If that was used in the meantime, staff must act.
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
	if _, err := fees.LockBills(tx, bills); err != nil { // bills before the room, as everywhere
		return err
	}
	err = HoldPrepaid(tx, r, lines)
	if errors.Is(err, money.ErrPrepaidShort) {
		return &ErrMismatch{proof.EventRefundState, "it was closed, and its prepayment is spent"}
	}
	return err
}

// SpendRefund moves the money of a refund in the books: bills, prepayment,
// journal. from is the account that the money left.
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

// UnapplyOf returns what a refund takes off its bills. from is the account that the money left.
func UnapplyOf(r *money.Refund, from string) billing.UnapplyRequest {
	return billing.UnapplyRequest{
		RefundNo: r.No, PaymentID: r.PaymentID, CommunityID: r.CommunityID, RoomID: r.RoomID, Merchant: r.Merchant, Credit: from,
		Credited: r.BillAfter == money.BillsCredited, Approval: billing.Approval{Asked: r.Asked, Approved: r.Decided, Reason: r.Reason},
	}
}

// CloseRefund closes a refund that will never arrive and releases what it
// reserved.
func CloseRefund(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p RefundProof, fault string) (Outcome, error) {
	switch r.Status {
	case money.RefundClosed:
		if fault != money.RefundFaultClosed || !r.Doubtful() {
			return OutcomeUnchanged, nil
		}
		r.Fault, r.NextCheckAt = fault, models.Time{} // now WeChat has confirmed it
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

// markAbnormal records that the payer's account cannot take the money. The
// money stays reserved: WeChat keeps it until staff have acted.
func markAbnormal(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, p RefundProof) (Outcome, error) {
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
