package desk

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// DeskEntry is what a cashier entered of a payment: the row beside the payment's. DayOn
// is the day that it counts in, and the day on which the money was paid. VoucherKey is
// the voucher while the payment stands: unique in its community and channel, so that one
// bank slip pays once.
type DeskEntry struct {
	PaymentID   string
	CommunityID string
	RoomID      string
	Channel     string
	StaffID     string // the cashier
	StaffName   string
	DayOn       models.Date
	VoucherNo   string // of the cheque, transfer or card slip; cash may have none
	VoucherKey  *string
	FormKey     string // of the form that was posted: each books once
	PayerNote   string
	CreatedAt   models.Time
}

var entryTable = store.NewTable[DeskEntry]("desk_entries")

// InsertDeskEntry keeps what was entered of a payment that is in the books. It returns
// [ErrDeskTwice] if the voucher or the form is there already: look which
// ([DeskEntryByForm], [DeskEntryByVoucher]).
func InsertDeskEntry(tx *store.Tx, e *DeskEntry) error {
	err := entryTable.Insert(tx, *e)
	if err != nil && tx.IsDuplicate(err) {
		return ErrDeskTwice
	}
	return err
}

// ErrDeskTwice says that the voucher, or the form, has booked a payment before.
var ErrDeskTwice = models.Refusal(models.KindConflict, "DESK_TWICE", "该笔收款已登记")

// DeskEntryByForm returns what a form has booked, or [models.ErrNotFound].
func DeskEntryByForm(tx *store.Tx, formKey string) (DeskEntry, error) {
	return store.G[DeskEntry](tx).Where("form_key = ?", formKey).Take(tx.Context())
}

// DeskEntryByVoucher returns the payment that stands under a voucher, or
// [models.ErrNotFound]. One that was undone no longer stands.
func DeskEntryByVoucher(tx *store.Tx, communityID, channel, voucher string) (DeskEntry, error) {
	return store.G[DeskEntry](tx).Where("community_id = ? AND channel = ? AND voucher_key = ?", communityID, channel, voucher).
		Take(tx.Context())
}

// DeskEntryOf returns what was entered of a payment. [models.ErrNotFound] means that
// the payment is none of the desk.
func DeskEntryOf(tx *store.Tx, paymentID string) (DeskEntry, error) {
	return store.G[DeskEntry](tx).Where("payment_id = ?", paymentID).Take(tx.Context())
}

// FreeVoucher releases the voucher of a payment that was undone: entered rightly, the
// same slip can pay again.
func FreeVoucher(tx *store.Tx, paymentID string) error {
	_, err := store.G[DeskEntry](tx).Where("payment_id = ?", paymentID).Update(tx.Context(), "voucher_key", nil)
	return err
}
