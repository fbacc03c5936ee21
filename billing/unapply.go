package billing

import (
	"fmt"
	"slices"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// Refusals of [Unapply] and of adjustments during a refund.
var (
	ErrShareGone     = models.Refusal(models.KindConflict, "REFUND_SHARE_GONE", "账单上已没有这笔支付的这部分款项，不能从账单退款")
	ErrBillRefunding = models.Refusal(models.KindConflict, "BILL_REFUNDING", "该账单有退款正在办理，完成后才能调整")
)

// PaidShare holds what a payment settles of a bill.
type PaidShare struct {
	BillID       string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
}

// TotalFen returns principal and late fee together.
func (s PaidShare) TotalFen() models.Fen { return s.PrincipalFen + s.LateFeeFen }

// SharesOf returns, by bill, what a payment has settled and still settles.
func SharesOf(tx *store.Tx, paymentID string) ([]PaidShare, error) {
	list, err := money.AllocationsOfPayment(tx, paymentID)
	if err != nil {
		return nil, err
	}
	var out []PaidShare
	for _, a := range list {
		i := slices.IndexFunc(out, func(s PaidShare) bool { return s.BillID == a.BillID })
		if i < 0 {
			i = len(out)
			out = append(out, PaidShare{BillID: a.BillID})
		}
		out[i].PrincipalFen += a.PrincipalFen
		out[i].LateFeeFen += a.LateFeeFen
	}
	return slices.DeleteFunc(out, func(s PaidShare) bool { return s.TotalFen() == 0 }), nil
}

// UnapplyRequest describes money of a payment that went back to its payer.
type UnapplyRequest struct {
	RefundNo    string
	PaymentID   string
	CommunityID string
	RoomID      string
	Merchant    string
	Credit      string // the account that the money left, such as money.AccountWechat
	Credited    bool   // the bills stay settled and the company bears the amount
	Approval    Approval

	reversal bool // the whole payment is undone, see [Reverse]
}

// UnappliedBill is a bill before and after money for it went back.
type UnappliedBill struct {
	Before       BillState
	After        BillState
	PrincipalFen models.Fen // that went back
	LateFeeFen   models.Fen // that went back
	DiscountFen  models.Fen // early-payment discount that is no longer earned
	RepaidFen    models.Fen // part of it that prepayment pays, to which it had been credited
	removed      []money.Allocation
	added        []money.Allocation
}

// Unapply takes shares of a payment off their bills, after the money has gone
// back. There are two ways:
//
//   - owed again: the bill is as if that part had never been paid. The principal is
//     owed, and late fee accrues on it from the day of the payment, with plans and
//     caps as before. An early-payment discount for the whole year is lost on all
//     bills of that year. It had been credited to the room's prepayment, and is
//     taken from there as far as it is still there; the rest is owed.
//   - credited: the bill stays as it is. A share of the company takes the place of
//     the share of the payment.
//
// Unapply returns [ErrShareGone] for a share that is no longer on its bill;
// then nothing is changed.
func Unapply(tx *store.Tx, u UnapplyRequest, shares []PaidShare) error {
	if len(shares) == 0 {
		return nil
	}
	list, err := planUnapply(tx, u, shares, true)
	if err != nil {
		return err
	}
	for i := range list {
		if err := list[i].book(tx, u); err != nil {
			return fmt.Errorf("undo payment of bill %s: %w", list[i].Before.ID, err)
		}
	}
	return nil
}

// PreviewUnapply returns what [Unapply] would do today. It changes nothing.
func PreviewUnapply(tx *store.Tx, u UnapplyRequest, shares []PaidShare) ([]UnappliedBill, error) {
	if len(shares) == 0 {
		return nil, nil
	}
	return planUnapply(tx, u, shares, false)
}

// planUnapply computes what [Unapply] does. With lock, it locks the bills and
// the room's prepayment.
func planUnapply(tx *store.Tx, u UnapplyRequest, shares []PaidShare, lock bool) ([]UnappliedBill, error) {
	share := make(map[string]PaidShare, len(shares))
	for _, s := range shares {
		share[s.BillID] = s
	}
	ids, err := unappliedBills(tx, u, shares)
	if err != nil {
		return nil, err
	}
	bills, err := readBills(tx, ids, lock)
	if err != nil {
		return nil, err
	}
	histories, err := historiesOf(tx, bills)
	if err != nil {
		return nil, err
	}
	funds, err := generalPrepaid(tx, u.RoomID, lock)
	if err != nil {
		return nil, err
	}
	var whole map[string][]money.Allocation
	if u.reversal {
		if whole, err = reversedAllocations(tx, u, &funds); err != nil {
			return nil, err
		}
	}
	out := make([]UnappliedBill, 0, len(bills))
	for _, b := range bills {
		before, err := StateOf(b, histories[b.ID], tx.Today())
		if err != nil {
			return nil, err
		}
		one := UnappliedBill{
			Before: before, PrincipalFen: share[b.ID].PrincipalFen, LateFeeFen: share[b.ID].LateFeeFen, removed: opposite(whole[b.ID]),
		}
		for _, a := range one.removed {
			one.PrincipalFen, one.LateFeeFen = one.PrincipalFen-a.PrincipalFen, one.LateFeeFen-a.LateFeeFen
		}
		if err := one.plan(tx, u, &funds); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b UnappliedBill) int { return dueFirst(a.Before, b.Before) })
	return out, nil
}

