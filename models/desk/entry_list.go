package desk

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// DeskLine is a payment of the desk as a list shows it.
type DeskLine struct {
	DeskEntry
	AmountFen  models.Fen
	SurplusFen models.Fen
	Room       estate.Room `gorm:"embedded;embeddedPrefix:r_"`
	Community  string
	Reversal   money.PaymentReversal `gorm:"embedded;embeddedPrefix:v_"` // zero while the payment stands
}

// Cursor is where the next page begins.
func (l DeskLine) Cursor() string { return l.PaymentID }

// DeskFilter chooses payments of the desk, newest first.
type DeskFilter struct {
	Scope   office.Scope
	On      models.Date // the day they count in; none: any
	Channel string      // empty: any
	StaffID string      // of the cashier; empty: any
	Voucher string      // as it was entered, exactly; empty: any
	After   string      // DeskLine.Cursor of the last one of the page before
	Limit   int
}

// deskLines reads of a reversal, which may be missing, what is shown.
var deskLines = "SELECT " + entryTable.Of("e") + ", p.amount_fen, p.surplus_fen, " + estate.RoomTable.As("r", "r_") + `,
	c.name AS community,
	COALESCE(v.id, '') AS v_id, COALESCE(v.day_on, '') AS v_day_on, COALESCE(v.reason, '') AS v_reason,
	COALESCE(v.by_name, '') AS v_by_name, COALESCE(v.created_at, 0) AS v_created_at, COALESCE(v.amount_fen, 0) AS v_amount_fen
	FROM desk_entries e JOIN payments p ON p.id = e.payment_id JOIN rooms r ON r.id = e.room_id
	JOIN communities c ON c.id = e.community_id LEFT JOIN payment_reversals v ON v.payment_id = e.payment_id WHERE 1 = 1`

// DeskLines returns a page of payments of the desk.
func DeskLines(tx *store.Tx, f DeskFilter) ([]DeskLine, error) {
	scope, args := f.Scope.And()
	q := deskLines + scope
	add := func(where string, value any) { q, args = q+" AND "+where, append(args, value) }
	if !f.On.IsZero() {
		add("e.day_on = ?", f.On)
	}
	if f.Channel != "" {
		add("e.channel = ?", f.Channel)
	}
	if f.StaffID != "" {
		add("e.staff_id = ?", f.StaffID)
	}
	if f.Voucher != "" {
		add("e.voucher_no = ?", f.Voucher)
	}
	if f.After != "" {
		add("e.payment_id < ?", f.After)
	}
	return store.Rows[DeskLine](tx, q+" ORDER BY e.payment_id DESC LIMIT ?", append(args, f.Limit)...)
}

// DeskLineByID returns a payment of the desk that the scope may see. It returns
// [models.ErrNotFound] both if there is none and if it is of another's room.
func DeskLineByID(tx *store.Tx, s office.Scope, paymentID string) (DeskLine, error) {
	scope, args := s.And()
	return store.Row[DeskLine](tx, deskLines+scope+" AND e.payment_id = ?", append(args, paymentID)...)
}
