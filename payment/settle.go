package payment

import (
	"context"
	"errors"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/receipt"
)

// Outcomes of [Service.SettleRefund].
const (
	outcomeRefunded  Outcome = iota + outcomeSurplus + 1 // the refund has succeeded now
	outcomeMoved                                         // it moved to another state
	OutcomeUnchanged                                     // nothing new
)

// PaymentProof is what WeChat reports about money it took, by whatever way it
// became known.
type PaymentProof struct {
	Merchant      string
	OrderNo       string
	TransactionID string
	AppID         string // partner mode: the provider's; in a bill this or SubAppID
	SubAppID      string // partner mode only; empty if the source does not contain it
	MchID         string
	SubMchID      string
	OpenID        string // under AppID; empty if the source does not contain it
	SubOpenID     string // under SubAppID; empty if the source does not contain it
	Currency      string
	TotalFen      models.Fen
	PaidAt        models.Time
	LearnedBy     string
	// Evidence, if set, is stored with the booking, in its transaction.
	Evidence *proof.Evidence
}

// ErrMismatch reports money that is not what the order asked for. Nothing is
// booked, and staff must act.
type ErrMismatch struct{ Reason, Detail string }

// Error returns reason and detail.
func (e *ErrMismatch) Error() string { return "payment: " + e.Reason + ": " + e.Detail }

// Outcome is what a settlement did.
type Outcome int

const (
	outcomeBooked  Outcome = iota + 1 // the money is booked now
	outcomeRepeat                     // it had been booked before
	outcomeSurplus                    // booked, and part of it found no bill to settle
)

// String returns the outcome as evidence and metrics name it.
func (o Outcome) String() string {
	return [...]string{outcomeBooked: proof.VerdictBooked, outcomeRepeat: proof.VerdictRepeat, outcomeSurplus: proof.VerdictSurplus,
		outcomeRefunded: proof.VerdictRefunded, outcomeMoved: proof.VerdictRefundMoved, OutcomeUnchanged: proof.VerdictRepeat}[o]
}

// Settle books money that WeChat took for an order. It is the only way in which
// an order becomes paid. Reported twenty times at once, it is booked once. An
// error means that nothing was booked; an *[ErrMismatch], that nothing will be
// without staff.
func (s *Service) Settle(ctx context.Context, by models.Actor, p PaymentProof) (Outcome, error) {
	var done Outcome
	var late []string
	err := s.DB.Write(ctx, func(tx *store.Tx) (err error) {
		done, late, err = s.settleIn(tx, by, p)
		return err
	})
	if err == nil && len(late) > 0 {
		s.Expedite(ctx, late)
	}
	if errors.Is(err, money.ErrPaymentExists) {
		// The unique key refused the row: this transaction is booked for another order.
		return 0, &ErrMismatch{proof.EventOtherPayment, "the transaction is booked already"}
	}
	return done, err
}

// Expedite makes the next sweep query every other order still open on these
// bills, so that they are not paid twice. It runs in its own transaction
// because the booking holds the bills, and a transaction that holds one of
// those orders may be waiting for them. If it fails, the orders are queried a
// little later.
func (s *Service) Expedite(ctx context.Context, bills []string) {
	err := s.DB.Write(ctx, func(tx *store.Tx) error { return money.HurryOrdersOn(tx, bills) })
	if err != nil {
		s.Log.WarnContext(ctx, "open orders on settled bills not hurried", "err", err)
	}
}

// settleIn is the booking transaction. late are the bills of an order that was
// no longer open; another order may be open for them.
func (s *Service) settleIn(tx *store.Tx, by models.Actor, p PaymentProof) (done Outcome, late []string, err error) {
	order, err := money.LockOrder(tx, p.OrderNo)
	if errors.Is(err, models.ErrNotFound) {
		return 0, nil, &ErrMismatch{proof.EventUnknownOrder, "no such order"}
	}
	if err != nil {
		return 0, nil, err
	}
	if err := compareOrder(order, p); err != nil {
		return 0, nil, err
	}
	if order.TransactionID != "" {
		if order.TransactionID != p.TransactionID {
			return 0, nil, &ErrMismatch{proof.EventOtherPayment, "the order is paid by another transaction"}
		}
		return outcomeRepeat, nil, nil
	}
	// Two persons may have booked the money from a finding, before WeChat's word of the
	// order came. They lock the order too.
	if booked, err := proof.FindingBooked(tx, p.TransactionID); err != nil || booked {
		return 0, nil, errors.Join(err, foundMoney(booked))
	}
	lines, settlement, err := money.LinesToSettle(tx, order.No)
	if err != nil {
		return 0, nil, err
	}
	if order.Status != money.OrderPending {
		late = billIDs(lines)
	}
	payment, err := s.book(tx, by, &order, p, lines, settlement)
	if done = outcomeBooked; payment.SurplusFen > 0 {
		done = outcomeSurplus
	}
	if err == nil && p.Evidence != nil {
		p.Evidence.OrderNo, p.Evidence.Verdict = order.No, done.String()
		err = proof.KeepEvidence(tx, p.Evidence)
	}
	return done, late, err
}

