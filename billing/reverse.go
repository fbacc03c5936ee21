package billing

import (
	"fmt"
	"maps"
	"slices"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// Reverse takes everything that a payment still settles off its bills 冲正.
// Afterwards the bills are as if the payment had never been: each allocation
// has one of the opposite sign that counts from the same day, so that late fee
// accrues on the principal without a gap. An early-payment discount that the
// payment helped to earn is lost as with [Unapply].
//
// It returns the sum that came off. The caller takes back what the payment
// brought to prepayment, directly or by a discount.
func Reverse(tx *store.Tx, u UnapplyRequest) (models.Fen, error) {
	u.reversal = true
	settled, err := money.AllocationsByBill(tx, u.PaymentID)
	if err != nil || len(settled) == 0 {
		return 0, err
	}
	shares := make([]PaidShare, 0, len(settled))
	for _, id := range slices.Sorted(maps.Keys(settled)) {
		shares = append(shares, PaidShare{BillID: id})
	}
	list, err := planUnapply(tx, u, shares, true)
	if err != nil {
		return 0, err
	}
	total := models.Fen(0)
	for i := range list {
		if err := list[i].book(tx, u); err != nil {
			return 0, fmt.Errorf("reverse payment on bill %s: %w", list[i].Before.ID, err)
		}
		total = total.Plus(list[i].PrincipalFen + list[i].LateFeeFen)
	}
	return total, nil
}

// reversedAllocations returns, by bill, the allocations that a reversed payment
// loses. It reserves in funds what goes back with the payment itself. The bills
// must be locked: a correction may have taken some of the money off them
// already.
func reversedAllocations(tx *store.Tx, u UnapplyRequest, funds *models.Fen) (map[string][]money.Allocation, error) {
	own, err := money.PrepaidOfPayment(tx, u.PaymentID)
	if err != nil {
		return nil, err
	}
	for _, e := range own { // goes back with the payment, so it cannot pay a lost discount
		if e.Item == "" {
			*funds = max(0, *funds-e.AmountFen)
		}
	}
	return money.AllocationsByBill(tx, u.PaymentID)
}

// opposite returns, for each day, the allocation that cancels those of that
// day.
func opposite(settled []money.Allocation) []money.Allocation {
	var out []money.Allocation
	for _, a := range settled {
		i := slices.IndexFunc(out, func(o money.Allocation) bool { return o.EffectiveOn == a.EffectiveOn })
		if i < 0 {
			i = len(out)
			out = append(out, money.Allocation{PaymentID: a.PaymentID, BillID: a.BillID, RoomID: a.RoomID, EffectiveOn: a.EffectiveOn})
		}
		out[i].PrincipalFen -= a.PrincipalFen
		out[i].LateFeeFen -= a.LateFeeFen
	}
	return slices.DeleteFunc(out, func(o money.Allocation) bool { return o.PrincipalFen == 0 && o.LateFeeFen == 0 })
}
