package billing

import (
	"slices"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// unappliedBills returns the ids of the bills that change, ascending: those of
// the shares, and those of the same year that lose an early-payment discount
// with them.
func unappliedBills(tx *store.Tx, u UnapplyRequest, shares []PaidShare) ([]string, error) {
	ids := make([]string, 0, len(shares))
	for _, s := range shares {
		ids = append(ids, s.BillID)
	}
	if !u.Credited {
		bills, err := fees.BillsByIDs(tx, ids)
		if err != nil {
			return nil, err
		}
		for _, b := range bills {
			mates, err := billsOfSameDiscount(tx, b)
			if err != nil {
				return nil, err
			}
			ids = append(ids, mates...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// billsOfSameDiscount returns the bills of the same tariff and year that have a
// discount, if the bill has one: they earned it together.
func billsOfSameDiscount(tx *store.Tx, b fees.Bill) ([]string, error) {
	if b.DiscountFen == 0 || b.TariffID == "" {
		return nil, nil
	}
	t, err := fees.TariffByID(tx, b.TariffID)
	if err != nil {
		return nil, err
	}
	y, m, _ := b.PeriodStart.Parts()
	year := calc.Period{Year: y, Month: m}.CycleOf(fees.CycleYear, t.CycleStart)
	list, err := fees.BillsOfYear(tx, b.RoomID, t.ID, year.From, year.To)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, mate := range list {
		if mate.DiscountFen > 0 {
			out = append(out, mate.ID)
		}
	}
	return out, nil
}

// loseDiscount removes a bill's discount. The part that was credited to
// prepayment pays the bill again, effective on the day it was credited; the
// rest becomes owed. Credits that came from the payment being reversed are
// reversed with it instead.
func (x *UnappliedBill) loseDiscount(tx *store.Tx, u UnapplyRequest, b *fees.Bill, funds *models.Fen) error {
	x.DiscountFen = b.DiscountFen
	b.DiscountFen = 0
	b.EntryCount++
	credits, err := money.PrepaidCredits(tx, b.ID)
	if err != nil {
		return err
	}
	var payments []string
	for id, amount := range credits {
		if id != "" && amount > 0 && !(u.reversal && id == u.PaymentID) {
			payments = append(payments, id)
		}
	}
	slices.Sort(payments)
	still, err := money.PrepaidOfPayments(tx, payments)
	if err != nil {
		return err
	}
	for _, id := range payments {
		back := (x.DiscountFen - x.RepaidFen).Min(credits[id]).Min(max(0, still[id])).Min(*funds)
		if back == 0 {
			continue
		}
		x.RepaidFen += back
		*funds -= back
		x.added = append(x.added, money.Allocation{
			PaymentID: id, PrincipalFen: back, EffectiveOn: creditedOn(x.Before.History, id, tx.Today()),
		})
	}
	b.PaidPrincipalFen += x.RepaidFen
	return nil
}

// creditedOn returns the day from which money of a payment was last taken off a
// bill.
func creditedOn(h History, paymentID string, today models.Date) models.Date {
	for i := len(h.Allocations) - 1; i >= 0; i-- {
		if a := h.Allocations[i]; a.PaymentID == paymentID && a.PrincipalFen < 0 {
			return a.EffectiveOn
		}
	}
	return today
}
