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
	Room       estate.Room
	Community  string
	Reversal   money.PaymentReversal // zero while the payment stands
}

// Cursor is where the next page begins.
func (l DeskLine) Cursor() string { return l.PaymentID }

// DeskFilter chooses payments of the desk, newest first.
type DeskFilter struct {
	Scope   office.Scope
	On      models.Date // the day they count in; none: any
	Channel string      // empty: any
	StaffID string      // of the cashier; empty: any
	Voucher string      // empty: any
	After   string      // DeskLine.Cursor of the last one seen
	Limit   int
}

const deskLines = ` FROM desk_entries e JOIN payments p ON p.id = e.payment_id JOIN rooms r ON r.id = e.room_id JOIN communities c ON c.id = e.community_id
	LEFT JOIN payment_reversals v ON v.payment_id = e.payment_id WHERE 1 = 1`

// reversalShown are the columns of a reversal that may be missing.
const reversalShown = "COALESCE(v.id, ''), COALESCE(v.day_on, ''), COALESCE(v.reason, ''), COALESCE(v.by_name, ''), COALESCE(v.created_at, 0), COALESCE(v.amount_fen, 0)"

// DeskLines gives a page of payments of the desk.
func DeskLines(tx *store.Tx, f DeskFilter) ([]DeskLine, error) {
	scope, args := f.Scope.And()
	q := "SELECT " + store.Prefixed("e", deskEntryColumns) + ", p.amount_fen, p.surplus_fen, " + store.Prefixed("r", estate.RoomColumns) + ", c.name, " + reversalShown + deskLines + scope
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
	var out []DeskLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, DeskLine{})
		return scan(out[len(out)-1].dest()...)
	}, q+" ORDER BY e.payment_id DESC LIMIT ?", append(args, f.Limit)...)
	return out, err
}

func (l *DeskLine) dest() []any {
	v := &l.Reversal
	dest := append(l.DeskEntry.dest(), &l.AmountFen, &l.SurplusFen)
	dest = append(dest, l.Room.Dest()...)
	return append(dest, &l.Community, &v.ID, &v.DayOn, &v.Reason, &v.ByName, &v.CreatedAt, &v.AmountFen)
}

// DeskLineByID finds a payment of the desk that the scope may see.
func DeskLineByID(tx *store.Tx, s office.Scope, paymentID string) (l DeskLine, err error) {
	scope, args := s.And()
	return l, tx.QueryRow(l.dest(), "SELECT "+store.Prefixed("e", deskEntryColumns)+", p.amount_fen, p.surplus_fen, "+store.Prefixed("r", estate.RoomColumns)+", c.name, "+reversalShown+deskLines+
		scope+" AND e.payment_id = ?", append(args, paymentID)...)
}

// DeskDayLine is a day of a cashier and channel as a list shows it. Its figures are
// frozen if it is closed, and what is booked by now otherwise.
type DeskDayLine struct {
	DeskDay
	Community string
}

// DeskDays gives the days of cashiers and channels on one day that have entries or
// are closed; of one cashier, or of all (staffID empty).
func DeskDays(tx *store.Tx, on models.Date, staffID string) ([]DeskDayLine, error) {
	return deskDays(tx, "d.day_on = ?", staffID, on)
}

// OpenDeskDays gives the days before one that have entries and were not closed.
func OpenDeskDays(tx *store.Tx, before models.Date, staffID string) ([]DeskDayLine, error) {
	return deskDays(tx, "d.day_on < ? AND d.status = 'open'", staffID, before)
}

func deskDays(tx *store.Tx, where, staffID string, day models.Date) ([]DeskDayLine, error) {
	q, args := "SELECT "+store.Prefixed("d", deskDayColumns)+", c.name FROM desk_days d JOIN communities c ON c.id = d.community_id WHERE "+where, []any{day}
	if staffID != "" {
		q, args = q+" AND d.staff_id = ?", append(args, staffID)
	}
	var out []DeskDayLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, DeskDayLine{})
		l := &out[len(out)-1]
		return scan(append(l.DeskDay.dest(), &l.Community)...)
	}, q+" ORDER BY d.day_on, c.name, d.staff_name, d.staff_id, d.channel", args...)
	if err != nil {
		return nil, err
	}
	shown := out[:0]
	for _, l := range out {
		if l.Status == DeskDayOpen {
			if err := AddUpDeskDay(tx, &l.DeskDay); err != nil {
				return nil, err
			}
			if l.BookedCount+l.ReversedCount == 0 {
				continue
			}
		}
		shown = append(shown, l)
	}
	return shown, nil
}
