package models

// MerchantState is how a merchant fares, in real time: when WeChat's last good
// callback came, which bill was last had and when, and what last went wrong. It is
// kept so that all processes show the same, and not at each callback: see package
// payment.
type MerchantState struct {
	Merchant   string
	CallbackAt Time
	BillOn     Date
	BillAt     Time
	ErrorAt    Time
	ErrorIn    string // callback, bill, query or order
	ErrorText  string // without secrets and personal data
}

// NoteCallback keeps that a good callback came. Times only move forward.
func (tx *Tx) NoteCallback(merchant string, at Time) error {
	return tx.noteMerchant(merchant, "callback_at = ?", "callback_at < ?", []any{at}, at)
}

// NoteBill keeps that the bills of a day were had.
func (tx *Tx) NoteBill(merchant string, on Date, at Time) error {
	return tx.noteMerchant(merchant, "bill_on = CASE WHEN bill_on < ? THEN ? ELSE bill_on END, bill_at = ?", "bill_at < ?", []any{on, on, at}, at)
}

// NoteMerchantError keeps what last went wrong.
func (tx *Tx) NoteMerchantError(merchant, in, text string, at Time) error {
	return tx.noteMerchant(merchant, "error_at = ?, error_in = ?, error_text = ?", "error_at < ?", []any{at, in, text}, at)
}

// noteMerchant changes a merchant's row if what it notes is newer, and makes the row
// at first.
func (tx *Tx) noteMerchant(merchant, set, newer string, args []any, at Time) error {
	n := 0
	if err := tx.one([]any{&n}, "SELECT COUNT(*) FROM merchant_states WHERE merchant = ?", merchant); err != nil {
		return err
	}
	if n == 0 {
		if err := tx.create(&MerchantState{Merchant: merchant}); err != nil && !tx.isDuplicate(err) {
			return err
		}
	}
	_, err := tx.exec("UPDATE merchant_states SET "+set+" WHERE merchant = ? AND "+newer, append(append(args, merchant), at)...)
	return err
}

// MerchantStates gives the merchants' states by name.
func (tx *Tx) MerchantStates() (map[string]MerchantState, error) {
	var list []MerchantState
	err := tx.g().Find(&list).Error
	out := make(map[string]MerchantState, len(list))
	for _, s := range list {
		out[s.Merchant] = s
	}
	return out, err
}
