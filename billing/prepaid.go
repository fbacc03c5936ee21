package billing

import "wuyepay/models"

// OffsetPrepaid spends the room's prepayment on a bill at its issue, before any
// late fee can arise. The bill must have been written in this transaction; it
// comes back as it stands afterwards. Without a balance nothing happens.
func OffsetPrepaid(tx *models.Tx, b *models.Bill) error {
	balance, err := tx.LockPrepaid(b.RoomID)
	if err != nil || balance == 0 {
		return err
	}
	amount := balance.Min(b.OutstandingFen())
	if amount == 0 {
		return nil
	}
	money := Money{RoomID: b.RoomID, CommunityID: b.CommunityID, Debit: models.AccountPrepaid, Settlement: models.PrincipalFirst, EffectiveOn: b.IssuedOn}
	left, err := Apply(tx, money, []Portion{{BillID: b.ID, Amount: amount}})
	if err != nil {
		return err
	}
	if err := tx.MovePrepaid(b.RoomID, models.PrepaidOffset, left-amount, "", b.ID); err != nil {
		return err
	}
	b.PaidPrincipalFen += amount - left
	b.Status = models.BillPartial
	if b.OutstandingFen() == 0 {
		b.Status = models.BillPaid
	}
	return nil
}
