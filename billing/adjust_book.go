package billing

import (
	"fmt"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// book writes an effect: entries, credits, journal, bill and audit entry.
func (e *Effect) book(tx *store.Tx, m Approval) error {
	was, now := &e.Before.Bill, &e.After.Bill
	if now.Status == fees.BillVoid {
		seq, err := fees.NextVoidSeq(tx, was)
		if err != nil {
			return err
		}
		now.VoidSeq = seq
	}
	if err := fees.InsertBillEntries(tx, e.entries(m, tx.Today())); err != nil {
		return err
	}
	if err := e.credit(tx); err != nil {
		return err
	}
	if err := money.Journal(tx, e.journal()); err != nil {
		return err
	}
	if err := fees.AdjustBill(tx, was, now); err != nil {
		return fmt.Errorf("adjust bill %s: %w", was.ID, err)
	}
	// An open order for the bill now has the wrong amount: query it soon.
	if err := money.HurryOrdersOn(tx, []string{was.ID}); err != nil {
		return err
	}
	detail := map[string]any{
		"principal_fen": e.principalFen, "late_fee_fen": e.lateFeeFen, "credit_fen": e.CreditFen, "request": m.RequestID,
		"asked_by": m.Asked.Kind + ":" + m.Asked.ID,
	}
	if e.ruleAfter != "" {
		detail["late_rule"] = [2]string{e.ruleBefore, e.ruleAfter}
	}
	return office.Audit(tx, m.Approved, "bill."+e.Kind, "bill", was.ID, detail)
}

// entries returns the entry of the adjustment and, if an earlier waiver
// shrinks, a second one. A waiver counts from today; all other kinds count from
// the day of issue.
func (e *Effect) entries(m Approval, today models.Date) []fees.BillEntry {
	b := &e.Before.Bill
	entry := fees.BillEntry{
		BillID: b.ID, RoomID: b.RoomID, Kind: e.Kind, PrincipalFen: e.principalFen, LateFeeFen: e.lateFeeFen, Reason: m.Reason,
		RequestID: m.RequestID, Asked: m.Asked, Approved: m.Approved, EffectiveOn: b.IssuedOn,
		RuleBefore: e.ruleBefore, RuleAfter: e.ruleAfter,
	}
	if e.Kind == fees.EntryWaiver {
		entry.EffectiveOn = today
	}
	list := []fees.BillEntry{entry}
	if e.UnwaivedFen > 0 {
		entry.Kind, entry.PrincipalFen, entry.LateFeeFen, entry.EffectiveOn = fees.EntryWaiver, 0, e.UnwaivedFen, today
		entry.RuleBefore, entry.RuleAfter = "", ""
		list = append(list, entry)
	}
	return list
}

// credit moves money from the bill to the room's prepayment, one payment at a
// time, so that it stays known which payment each fen of prepayment came from.
// What the company had paid in place of the owner goes back to the company.
func (e *Effect) credit(tx *store.Tx) error {
	if len(e.credits) == 0 {
		return nil
	}
	b := &e.Before.Bill
	var lines []money.JournalLine
	for i := range e.credits {
		a := &e.credits[i]
		a.ID, a.BillID, a.RoomID, a.CreatedAt = models.NewID(), b.ID, b.RoomID, tx.Now
		line := money.JournalLine{
			Kind: money.JournalCredit, Credit: money.AccountPrepaid, CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID,
			PaymentID: a.PaymentID,
		}
		borne, err := money.BorneByCompany(tx, a.PaymentID)
		if err != nil {
			return err
		}
		if borne { // it was never the owner's money
			line.Kind, line.Credit, line.PaymentID = money.JournalRefundBorne, money.AccountBorne, ""
		}
		principal, late := line, line
		principal.Debit, principal.AmountFen = money.AccountReceivable, -a.PrincipalFen
		late.Debit, late.AmountFen = money.AccountLateFee, -a.LateFeeFen
		lines = append(lines, principal, late)
		if borne {
			continue
		}
		if err := money.MovePrepaid(tx, b.RoomID, money.PrepaidCredit, -a.PrincipalFen-a.LateFeeFen, a.PaymentID, b.ID); err != nil {
			return err
		}
	}
	if err := money.InsertAllocations(tx, e.credits); err != nil {
		return err
	}
	return money.Journal(tx, lines)
}

// journal returns the pair of accounts between which the principal of the entry
// moves.
func (e *Effect) journal() []money.JournalLine {
	b := &e.Before.Bill
	against := money.AccountRevenue
	if b.Source == fees.SourceImport {
		against = money.AccountOpening // it was never revenue of these books
	}
	l := money.JournalLine{
		Debit: money.AccountReceivable, Credit: against, AmountFen: e.principalFen, CommunityID: b.CommunityID, RoomID: b.RoomID,
		BillID: b.ID,
	}
	switch e.Kind {
	case fees.EntryCorrection:
		l.Kind = money.JournalCorrection
	case fees.EntryVoid:
		l.Kind = money.JournalVoid
	case fees.EntryDiscount:
		l.Kind, l.Credit = money.JournalDiscount, money.AccountDiscount
	}
	if l.AmountFen < 0 {
		l.Debit, l.Credit, l.AmountFen = l.Credit, l.Debit, -l.AmountFen
	}
	return []money.JournalLine{l}
}
