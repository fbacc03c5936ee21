package desk

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// DeskEntry is what a cashier entered of a payment: the row beside the payment's.
// DayOn is the day it is counted in, and the day the money was paid. VoucherKey is
// the voucher while the payment stands: unique in its community and channel.
type DeskEntry struct {
	PaymentID   string
	CommunityID string
	RoomID      string
	Channel     string
	StaffID     string
	StaffName   string
	DayOn       models.Date
	VoucherNo   string
	VoucherKey  *string
	FormKey     string // of the form that was posted: once each
	PayerNote   string
	CreatedAt   models.Time
}

// TableName is the table.
func (DeskEntry) TableName() string { return "desk_entries" }

const deskEntryColumns = "payment_id, community_id, room_id, channel, staff_id, staff_name, day_on, voucher_no, voucher_key, form_key, payer_note, created_at"

func (e *DeskEntry) dest() []any {
	return []any{&e.PaymentID, &e.CommunityID, &e.RoomID, &e.Channel, &e.StaffID, &e.StaffName, &e.DayOn, &e.VoucherNo, &e.VoucherKey, &e.FormKey, &e.PayerNote, &e.CreatedAt}
}

// InsertDeskEntry keeps what was entered of a payment that is in the books.
// [ErrDeskTwice] says that its voucher or its form is there already: look which.
func InsertDeskEntry(tx *store.Tx, e *DeskEntry) error {
	_, err := tx.Exec("INSERT INTO desk_entries ("+deskEntryColumns+") VALUES ("+store.Placeholders(12)+")", e.PaymentID, e.CommunityID, e.RoomID, e.Channel, e.StaffID,
		e.StaffName, e.DayOn, e.VoucherNo, e.VoucherKey, e.FormKey, e.PayerNote, e.CreatedAt)
	if err != nil && tx.IsDuplicate(err) {
		return ErrDeskTwice
	}
	return err
}

// ErrDeskTwice is [InsertDeskEntry]'s.
var ErrDeskTwice = models.Refusal(models.KindConflict, "DESK_TWICE", "该笔收款已登记")

// DeskEntryByForm finds what a form has booked.
func DeskEntryByForm(tx *store.Tx, formKey string) (e DeskEntry, err error) {
	return e, tx.QueryRow(e.dest(), "SELECT "+deskEntryColumns+" FROM desk_entries WHERE form_key = ?", formKey)
}

// DeskEntryByVoucher finds the payment that stands under a voucher.
func DeskEntryByVoucher(tx *store.Tx, communityID, channel, voucher string) (e DeskEntry, err error) {
	return e, tx.QueryRow(e.dest(), "SELECT "+deskEntryColumns+" FROM desk_entries WHERE community_id = ? AND channel = ? AND voucher_key = ?", communityID, channel, voucher)
}

// DeskEntryOf finds what was entered of a payment.
func DeskEntryOf(tx *store.Tx, paymentID string) (e DeskEntry, err error) {
	return e, tx.QueryRow(e.dest(), "SELECT "+deskEntryColumns+" FROM desk_entries WHERE payment_id = ?", paymentID)
}

// FreeVoucher gives the voucher of a payment that was undone free again.
func FreeVoucher(tx *store.Tx, paymentID string) error {
	_, err := tx.Exec("UPDATE desk_entries SET voucher_key = NULL WHERE payment_id = ?", paymentID)
	return err
}
