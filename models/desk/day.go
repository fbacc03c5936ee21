package desk

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/store"
)

// States of a [DeskDay].
const (
	DeskDayOpen   = "open"
	DeskDayClosed = "closed"
)

// DeskDay is one day of a cashier and channel in a community. While it is open,
// payments and reversals can be entered in it; closed, it holds for good what was
// counted against what was booked, and a correction goes into a later day.
//
// Every entry locks the row of its day first, so that none slips in while the day
// is being closed.
type DeskDay struct {
	ID            string
	CommunityID   string
	StaffID       string
	StaffName     string
	Channel       string
	DayOn         models.Date
	Status        string
	BookedCount   int // of the payments; frozen when closed, as all the figures
	BookedFen     models.Fen
	ReversedCount int
	ReversedFen   models.Fen
	CountedFen    models.Fen
	Reason        string // of the difference
	ClosedID      string
	ClosedName    string
	ClosedAt      models.Time
	CreatedAt     models.Time
}

// NetFen is what should be there: payments less what was undone. Below zero where
// more was undone on a day than taken.
func (d *DeskDay) NetFen() models.Fen { return d.BookedFen - d.ReversedFen }

// DifferenceFen is what was counted too much, or, below zero, too little.
func (d *DeskDay) DifferenceFen() models.Fen { return d.CountedFen - d.NetFen() }

const deskDayColumns = `id, community_id, staff_id, staff_name, channel, day_on, status, booked_count, booked_fen, reversed_count, reversed_fen,
	counted_fen, reason, closed_id, closed_name, closed_at, created_at`

func (d *DeskDay) dest() []any {
	return []any{&d.ID, &d.CommunityID, &d.StaffID, &d.StaffName, &d.Channel, &d.DayOn, &d.Status, &d.BookedCount, &d.BookedFen, &d.ReversedCount, &d.ReversedFen,
		&d.CountedFen, &d.Reason, &d.ClosedID, &d.ClosedName, &d.ClosedAt, &d.CreatedAt}
}

// LockDeskDay reads the day of a cashier and channel for an entry, or for its
// closing; the first who needs it makes it. Only the key fields of d count.
func LockDeskDay(tx *store.Tx, d DeskDay) (DeskDay, error) {
	out, err := lockDeskDay(tx, d)
	if !errors.Is(err, models.ErrNotFound) {
		return out, err
	}
	d.ID, d.Status, d.CreatedAt = models.NewID(), DeskDayOpen, tx.Now
	// Not INSERT first: a duplicate takes a shared lock, and two that hold one wait
	// for each other when they want it alone.
	_, err = tx.Exec("INSERT INTO desk_days (id, community_id, staff_id, staff_name, channel, day_on, status, created_at) VALUES (?,?,?,?,?,?,?,?)",
		d.ID, d.CommunityID, d.StaffID, d.StaffName, d.Channel, d.DayOn, d.Status, d.CreatedAt)
	if err != nil && tx.IsDuplicate(err) {
		return lockDeskDay(tx, d)
	}
	return d, err
}

func lockDeskDay(tx *store.Tx, d DeskDay) (out DeskDay, err error) {
	err = tx.QueryRow(out.dest(), "SELECT "+deskDayColumns+" FROM desk_days WHERE community_id = ? AND staff_id = ? AND channel = ? AND day_on = ?"+store.ForUpdate,
		d.CommunityID, d.StaffID, d.Channel, d.DayOn)
	return out, err
}

// DeskDayClosedOn tells whether the day of a cashier and channel is closed. It is
// for what is shown; an entry asks under the lock.
func DeskDayClosedOn(tx *store.Tx, d DeskDay) (bool, error) {
	n := 0
	err := tx.QueryRow([]any{&n}, "SELECT COUNT(*) FROM desk_days WHERE community_id = ? AND staff_id = ? AND channel = ? AND day_on = ? AND status = 'closed'",
		d.CommunityID, d.StaffID, d.Channel, d.DayOn)
	return n > 0, err
}

// AddUpDeskDay fills in what was booked in a day: of a closing, under the lock of
// its row.
func AddUpDeskDay(tx *store.Tx, d *DeskDay) error {
	err := tx.QueryRow([]any{&d.BookedCount, &d.BookedFen}, `SELECT COUNT(*), COALESCE(SUM(p.amount_fen), 0) FROM desk_entries e JOIN payments p ON p.id = e.payment_id
		WHERE e.community_id = ? AND e.day_on = ? AND e.staff_id = ? AND e.channel = ?`, d.CommunityID, d.DayOn, d.StaffID, d.Channel)
	if err != nil {
		return err
	}
	return tx.QueryRow([]any{&d.ReversedCount, &d.ReversedFen}, `SELECT COUNT(*), COALESCE(SUM(amount_fen), 0) FROM payment_reversals
		WHERE community_id = ? AND day_on = ? AND staff_id = ? AND channel = ?`, d.CommunityID, d.DayOn, d.StaffID, d.Channel)
}

// CloseDeskDay freezes the figures of an open day; false if it is closed already.
func CloseDeskDay(tx *store.Tx, d *DeskDay) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE desk_days SET status = 'closed', booked_count = ?, booked_fen = ?, reversed_count = ?, reversed_fen = ?, counted_fen = ?, reason = ?,
		closed_id = ?, closed_name = ?, closed_at = ? WHERE id = ? AND status = 'open'`, d.BookedCount, d.BookedFen, d.ReversedCount, d.ReversedFen, d.CountedFen, d.Reason,
		d.ClosedID, d.ClosedName, tx.Now, d.ID)
	if ok {
		d.Status, d.ClosedAt = DeskDayClosed, tx.Now
	}
	return ok, err
}

// DeskDayByID finds a day.
func DeskDayByID(tx *store.Tx, id string) (d DeskDay, err error) {
	return d, tx.QueryRow(d.dest(), "SELECT "+deskDayColumns+" FROM desk_days WHERE id = ?", id)
}
