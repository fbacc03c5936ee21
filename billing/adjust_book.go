package billing

import (
	"fmt"

	"wuyepay/models"
)

// book writes an effect: entries, credits, journal, bill, audit.
func (e *Effect) book(tx *models.Tx, m Mandate) error {
	was, now := &e.Before.Bill, &e.After.Bill
	if now.Status == models.BillVoid {
		seq, err := tx.NextVoidSeq(was)
		if err != nil {
			return err
		}
		now.VoidSeq = seq
	}
	if err := tx.InsertBillEntries(e.entries(m, tx.Today())); err != nil {
		return err
	}
	if err := e.credit(tx); err != nil {
		return err
	}
	if err := tx.Journal(e.journal()); err != nil {
		return err
	}
	if err := tx.AdjustBill(was, now); err != nil {
		return fmt.Errorf("adjust bill %s: %w", was.ID, err)
	}
	// An order that is open on the bill asks for another amount now.
	if err := tx.HurryOrdersOn([]string{was.ID}); err != nil {
		return err
	}
	return tx.Audit(m.Approved, "bill."+e.Kind, "bill", was.ID, map[string]any{"principal_fen": e.principalFen, "late_fee_fen": e.lateFeeFen,
		"credit_fen": e.CreditFen, "request": m.RequestID, "asked_by": m.Asked.Kind + ":" + m.Asked.ID})
}

func (e *Effect) entries(m Mandate, today models.Date) []models.BillEntry {
	b := &e.Before.Bill
	entry := models.BillEntry{BillID: b.ID, RoomID: b.RoomID, Kind: e.Kind, PrincipalFen: e.principalFen, LateFeeFen: e.lateFeeFen, Reason: m.Reason,
		RequestID: m.RequestID, AskedKind: m.Asked.Kind, AskedID: m.Asked.ID, AskedName: m.Asked.Name, ApprovedKind: m.Approved.Kind,
		ApprovedID: m.Approved.ID, ApprovedName: m.Approved.Name, EffectiveOn: b.IssuedOn}
	if e.Kind == models.EntryWaiver {
		entry.EffectiveOn = today
	}
	list := []models.BillEntry{entry}
	if e.UnwaivedFen > 0 {
		entry.Kind, entry.PrincipalFen, entry.LateFeeFen, entry.EffectiveOn = models.EntryWaiver, 0, e.UnwaivedFen, today
		list = append(list, entry)
	}
	return list
}

// credit takes money off the bill and gives it to the room's prepayment, payment by
// payment, so that each payment still is what became of it.
func (e *Effect) credit(tx *models.Tx) error {
	if len(e.credits) == 0 {
		return nil
	}
	b := &e.Before.Bill
	var lines []models.JournalLine
	for i := range e.credits {
		a := &e.credits[i]
		a.ID, a.BillID, a.RoomID, a.CreatedAt = models.NewID(), b.ID, b.RoomID, tx.Now
		line := models.JournalLine{Kind: models.JournalCredit, Credit: models.AccountPrepaid, CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID, PaymentID: a.PaymentID}
		borne, err := tx.BorneByCompany(a.PaymentID)
		if err != nil {
			return err
		}
		if borne { // it was never the owner's money
			line.Kind, line.Credit, line.PaymentID = models.JournalRefundBorne, models.AccountBorne, ""
		}
		principal, late := line, line
		principal.Debit, principal.AmountFen = models.AccountReceivable, -a.PrincipalFen
		late.Debit, late.AmountFen = models.AccountLateFee, -a.LateFeeFen
		lines = append(lines, principal, late)
		if borne {
			continue
		}
		if err := tx.MovePrepaid(b.RoomID, models.PrepaidCredit, -a.PrincipalFen-a.LateFeeFen, a.PaymentID, b.ID); err != nil {
			return err
		}
	}
	if err := tx.InsertAllocations(e.credits); err != nil {
		return err
	}
	return tx.Journal(lines)
}

// journal is the pair of accounts that the principal of the entry moves between.
func (e *Effect) journal() []models.JournalLine {
	b := &e.Before.Bill
	against := models.AccountRevenue
	if b.Source == models.SourceImport {
		against = models.AccountOpening // it was never revenue of these books
	}
	l := models.JournalLine{Debit: models.AccountReceivable, Credit: against, AmountFen: e.principalFen, CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID}
	switch e.Kind {
	case models.EntryCorrection:
		l.Kind = models.JournalCorrection
	case models.EntryVoid:
		l.Kind = models.JournalVoid
	case models.EntryDiscount:
		l.Kind, l.Credit = models.JournalDiscount, models.AccountDiscount
	}
	if l.AmountFen < 0 {
		l.Debit, l.Credit, l.AmountFen = l.Credit, l.Debit, -l.AmountFen
	}
	return []models.JournalLine{l}
}
