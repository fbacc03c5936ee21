package payment

import (
	"fmt"

	"wuyepay/models"
)

// topUp puts what was paid in advance on purpose into the room's prepayment: for the
// fee item that the payer chose, or for any.
func topUp(tx *models.Tx, p *models.Payment, o *models.Order) error {
	if o.PrepayFen == 0 {
		return nil
	}
	if err := tx.MovePrepaidOf(p.RoomID, o.PrepayItem, models.PrepaidTopup, o.PrepayFen, p.ID, ""); err != nil {
		return fmt.Errorf("top-up: %w", err)
	}
	return tx.Journal([]models.JournalLine{{Kind: models.JournalTopup, Debit: models.AccountWechat, Credit: models.AccountPrepaid, AmountFen: o.PrepayFen,
		CommunityID: p.CommunityID, RoomID: p.RoomID, PaymentID: p.ID, Merchant: p.Merchant}})
}
