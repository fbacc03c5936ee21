package proof

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// MerchantState is how a merchant fares, in real time: when WeChat's last good
// callback came, which bill was last had and when, and what last went wrong. It is
// kept so that all processes show the same, and not at each callback: see package
// payment.
type MerchantState struct {
	Merchant   string
	CallbackAt models.Time
	BillOn     models.Date
	BillAt     models.Time
	ErrorAt    models.Time
	ErrorIn    string // callback, bill, query or order
	ErrorText  string // without secrets and personal data
}

// NoteCallback keeps that a good callback came. Times only move forward.
func NoteCallback(tx *store.Tx, merchant string, at models.Time) error {
	return noteMerchant(tx, merchant, "callback_at = ?", "callback_at < ?", []any{at}, at)
}

// NoteBill keeps that the bills of a day were had.
func NoteBill(tx *store.Tx, merchant string, on models.Date, at models.Time) error {
	return noteMerchant(tx, merchant, "bill_on = CASE WHEN bill_on < ? THEN ? ELSE bill_on END, bill_at = ?", "bill_at < ?", []any{on, on, at}, at)
}

// NoteMerchantError keeps what last went wrong.
func NoteMerchantError(tx *store.Tx, merchant, in, text string, at models.Time) error {
	return noteMerchant(tx, merchant, "error_at = ?, error_in = ?, error_text = ?", "error_at < ?", []any{at, in, text}, at)
}

// noteMerchant changes a merchant's row if what it notes is newer, and makes the row
// at first.
func noteMerchant(tx *store.Tx, merchant, set, newer string, args []any, at models.Time) error {
	n := 0
	if err := tx.QueryRow([]any{&n}, "SELECT COUNT(*) FROM merchant_states WHERE merchant = ?", merchant); err != nil {
		return err
	}
	if n == 0 {
		if err := tx.Create(&MerchantState{Merchant: merchant}); err != nil && !tx.IsDuplicate(err) {
			return err
		}
	}
	_, err := tx.Exec("UPDATE merchant_states SET "+set+" WHERE merchant = ? AND "+newer, append(append(args, merchant), at)...)
	return err
}

// MerchantStates gives the merchants' states by name.
func MerchantStates(tx *store.Tx) (map[string]MerchantState, error) {
	var list []MerchantState
	err := tx.Gorm().Find(&list).Error
	out := make(map[string]MerchantState, len(list))
	for _, s := range list {
		out[s.Merchant] = s
	}
	return out, err
}
