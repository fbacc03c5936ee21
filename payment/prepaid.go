package payment

import (
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// prepaidJournal maps each kind of prepayment that a payment brings to its kind
// of journal line.
var prepaidJournal = map[string]string{money.PrepaidTopup: money.JournalTopup, money.PrepaidSurplus: money.JournalSurplus}

// CreditPrepaid adds a part of a payment to the room's prepayment for a fee
// item (empty: any), and writes the journal from the account of the payment's
// channel. kind is [money.PrepaidTopup] for what was paid in advance on
// purpose, or [money.PrepaidSurplus] for what no bill could take. An amount of
// 0 does nothing.
func CreditPrepaid(tx *store.Tx, p *money.Payment, item, kind string, amount models.Fen) error {
	if amount == 0 {
		return nil
	}
	if err := money.MovePrepaidOf(tx, p.RoomID, item, kind, amount, p.ID, ""); err != nil {
		return err
	}
	return money.Journal(tx, []money.JournalLine{{
		Kind: prepaidJournal[kind], Debit: money.MoneyAccounts[p.Channel], Credit: money.AccountPrepaid, AmountFen: amount,
		CommunityID: p.CommunityID, RoomID: p.RoomID, PaymentID: p.ID, Merchant: p.Merchant,
	}})
}
