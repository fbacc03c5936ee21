package payment

import (
	"fmt"

	"wuyepay/models/money"
	"wuyepay/models/store"
)

// topUp puts what was paid in advance on purpose into the room's prepayment: for the
// fee item that the payer chose, or for any.
func topUp(tx *store.Tx, p *money.Payment, o *money.Order) error {
	if o.PrepayFen == 0 {
		return nil
	}
	if err := money.MovePrepaidOf(tx, p.RoomID, o.PrepayItem, money.PrepaidTopup, o.PrepayFen, p.ID, ""); err != nil {
		return fmt.Errorf("top-up: %w", err)
	}
	return money.Journal(tx,
		[]money.JournalLine{{Kind: money.JournalTopup, Debit: money.AccountWechat, Credit: money.AccountPrepaid, AmountFen: o.PrepayFen,
			CommunityID: p.CommunityID, RoomID: p.RoomID, PaymentID: p.ID, Merchant: p.Merchant}})
}
