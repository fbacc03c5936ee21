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

// Refundable is what of an order can still go back: what its payment settles of
// bills, and what of it is in the room's prepayment, less what is asked for or under
// way.
type Refundable struct {
	Payment    money.Payment
	Sum        money.RefundSum
	Shares     []billing.PaidShare // latest due bill first
	PrepaidFen models.Fen
	PrepaidNo  error // why nothing of the prepayment can go back, or nil
	order      money.Order
}

// FreeFen is all that can go back.
func (f Refundable) FreeFen() models.Fen {
	total := f.PrepaidFen
	for _, s := range f.Shares {
		total = total.Plus(s.TotalFen())
	}
	return total.Min(f.Sum.FreeFen())
}

// RefundableOf tells what of a paid order can go back. It refuses an order that is
// not paid, or was paid too long ago.
func RefundableOf(tx *store.Tx, o money.Order) (Refundable, error) { return refundable(tx, o, "") }

// refundable leaves the lines of one refund out of what is held: it asks for itself.
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
	if err := f.lessHeld(tx, but); err != nil {
		return f, err
	}
	if err := f.lessSpent(tx); err != nil {
		return f, err
	}
	return f, f.sort(tx)
}

// lessHeld takes off what other refunds hold. Prepayment leaves its balance when a
// refund is sent; until then it is only asked for.
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

// lessSpent takes off prepayment that is there no more, or is another owner's.
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

// passedOn reports whether prepayment of a day has gone to a new owner with the room.
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

// choose makes the lines of what is asked for: those that are named; else an amount,
// out of prepayment first, then off the bills, principal before late fee; else all.
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

func sumOfShares(shares []billing.PaidShare) (total models.Fen) {
	for _, s := range shares {
		total = total.Plus(s.TotalFen())
	}
	return total
}

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

// lines turns shares into lines, refusing what is not there.
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

// prepaidLines takes an amount out of the room's balances: first that of the fee item
// it was paid in for, then the general one, then the others.
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
