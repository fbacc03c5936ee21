package refund

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// ReverseGroup undoes one sum that a party has paid over several rooms 合并收款: the payments
// of all rooms, in one transaction, each as [ReverseAtDesk] does. It returns the refusals of
// [ReverseAtDesk], and [models.ErrNotFound] for a group that does not exist.
func ReverseGroup(ctx context.Context, s *payment.Service, by office.Staff, groupID, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > payment.MaxReason {
		return payment.ErrNoReason
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		g, err := desk.LockDeskGroup(tx, groupID)
		if err != nil {
			return err
		}
		if !by.Can(office.PermDesk) {
			return models.ErrNotFound
		}
		if g.StaffID == by.ID && !by.Can(office.PermReverseOwn) {
			return ErrReverseOwn
		}
		list, err := desk.GroupPayments(tx, g.ID)
		if err != nil {
			return err
		}
		if err := lockGroup(tx, list); err != nil {
			return err
		}
		for i := range list {
			entry, err := desk.DeskEntryOf(tx, list[i].ID)
			if err != nil {
				return err
			}
			if _, err := reverseIn(s, tx, by, &list[i], &entry, reason); err != nil {
				return err
			}
		}
		return office.Audit(tx, by.Actor(), "desk.group_reversed", "group", g.ID, map[string]any{
			"no": g.No, "owner": g.OwnerID, "amount_fen": g.AmountFen, "payments": len(list), "reason": reason,
		})
	})
}

// lockGroup locks the cashier's day and then the bills of all payments in ascending order of
// id, before any of them is undone: one by one, two reversals could wait for each other.
func lockGroup(tx *store.Tx, list []money.Payment) error {
	ids := map[string]bool{}
	for i := range list {
		if i == 0 {
			entry, err := desk.DeskEntryOf(tx, list[i].ID)
			if err != nil {
				return err
			}
			if _, err := payment.LockOpenDay(tx, &entry); err != nil {
				return err
			}
		}
		settled, err := money.AllocationsByBill(tx, list[i].ID)
		if err != nil {
			return err
		}
		for id := range settled {
			ids[id] = true
		}
	}
	_, err := fees.LockBills(tx, slices.Collect(maps.Keys(ids)))
	return err
}