// foundMoney returns the mismatch of money that is booked from a finding.
func foundMoney(booked bool) error {
	if !booked {
		return nil
	}
	return &ErrMismatch{proof.EventOtherPayment, "the transaction is booked already"}
}

// book makes a locked order paid. Its money settles its bills and goes to the
// room's prepayment, and its bills are free for other orders again.
func (s *Service) book(tx *store.Tx, by models.Actor, order *money.Order, p PaymentProof, lines []money.OrderLine,
	settlement string) (money.Payment, error) {
	payment := money.Payment{ID: models.NewID(), Channel: money.ChannelWechat, OrderNo: &order.No, TransactionID: &p.TransactionID,
		Merchant: order.Merchant, CommunityID: order.CommunityID, RoomID: order.RoomID, UserID: order.UserID, AmountFen: order.AmountFen,
		Source: p.LearnedBy, PaidAt: p.PaidAt, PaidOn: p.PaidAt.Date(), BookedAt: tx.Now}
	if err := spend(tx, order, &payment, lines, settlement); err != nil {
		return payment, err
	}
	// After the last read: from here on statements need no answer and are sent together.
	if err := money.PayOrder(tx, order, p.TransactionID, p.PaidAt); err != nil {
		return payment, err
	}
	if err := money.ReleaseClaims(tx, order.No); err != nil {
		return payment, err
	}
	if err := s.returnSurplus(tx, order, &payment); err != nil {
		return payment, err
	}
	err := office.Audit(tx, by, "order.paid", "order", order.No, map[string]any{
		"amount_fen": order.AmountFen, "surplus_fen": payment.SurplusFen, "learned_by": p.LearnedBy,
	})
	if err == nil {
		err = s.AfterBooking(tx, order, &payment)
	}
	return payment, err
}

// compareOrder compares WeChat's report with the order. Money that is not
// exactly what was asked for is never booked automatically.
func compareOrder(o money.Order, p PaymentProof) error {
	differs := func(what string) error { return &ErrMismatch{proof.EventMismatch, what + " differs from the order's"} }
	switch {
	case p.Merchant != o.Merchant || p.MchID != o.MchID:
		return differs("merchant")
	case p.SubMchID != o.SubMchID:
		return differs("sub-merchant")
	case !sameApp(o, p):
		return differs("app")
	case p.TotalFen != o.AmountFen:
		return differs("amount")
	case p.Currency != "" && p.Currency != "CNY":
		return differs("currency")
	case !samePayer(o, p):
		return differs("payer")
	case p.TransactionID == "":
		return &ErrMismatch{proof.EventMalformed, "no transaction id"}
	case p.PaidAt.IsZero():
		return &ErrMismatch{proof.EventMalformed, "no success time"}
	}
	return nil
}

// sameApp reports whether the money was taken under the order's app. Under the company's
// own mini-program an order has two: WeChat's answers name both, and its bill has room
// for one, of which it is not documented whose it is.
func sameApp(o money.Order, p PaymentProof) bool {
	if o.SubAppID == "" {
		return p.AppID == o.AppID
	}
	if p.LearnedBy == money.LearnedByReconcile {
		return p.AppID == o.AppID || p.AppID == o.SubAppID
	}
	return p.AppID == o.AppID && p.SubAppID == o.SubAppID
}

// samePayer reports whether the payer, where the source names one, is the order's. The
// order knows its payer under the mini-program alone, so under the company's own the
// openid of the provider's app says nothing.
func samePayer(o money.Order, p PaymentProof) bool {
	openID := p.OpenID
	if o.SubAppID != "" {
		openID = p.SubOpenID
	}
	return openID == "" || openID == o.OpenID
}

// spend settles the bills of the order and moves the rest, and what was paid in
// advance on purpose, into the room's prepayment.
func spend(tx *store.Tx, o *money.Order, p *money.Payment, lines []money.OrderLine, settlement string) error {
	// The quoted late fee is final for an order that is paid in time, even after midnight.
	effective := o.QuotedOn
	if p.PaidAt.After(o.ExpiresAt.Time) {
		effective = p.PaidOn
	}
	portions := make([]billing.Portion, len(lines))
	for i, l := range lines {
		portions[i] = billing.Portion{BillID: l.BillID, Amount: l.TotalFen()}
	}
	left, applied, err := billing.ApplyDetailed(tx, billing.Money{
		PaymentID: p.ID, RoomID: o.RoomID, CommunityID: o.CommunityID, Merchant: o.Merchant, Debit: money.AccountWechat,
		Settlement: settlement, EffectiveOn: effective,
	}, portions)
	if err != nil {
		return err
	}
	p.SurplusFen = left
	// The room comes before the payment. The payment's foreign key takes a shared lock on
	// the room, and two transactions that wrote it afterwards would wait for each other.
	if err := CreditPrepaid(tx, p, o.PrepayItem, money.PrepaidTopup, o.PrepayFen); err != nil {
		return err
	}
	if err := CreditPrepaid(tx, p, "", money.PrepaidSurplus, left); err != nil {
		return err
	}
	if err := money.InsertPayment(tx, p); err != nil {
		return err
	}
	return receipt.Freeze(tx, p, applied, o.PrepayFen, o.PrepayItem)
}

// billIDs returns the bills of the lines.
func billIDs(lines []money.OrderLine) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.BillID
	}
	return out
}
