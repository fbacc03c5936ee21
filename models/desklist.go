package models

// DeskLine is a payment of the desk as a list shows it.
type DeskLine struct {
	DeskEntry
	AmountFen  Fen
	SurplusFen Fen
	Room       Room
	Community  string
	Reversal   PaymentReversal // zero while the payment stands
}

// Cursor is where the next page begins.
func (l DeskLine) Cursor() string { return l.PaymentID }

// DeskFilter chooses payments of the desk, newest first.
type DeskFilter struct {
	Scope   Scope
	On      Date   // the day they count in; none: any
	Channel string // empty: any
	StaffID string // of the cashier; empty: any
	Voucher string // empty: any
	After   string // DeskLine.Cursor of the last one seen
	Limit   int
}

const deskLines = ` FROM desk_entries e JOIN payments p ON p.id = e.payment_id JOIN rooms r ON r.id = e.room_id JOIN communities c ON c.id = e.community_id
	LEFT JOIN payment_reversals v ON v.payment_id = e.payment_id WHERE 1 = 1`

// reversalShown are the columns of a reversal that may be missing.
const reversalShown = "COALESCE(v.id, ''), COALESCE(v.day_on, ''), COALESCE(v.reason, ''), COALESCE(v.by_name, ''), COALESCE(v.created_at, 0), COALESCE(v.amount_fen, 0)"

// DeskLines gives a page of payments of the desk.
func (tx *Tx) DeskLines(f DeskFilter) ([]DeskLine, error) {
	scope, args := f.Scope.and()
	q := "SELECT " + prefixed("e", deskEntryColumns) + ", p.amount_fen, p.surplus_fen, " + prefixed("r", roomColumns) + ", c.name, " + reversalShown + deskLines + scope
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
	err := tx.each(func(scan func(...any) error) error {
		out = append(out, DeskLine{})
		return scan(out[len(out)-1].dest()...)
	}, q+" ORDER BY e.payment_id DESC LIMIT ?", append(args, f.Limit)...)
	return out, err
}

func (l *DeskLine) dest() []any {
	v := &l.Reversal
	dest := append(l.DeskEntry.dest(), &l.AmountFen, &l.SurplusFen)
	dest = append(dest, l.Room.dest()...)
	return append(dest, &l.Community, &v.ID, &v.DayOn, &v.Reason, &v.ByName, &v.CreatedAt, &v.AmountFen)
}

// DeskLineByID finds a payment of the desk that the scope may see.
func (tx *Tx) DeskLineByID(s Scope, paymentID string) (l DeskLine, err error) {
	scope, args := s.and()
	return l, tx.one(l.dest(), "SELECT "+prefixed("e", deskEntryColumns)+", p.amount_fen, p.surplus_fen, "+prefixed("r", roomColumns)+", c.name, "+reversalShown+deskLines+
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
func (tx *Tx) DeskDays(on Date, staffID string) ([]DeskDayLine, error) {
	return tx.deskDays("d.day_on = ?", staffID, on)
}

// OpenDeskDays gives the days before one that have entries and were not closed.
func (tx *Tx) OpenDeskDays(before Date, staffID string) ([]DeskDayLine, error) {
	return tx.deskDays("d.day_on < ? AND d.status = 'open'", staffID, before)
}

func (tx *Tx) deskDays(where, staffID string, day Date) ([]DeskDayLine, error) {
	q, args := "SELECT "+prefixed("d", deskDayColumns)+", c.name FROM desk_days d JOIN communities c ON c.id = d.community_id WHERE "+where, []any{day}
	if staffID != "" {
		q, args = q+" AND d.staff_id = ?", append(args, staffID)
	}
	var out []DeskDayLine
	err := tx.each(func(scan func(...any) error) error {
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
			if err := tx.AddUpDeskDay(&l.DeskDay); err != nil {
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
