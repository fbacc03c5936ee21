package refund

import (
	"slices"
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// Refundable is what of an order can still go back: what its payment settles of bills,
// and what of it is in the room's prepayment, less what other refunds have asked for or
// are returning. All amounts are in fen.
//
// Without locks it holds only for the moment: two requests may see the same amount, and
// [money.HoldRefund] and the check in [Approve] decide which of them gets it.
type Refundable struct {
	Payment    money.Payment
	Sum        money.RefundSum
	Shares     []billing.PaidShare // latest due bill first
	PrepaidFen models.Fen
	PrepaidNo  error // why nothing of the prepayment can go back, or nil
	order      money.Order
}

// FreeFen returns all that can go back. It is never more than the payment has left.
func (f Refundable) FreeFen() models.Fen {
	total := f.PrepaidFen
	for _, s := range f.Shares {
		total = total.Plus(s.TotalFen())
	}
	return total.Min(f.Sum.FreeFen())
}

// RefundableOf returns what of a paid order can go back. It returns [ErrRefundOrder] for
// an order that was not paid, [ErrRefundTooLate] if it was paid more than 365 days ago,
// and [payment.ErrRefundParts] if 50 refunds of it were approved, closed ones included.
// The last two are limits of WeChat.
func RefundableOf(tx *store.Tx, o money.Order) (Refundable, error) { return refundable(tx, o, "") }

// refundable is [RefundableOf] for a decision about the refund with the number but: what
// that refund has asked for itself does not count as held. An empty number leaves out
// none.
func refundable(tx *store.Tx, o money.Order, but string) (Refundable, error) {
	f := Refundable{order: o}
	if !o.WasPaid() {
		return f, ErrRefundOrder
	}
	if tx.Now.Sub(o.PaidAt.Time) > money.RefundWindow {
		return f, ErrRefundTooLate
	}
	var err error
	if f.Payment, err = money.PaymentOfOrder(tx, o.No); err != nil {
		return f, err
	}
	if f.Sum, err = money.RefundSumOf(tx, f.Payment); err != nil {
		return f, err
	}
	if f.Sum.Parts >= money.RefundParts {
		return f, payment.ErrRefundParts
	}
	if f.Shares, err = billing.SharesOf(tx, f.Payment.ID); err != nil {
		return f, err
	}
	in, err := money.PrepaidOfPayments(tx, []string{f.Payment.ID})
	if err != nil {
		return f, err
	}
	f.PrepaidFen = max(0, in[f.Payment.ID])
	// First what is spent, then what is held: money that is asked for is still in the balance.
	if err := f.lessSpent(tx); err != nil {
		return f, err
	}
	if err := f.lessHeld(tx, but); err != nil {
		return f, err
	}
	return f, f.sort(tx)
}

// lessHeld takes off what other refunds hold. Shares of bills stay on their bills until a
// refund has succeeded, so they count as held until then. Prepayment is out of the balance
// as soon as a refund is approved, with an entry that names the payment: after that it is
// missing already, and only what is still asked for is taken off here.
func (f *Refundable) lessHeld(tx *store.Tx, but string) error {
	held, err := money.HeldLines(tx, f.Payment.ID, but)
	if err != nil {
		return err
	}
	for _, l := range held {
		if l.BillID == "" {
			if l.Status == money.RefundAsked {
				f.PrepaidFen = max(0, f.PrepaidFen-l.PrepaidFen)
			}
			continue
		}
		i := slices.IndexFunc(f.Shares, func(s billing.PaidShare) bool { return s.BillID == l.BillID })
		if i >= 0 {
			f.Shares[i].PrincipalFen = max(0, f.Shares[i].PrincipalFen-l.PrincipalFen)
			f.Shares[i].LateFeeFen = max(0, f.Shares[i].LateFeeFen-l.LateFeeFen)
		}
	}
	f.Shares = slices.DeleteFunc(f.Shares, func(s billing.PaidShare) bool { return s.TotalFen() <= 0 })
	return nil
}

// lessSpent takes off prepayment that is not there any more, or belongs to another owner.
// Money that was spent on bills is not known by payment, so the limit is the balance of
// the whole room. For example, of two top-ups of 100 yuan each, 150 were spent: either
// payment can return 50, but not both. What refunds of other payments only ask for is
// still in the balance and does not lower this limit, which is one reason why [Approve]
// checks again.
func (f *Refundable) lessSpent(tx *store.Tx) error {
	if f.PrepaidFen == 0 {
		return nil
	}
	balance, err := money.PrepaidBalances(tx, []string{f.order.RoomID})
	if err != nil {
		return err
	}
	total := models.Fen(0)
	for _, b := range balance[f.order.RoomID] {
		total = total.Plus(b.AmountFen)
	}
	f.PrepaidFen = f.PrepaidFen.Min(total)
	gone, err := passedOn(tx, f.order.RoomID, f.Payment.PaidOn)
	if gone {
		f.PrepaidFen, f.PrepaidNo = 0, ErrRefundTransfer
	}
	return err
}

// passedOn reports whether prepayment that was paid on a day has gone to a new owner with
// the room. Days are those of Asia/Shanghai, and TransferOn is the new owner's first day.
// For example, with a transfer on 1 June, prepayment of 31 May has passed on from 1 June
// on, but that of 1 June has not.
func passedOn(tx *store.Tx, roomID string, paidOn models.Date) (bool, error) {
	list, err := estate.TransfersOfRoom(tx, roomID)
	for _, t := range list {
		if t.PrepaidTo == estate.PrepaidStays && t.TransferOn > paidOn && t.TransferOn <= tx.Today() {
			return true, err
		}
	}
	return false, err
}

// sort puts the bill that was due last first: an amount goes back in the opposite
// order to that in which it settled.
func (f *Refundable) sort(tx *store.Tx) error {
	ids := make([]string, len(f.Shares))
	for i, s := range f.Shares {
		ids[i] = s.BillID
	}
	bills, err := fees.BillsByIDs(tx, ids)
	slices.SortFunc(f.Shares, func(a, b billing.PaidShare) int {
		x, y := bills[a.BillID], bills[b.BillID]
		if x.DueOn != y.DueOn {
			return int(y.DueOn - x.DueOn)
		}
		return strings.Compare(b.BillID, a.BillID)
	})
	return err
}

// choose returns the lines of what is asked for: those that are named; without them, the
// amount divided by split; without either, all that can go back. It returns
// [payment.ErrRefundTooMuch] for more than can go back and for nothing at all, and
// [ErrRefundAmount] if an amount is given beside the lines and is not their sum.
func (f *Refundable) choose(tx *store.Tx, ask Ask) ([]money.RefundLine, error) {
	shares, prepaid := ask.Lines, ask.PrepaidFen
	if len(shares) == 0 && prepaid == 0 {
		amount := ask.AmountFen
		if amount == 0 {
			amount = f.FreeFen()
		}
		if amount > f.FreeFen() || amount == 0 {
			return nil, payment.ErrRefundTooMuch
		}
		shares, prepaid = f.split(amount)
	} else if sum := sumOfShares(shares) + prepaid; ask.AmountFen != 0 && ask.AmountFen != sum {
		return nil, ErrRefundAmount
	}
	return f.lines(tx, shares, prepaid)
}

// sumOfShares returns the sum of principal and late fee of all shares.
func sumOfShares(shares []billing.PaidShare) (total models.Fen) {
	for _, s := range shares {
		total = total.Plus(s.TotalFen())
	}
	return total
}

// split divides an amount: prepayment first, then the bills, the one that was due last
// first, and of each bill the principal before the late fee. For example, 70 yuan of an
// order with 50 of prepayment and a bill of 15 principal and 9 late fee are 50 of
// prepayment, 15 of principal and 5 of late fee.
func (f *Refundable) split(amount models.Fen) (shares []billing.PaidShare, prepaid models.Fen) {
	prepaid = amount.Min(f.PrepaidFen)
	amount -= prepaid
	for _, s := range f.Shares {
		x := billing.PaidShare{BillID: s.BillID, PrincipalFen: amount.Min(s.PrincipalFen)}
		amount -= x.PrincipalFen
		x.LateFeeFen = amount.Min(s.LateFeeFen)
		amount -= x.LateFeeFen
		if x.TotalFen() > 0 {
			shares = append(shares, x)
		}
	}
	return shares, prepaid
}

// lines returns the lines of shares and an amount of prepayment. A bill that is named
// twice, or a share larger than what can go back of it, returns [payment.ErrRefundTooMuch];
// so does too much prepayment, or [ErrRefundTransfer] if it now is a new owner's.
func (f *Refundable) lines(tx *store.Tx, shares []billing.PaidShare, prepaid models.Fen) ([]money.RefundLine, error) {
	var out []money.RefundLine
	seen := map[string]bool{}
	for _, s := range shares {
		i := slices.IndexFunc(f.Shares, func(x billing.PaidShare) bool { return x.BillID == s.BillID })
		if i < 0 || seen[s.BillID] || s.PrincipalFen > f.Shares[i].PrincipalFen || s.LateFeeFen > f.Shares[i].LateFeeFen {
			return nil, payment.ErrRefundTooMuch
		}
		seen[s.BillID] = true
		out = append(out, money.RefundLine{BillID: s.BillID, PrincipalFen: s.PrincipalFen, LateFeeFen: s.LateFeeFen})
	}
	if prepaid == 0 {
		return out, nil
	}
	if prepaid > f.PrepaidFen {
		if f.PrepaidNo != nil {
			return nil, f.PrepaidNo
		}
		return nil, payment.ErrRefundTooMuch
	}
	parts, err := prepaidLines(tx, f.order.RoomID, f.order.PrepayItem, prepaid)
	return append(out, parts...), err
}

// prepaidLines divides an amount among the room's balances: first that of the fee item for
// which it was paid in, then the general one, then the others, since staff may have moved
// the money to another item. It moves nothing. It returns [money.ErrPrepaidShort] if the
// balances together are less.
func prepaidLines(tx *store.Tx, roomID, item string, amount models.Fen) ([]money.RefundLine, error) {
	balances, err := money.PrepaidBalances(tx, []string{roomID})
	if err != nil {
		return nil, err
	}
	list := balances[roomID]
	slices.SortStableFunc(list, func(a, b money.PrepaidBalance) int {
		rank := func(x money.PrepaidBalance) int {
			switch x.Item {
			case item:
				return 0
			case "":
				return 1
			}
			return 2
		}
		return rank(a) - rank(b)
	})
	var out []money.RefundLine
	for _, b := range list {
		part := amount.Min(b.AmountFen)
		if part == 0 {
			continue
		}
		amount -= part
		out = append(out, money.RefundLine{Item: b.Item, PrepaidFen: part})
	}
	if amount > 0 {
		return nil, money.ErrPrepaidShort
	}
	return out, nil
}
