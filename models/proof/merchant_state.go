package proof

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// MerchantState is the health of a merchant: when WeChat's last good callback came, which
// bill was last downloaded and when, and what last went wrong. Its instants are real time.
// It is in the database so that all processes show the same. It is not written at each
// callback, but at most every 30 seconds: see package payment.
type MerchantState struct {
	Merchant   string
	CallbackAt models.Time
	BillOn     models.Date
	BillAt     models.Time
	ErrorAt    models.Time
	ErrorIn    string // callback, bill, query or order
	ErrorText  string // without secrets and personal data
}

var (
	stateTable   = store.NewTable[MerchantState]("merchant_states")
	noteCallback = stateTable.Update("callback_at", "merchant = ? AND callback_at < ?")
	noteError    = stateTable.Update("error_at, error_in, error_text", "merchant = ? AND error_at < ?")
)

// NoteCallback records that a good callback came at an instant. Times only move forward:
// if another process has recorded a later one, nothing changes.
func NoteCallback(tx *store.Tx, merchant string, at models.Time) error {
	if err := makeState(tx, merchant); err != nil {
		return err
	}
	_, err := noteCallback.Guarded(tx, &MerchantState{CallbackAt: at}, merchant, at)
	return err
}

// NoteBill records that the bills of a day were downloaded. The day, too, only moves
// forward: bills of 3 March that are downloaded again on the 15th leave BillOn at the
// 14th, and set BillAt.
func NoteBill(tx *store.Tx, merchant string, on models.Date, at models.Time) error {
	if err := makeState(tx, merchant); err != nil {
		return err
	}
	_, err := tx.ExecGuarded(`UPDATE merchant_states SET bill_on = CASE WHEN bill_on < ? THEN ? ELSE bill_on END, bill_at = ?
		WHERE merchant = ? AND bill_at < ?`, on, on, at, merchant, at)
	return err
}

// NoteMerchantError records what last went wrong, unless a later error is recorded. in is
// the operation, text must be free of secrets and personal data. The error stays after the
// next success; compare its time with the others.
func NoteMerchantError(tx *store.Tx, merchant, in, text string, at models.Time) error {
	if err := makeState(tx, merchant); err != nil {
		return err
	}
	_, err := noteError.Guarded(tx, &MerchantState{ErrorAt: at, ErrorIn: in, ErrorText: text}, merchant, at)
	return err
}

// makeState inserts the row of a merchant unless it exists. The updates above need a row,
// because to them a missing row looks like a row with a later time.
func makeState(tx *store.Tx, merchant string) error {
	n, err := store.G[MerchantState](tx).Where("merchant = ?", merchant).Count(tx.Context(), "*")
	if err != nil || n > 0 {
		return err
	}
	err = store.G[MerchantState](tx).Create(tx.Context(), &MerchantState{Merchant: merchant})
	if err != nil && tx.IsDuplicate(err) { // another process was quicker
		return nil
	}
	return err
}

// MerchantStates returns the merchants' states by name.
func MerchantStates(tx *store.Tx) (map[string]MerchantState, error) {
	list, err := store.G[MerchantState](tx).Find(tx.Context())
	return store.Index(list, func(s *MerchantState) string { return s.Merchant }), err
}
