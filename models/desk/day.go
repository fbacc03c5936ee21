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
// payments and reversals can be entered in it. Once closed it holds for good what was
// counted against what was booked, and a correction goes into a later day.
//
// Every entry locks the row of its day first, so that none slips in while the day is
// being closed.
type DeskDay struct {
	ID            string
	CommunityID   string
	StaffID       string // the cashier
	StaffName     string
	Channel       string
	DayOn         models.Date
	Status        string
	BookedCount   int // of the payments; frozen when the day is closed, as all the figures
	BookedFen     models.Fen
	ReversedCount int
	ReversedFen   models.Fen
	CountedFen    models.Fen // what the cashier counted in the drawer or on the slips
	Reason        string     // of the difference; a closed day without one has none
	ClosedID      string     // the member of staff who closed it
	ClosedName    string
	ClosedAt      models.Time
	CreatedAt     models.Time
}

// NetFen is what should be there: payments less what was undone. It is below zero on a
// day on which more was undone than taken.
func (d *DeskDay) NetFen() models.Fen { return d.BookedFen - d.ReversedFen }

// DifferenceFen is what was counted too much or, below zero, too little: counted 99.00
// yuan where 100.00 were booked is -100.
func (d *DeskDay) DifferenceFen() models.Fen { return d.CountedFen - d.NetFen() }

var dayTable = store.NewTable[DeskDay]("desk_days")

// dayKey is what tells days apart.
const dayKey = "community_id = ? AND staff_id = ? AND channel = ? AND day_on = ?"

func (d *DeskDay) key() []any { return []any{d.CommunityID, d.StaffID, d.Channel, d.DayOn} }

// LockDeskDay returns the day of a cashier and channel for an entry, or for its closing.
// The first entry of a day makes the row. Of d only the key counts: community, cashier,
// channel and day, with the cashier's name for a new row.
func LockDeskDay(tx *store.Tx, d DeskDay) (DeskDay, error) {
	out, err := dayTable.Row(tx, "WHERE "+dayKey+store.ForUpdate, d.key()...)
	if !errors.Is(err, models.ErrNotFound) {
		return out, err
	}
	made := DeskDay{ID: models.NewID(), CommunityID: d.CommunityID, StaffID: d.StaffID, StaffName: d.StaffName, Channel: d.Channel,
		DayOn: d.DayOn, Status: DeskDayOpen, CreatedAt: tx.Now}
	// Not INSERT first: a duplicate takes a shared lock, and two that hold one wait
	// for each other when they want it alone.
	err = dayTable.Insert(tx, made)
	if err != nil && tx.IsDuplicate(err) {
		return dayTable.Row(tx, "WHERE "+dayKey+store.ForUpdate, d.key()...)
	}
	return made, err
}

// DeskDayClosedOn reports whether the day of a cashier and channel is closed. It is for
// what is shown; an entry asks under the lock of [LockDeskDay].
func DeskDayClosedOn(tx *store.Tx, d DeskDay) (bool, error) {
	n, err := store.G[DeskDay](tx).Where(dayKey, d.key()...).Where("status = ?", DeskDayClosed).Count(tx.Context(), "*")
	return n > 0, err
}

// AddUpDeskDay fills in what was booked and undone in a day. Where the day is being
// closed, its row is locked.
func AddUpDeskDay(tx *store.Tx, d *DeskDay) error {
	type sum struct {
		Count     int
		AmountFen models.Fen
	}
	booked, err := store.Row[sum](tx, `SELECT COUNT(*) AS count, COALESCE(SUM(p.amount_fen), 0) AS amount_fen FROM desk_entries e
		JOIN payments p ON p.id = e.payment_id WHERE e.community_id = ? AND e.day_on = ? AND e.staff_id = ? AND e.channel = ?`,
		d.CommunityID, d.DayOn, d.StaffID, d.Channel)
	if err != nil {
		return err
	}
	undone, err := store.Row[sum](tx,
		"SELECT COUNT(*) AS count, COALESCE(SUM(amount_fen), 0) AS amount_fen FROM payment_reversals WHERE "+dayKey, d.key()...)
	if err != nil {
		return err
	}
	d.BookedCount, d.BookedFen, d.ReversedCount, d.ReversedFen = booked.Count, booked.AmountFen, undone.Count, undone.AmountFen
	return nil
}

var closeDay = dayTable.Update(`status, booked_count, booked_fen, reversed_count, reversed_fen, counted_fen, reason,
	closed_id, closed_name, closed_at`, "id = ? AND status = 'open'")

// CloseDeskDay freezes the figures of an open day. It reports false if the day is closed
// already.
func CloseDeskDay(tx *store.Tx, d *DeskDay) (bool, error) {
	closed := *d
	closed.Status, closed.ClosedAt = DeskDayClosed, tx.Now
	ok, err := closeDay.Guarded(tx, &closed, d.ID)
	if ok {
		*d = closed
	}
	return ok, err
}

// DeskDayByID returns a day, or [models.ErrNotFound].
func DeskDayByID(tx *store.Tx, id string) (DeskDay, error) {
	return store.G[DeskDay](tx).Where("id = ?", id).Take(tx.Context())
}