// readBills returns the bills in the order of ids, locked if asked.
func readBills(tx *store.Tx, ids []string, lock bool) ([]fees.Bill, error) {
	if lock {
		bills, err := fees.LockBills(tx, ids)
		if err == nil && len(bills) != len(ids) {
			err = models.ErrNotFound
		}
		return bills, err
	}
	found, err := fees.BillsByIDs(tx, ids)
	if err != nil {
		return nil, err
	}
	bills := make([]fees.Bill, 0, len(found))
	for _, id := range ids {
		if b, ok := found[id]; ok {
			bills = append(bills, b)
		}
	}
	return bills, nil
}

// generalPrepaid returns the balance of the room's prepayment that is for any
// fee item. A discount had been credited to it.
func generalPrepaid(tx *store.Tx, roomID string, lock bool) (models.Fen, error) {
	if lock {
		if _, err := money.LockPrepaid(tx, roomID); err != nil {
			return 0, err
		}
	}
	balances, err := money.PrepaidBalances(tx, []string{roomID})
	if err != nil {
		return 0, err
	}
	for _, b := range balances[roomID] {
		if b.Item == "" {
			return b.AmountFen, nil
		}
	}
	return 0, nil
}

// plan computes what happens to one bill.
func (x *UnappliedBill) plan(tx *store.Tx, u UnapplyRequest, funds *models.Fen) error {
	h := x.Before.History
	var err error
	if !u.reversal {
		if x.removed, err = removals(h.Allocations, u.PaymentID, x.PrincipalFen, x.LateFeeFen); err != nil {
			return err
		}
	}
	b := x.Before.Bill
	if u.Credited {
		for _, a := range x.removed { // the company's share counts from the same days
			x.added = append(x.added, money.Allocation{
				PaymentID: u.RefundNo, PrincipalFen: -a.PrincipalFen, LateFeeFen: -a.LateFeeFen, EffectiveOn: a.EffectiveOn,
			})
		}
	} else {
		b.PaidPrincipalFen -= x.PrincipalFen
		b.PaidLateFeeFen -= x.LateFeeFen
		if b.DiscountFen > 0 {
			if err := x.loseDiscount(tx, u, &b, funds); err != nil {
				return err
			}
		}
	}
	h.Allocations = slices.Concat(h.Allocations, x.removed, x.added)
	slices.SortStableFunc(h.Allocations, func(a, b money.Allocation) int { return int(a.EffectiveOn - b.EffectiveOn) })
	if x.After, err = StateOf(b, h, tx.Today()); err != nil {
		return err
	}
	x.After.Status = statusOf(&x.After)
	return nil
}

// removals returns the allocations that take a share of a payment off its bill.
// Each counts from the day of the allocation that it cancels.
func removals(before []money.Allocation, paymentID string, principal, late models.Fen) ([]money.Allocation, error) {
	var netPrincipal, netLate models.Fen
	for _, a := range before {
		if a.PaymentID == paymentID {
			netPrincipal += a.PrincipalFen
			netLate += a.LateFeeFen
		}
	}
	if principal > netPrincipal || late > netLate || principal < 0 || late < 0 {
		return nil, ErrShareGone
	}
	var out []money.Allocation
	for i := len(before) - 1; i >= 0 && principal+late > 0; i-- {
		a := before[i]
		if a.PaymentID != paymentID {
			continue
		}
		p, l := principal.Min(max(0, a.PrincipalFen)), late.Min(max(0, a.LateFeeFen))
		if p+l == 0 {
			continue
		}
		principal, late = principal-p, late-l
		out = append(out, money.Allocation{PaymentID: paymentID, PrincipalFen: -p, LateFeeFen: -l, EffectiveOn: a.EffectiveOn})
	}
	return out, nil
}
