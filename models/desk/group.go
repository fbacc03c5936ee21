package desk

import (
	"fmt"
	"strings"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// DeskGroup is one sum that a party with several rooms paid at the desk 合并收款. Each room
// has a payment and an entry of its own, so that all that holds of a room's money holds of
// these; the group ties them together. They are entered in one transaction and undone in
// one. AmountFen is their sum, Payments their number.
type DeskGroup struct {
	ID          string
	CommunityID string
	OwnerID     string // the party
	No          string // unique in the community: HB20260315-001
	Channel     string
	StaffID     string // the cashier
	StaffName   string
	DayOn       models.Date
	VoucherNo   string
	FormKey     string // of the form that was posted: each books once
	PayerNote   string
	AmountFen   models.Fen
	Payments    int
	CreatedAt   models.Time
}

// deskGroupPayment is that a payment is part of a group, at a place from 0.
type deskGroupPayment struct {
	PaymentID string
	GroupID   string
	Seq       int
}

var (
	groupTable        = store.NewTable[DeskGroup]("desk_groups")
	groupPaymentTable = store.NewTable[deskGroupPayment]("desk_group_payments")
)

// NextGroupNo returns the number of the next group of a community. The caller holds the
// lock of the community.
func NextGroupNo(tx *store.Tx, communityID string) (string, error) {
	day := "HB" + strings.ReplaceAll(tx.Today().String(), "-", "") + "-"
	n, err := store.Row[int](tx, "SELECT COUNT(*) FROM desk_groups WHERE community_id = ? AND no LIKE ?", communityID, day+"%")
	return fmt.Sprintf("%s%03d", day, n+1), err
}

// InsertDeskGroup keeps a group of payments that are in the books. It returns
// [ErrDeskTwice] if the form has booked a group before.
func InsertDeskGroup(tx *store.Tx, by models.Actor, g *DeskGroup, paymentIDs []string) error {
	g.Payments, g.CreatedAt = len(paymentIDs), tx.Now
	if err := groupTable.Insert(tx, *g); err != nil {
		if tx.IsDuplicate(err) {
			return ErrDeskTwice
		}
		return err
	}
	parts := make([]deskGroupPayment, len(paymentIDs))
	for i, id := range paymentIDs {
		parts[i] = deskGroupPayment{PaymentID: id, GroupID: g.ID, Seq: i}
	}
	if err := groupPaymentTable.Insert(tx, parts...); err != nil {
		return err
	}
	return office.Audit(tx, by, "desk.group_taken", "group", g.ID, map[string]any{
		"no": g.No, "owner": g.OwnerID, "channel": g.Channel, "amount_fen": g.AmountFen, "payments": g.Payments, "voucher": g.VoucherNo,
		"paid_on": g.DayOn,
	})
}

// DeskGroupByID returns a group, or [models.ErrNotFound].
func DeskGroupByID(tx *store.Tx, id string) (DeskGroup, error) {
	return groupTable.Row(tx, "WHERE id = ?", id)
}

// LockDeskGroup reads a group for its reversal.
func LockDeskGroup(tx *store.Tx, id string) (DeskGroup, error) {
	return groupTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

// DeskGroupByForm returns what a form has booked, or [models.ErrNotFound].
func DeskGroupByForm(tx *store.Tx, formKey string) (DeskGroup, error) {
	return groupTable.Row(tx, "WHERE form_key = ?", formKey)
}

// DeskGroupOf returns the group that a payment is part of. [models.ErrNotFound] means that
// it stands by itself.
func DeskGroupOf(tx *store.Tx, paymentID string) (DeskGroup, error) {
	return store.Row[DeskGroup](tx, "SELECT "+groupTable.Of("g")+` FROM desk_group_payments p JOIN desk_groups g ON g.id = p.group_id
		WHERE p.payment_id = ?`, paymentID)
}

// DeskGroups returns the groups of a party, newest first.
func DeskGroups(tx *store.Tx, ownerID string, limit int) ([]DeskGroup, error) {
	return groupTable.Rows(tx, "WHERE owner_id = ? ORDER BY id DESC LIMIT ?", ownerID, limit)
}

// GroupLines returns the payments of a group in their order, as lists show them.
func GroupLines(tx *store.Tx, groupID string) ([]DeskLine, error) {
	return store.Rows[DeskLine](tx, strings.Replace(deskLines, "WHERE 1 = 1",
		"JOIN desk_group_payments gp ON gp.payment_id = e.payment_id WHERE gp.group_id = ? ORDER BY gp.seq", 1), groupID)
}

// GroupPayments returns the payments of a group in their order.
func GroupPayments(tx *store.Tx, groupID string) ([]money.Payment, error) {
	ids, err := store.Rows[string](tx, "SELECT payment_id FROM desk_group_payments WHERE group_id = ? ORDER BY seq", groupID)
	if err != nil {
		return nil, err
	}
	out := make([]money.Payment, len(ids))
	for i, id := range ids {
		if out[i], err = money.PaymentByID(tx, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}
