package desk

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// DeskDayLine is a day of a cashier and channel as a list shows it. The figures of a
// closed day are frozen; those of an open one are what is booked by now.
type DeskDayLine struct {
	DeskDay
	Community string
}

// DeskDays returns the days of cashiers and channels on one day that have entries or
// are closed; of one cashier, or of all (staffID empty).
func DeskDays(tx *store.Tx, on models.Date, staffID string) ([]DeskDayLine, error) {
	return deskDays(tx, "d.day_on = ?", staffID, on)
}

// OpenDeskDays returns the days before one that have entries and were not closed.
func OpenDeskDays(tx *store.Tx, before models.Date, staffID string) ([]DeskDayLine, error) {
	return deskDays(tx, "d.day_on < ? AND d.status = 'open'", staffID, before)
}

// deskDays leaves out open days without an entry: an entry that failed, for example on a
// voucher that was used before, has made the row of its day all the same.
func deskDays(tx *store.Tx, where, staffID string, day models.Date) ([]DeskDayLine, error) {
	q := "SELECT " + dayTable.Of("d") + ", c.name AS community FROM desk_days d JOIN communities c ON c.id = d.community_id WHERE " + where
	args := []any{day}
	if staffID != "" {
		q, args = q+" AND d.staff_id = ?", append(args, staffID)
	}
	list, err := store.Rows[DeskDayLine](tx, q+" ORDER BY d.day_on, c.name, d.staff_name, d.staff_id, d.channel", args...)
	if err != nil {
		return nil, err
	}
	shown := list[:0]
	for _, l := range list {
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
