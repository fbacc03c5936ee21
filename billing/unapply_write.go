package billing

import (
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// book writes what was computed: allocations, journal, entry, bill and audit
// entry.
func (x *UnappliedBill) book(tx *store.Tx, u UnapplyRequest) error {
	b := &x.Before.Bill
	all := append(append([]money.Allocation{}, x.removed...), x.added...)
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
		// An open order for the bill now has the wrong amount: query it soon.
		if err := money.HurryOrdersOn(tx, []string{b.ID}); err != nil {
			return err
		}
	}
	if u.reversal { // the reversal has one audit entry for all bills
		return nil
	}
	return office.Audit(tx, u.Approval.Approved, "bill.refunded", "bill", b.ID, map[string]any{
		"refund": u.RefundNo, "principal_fen": x.PrincipalFen, "late_fee_fen": x.LateFeeFen, "discount_fen": x.DiscountFen,
		"credited": u.Credited,
	})
}

// write writes the bill if any figure changes. MySQL does not count a row that
// stays the same as affected, which would read as a lost update.
func (x *UnappliedBill) write(tx *store.Tx) error {
	if x.PrincipalFen == 0 && x.LateFeeFen == 0 && x.DiscountFen == 0 && x.After.Status == x.Before.Status {
		return nil
	}
	return fees.AdjustBill(tx, &x.Before.Bill, &x.After.Bill)
}

// repay takes out of prepayment what pays a lost discount.
func (x *UnappliedBill) repay(tx *store.Tx) error {
	if x.RepaidFen == 0 {
		return nil
	}
	for _, a := range x.added {
		if err := money.MovePrepaid(tx, x.Before.RoomID, money.PrepaidCredit, -a.PrincipalFen, a.PaymentID, x.Before.ID); err != nil {
			return err
		}
	}
	return nil
}

// entry returns the entry that removes the discount. Its author is the person
// who approved the refund or made the reversal.
func (x *UnappliedBill) entry(u UnapplyRequest) fees.BillEntry {
	b, m, what := &x.Before.Bill, u.Approval, "退款"
	if u.reversal {
		what = "冲正"
	}
	return fees.BillEntry{
		BillID: b.ID, RoomID: b.RoomID, Kind: fees.EntryDiscount, PrincipalFen: x.DiscountFen, Reason: what + "后不再符合年付优惠条件：" + m.Reason,
		Asked: m.Asked, Approved: m.Approved, EffectiveOn: b.IssuedOn,
	}
}

// journal returns the pairs: the money leaves the bill, and what takes its
// place comes in.
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
	for _, a := range x.added {
		l := pair(money.JournalCredit, money.AccountPrepaid, money.AccountReceivable, a.PrincipalFen)
		l.PaymentID, l.Merchant = a.PaymentID, ""
		out = append(out, l)
	}
	return out
}
