package billing

import (
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// book writes what has been computed: allocations, journal, entry, bill, audit.
func (x *UnappliedBill) book(tx *store.Tx, u UnapplyRequest) error {
	b := &x.Before.Bill
	all := append(append([]money.Allocation{}, x.gone...), x.came...)
	for i := range all {
		all[i].ID, all[i].BillID, all[i].RoomID, all[i].CreatedAt = models.NewID(), b.ID, b.RoomID, tx.Now
	}
	if err := money.InsertAllocations(tx, all); err != nil {
		return err
	}
	if err := x.repay(tx); err != nil {
		return err
	}
	if err := money.Journal(tx, x.journal(u)); err != nil {
		return err
	}
	if !u.Credited {
		if x.DiscountFen > 0 {
			if err := fees.InsertBillEntries(tx, []fees.BillEntry{x.entry(u)}); err != nil {
				return err
			}
		}
		if err := x.write(tx); err != nil {
			return err
		}
		// An order that is open on the bill asks for another amount now.
		if err := money.HurryOrdersOn(tx, []string{b.ID}); err != nil {
			return err
		}
	}
	if u.reversal { // whoever reverses says so once, for all bills
		return nil
	}
	return office.Audit(tx, u.Mandate.Approved, "bill.refunded", "bill", b.ID, map[string]any{
		"refund": u.RefundNo, "principal_fen": x.PrincipalFen, "late_fee_fen": x.LateFeeFen, "discount_fen": x.DiscountFen,
		"credited": u.Credited,
	})
}

// write writes the bill, if anything of it moves: MySQL counts a row that stays the
// same as not found.
func (x *UnappliedBill) write(tx *store.Tx) error {
	if x.PrincipalFen == 0 && x.LateFeeFen == 0 && x.DiscountFen == 0 && x.After.Status == x.Before.Status {
		return nil
	}
	return fees.AdjustBill(tx, &x.Before.Bill, &x.After.Bill)
}

// repay takes what pays a lost discount out of prepayment.
func (x *UnappliedBill) repay(tx *store.Tx) error {
	if x.RepaidFen == 0 {
		return nil
	}
	for _, a := range x.came {
		if err := money.MovePrepaid(tx, x.Before.RoomID, money.PrepaidCredit, -a.PrincipalFen, a.PaymentID, x.Before.ID); err != nil {
			return err
		}
	}
	return nil
}

// entry takes the discount back, on the word of who approved the refund or reversed.
func (x *UnappliedBill) entry(u UnapplyRequest) fees.BillEntry {
	b, m, what := &x.Before.Bill, u.Mandate, "退款"
	if u.reversal {
		what = "冲正"
	}
	return fees.BillEntry{
		BillID: b.ID, RoomID: b.RoomID, Kind: fees.EntryDiscount, PrincipalFen: x.DiscountFen, Reason: what + "后不再符合年付优惠条件：" + m.Reason,
		Asked: m.Asked, Approved: m.Approved, EffectiveOn: b.IssuedOn,
	}
}

// journal gives the pairs: the money leaves the bill, and what takes its place comes.
func (x *UnappliedBill) journal(u UnapplyRequest) []money.JournalLine {
	b := &x.Before.Bill
	line := money.JournalLine{CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID, PaymentID: u.PaymentID, Merchant: u.Merchant}
	pair := func(kind, debit, credit string, amount models.Fen) money.JournalLine {
		l := line
		l.Kind, l.Debit, l.Credit, l.AmountFen = kind, debit, credit, amount
		return l
	}
	principal, late := money.JournalRefund, money.JournalRefund
	if u.reversal {
		principal, late = money.JournalReversal, money.JournalReversalLateFee
	}
	out := []money.JournalLine{
		pair(principal, money.AccountReceivable, u.Credit, x.PrincipalFen), pair(late, money.AccountLateFee, u.Credit, x.LateFeeFen),
	}
	if u.Credited {
		return append(out, pair(money.JournalRefundBorne, money.AccountBorne, money.AccountReceivable, x.PrincipalFen),
			pair(money.JournalRefundBorne, money.AccountBorne, money.AccountLateFee, x.LateFeeFen))
	}
	discount := pair(money.JournalDiscount, money.AccountReceivable, money.AccountDiscount, x.DiscountFen)
	discount.PaymentID, discount.Merchant = "", ""
	out = append(out, discount)
	for _, a := range x.came {
		l := pair(money.JournalCredit, money.AccountPrepaid, money.AccountReceivable, a.PrincipalFen)
		l.PaymentID, l.Merchant = a.PaymentID, ""
		out = append(out, l)
	}
	return out
}
