package reminder

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Minutes of the day between which reminders may be sent, the ends excluded.
const (
	morningFrom     = 9*60 + 30
	freeMorningFrom = 10*60 + 30
	morningTo       = 12 * 60
	afternoonFrom   = 15 * 60
	afternoonTo     = 18 * 60
)

// open reports whether reminders may be sent now: 09:30-12:00 and 15:00-18:00 in
// Asia/Shanghai, on free days 10:30-12:00 and 15:00-18:00, the ends excluded. Free are
// public holidays, and Saturdays and Sundays that are not worked: see
// [office.FreeDay]. Which kind of day it is matters between 09:30 and 10:30 only, so
// the calendar is asked only then.
func open(tx *store.Tx) (bool, error) {
	t := tx.Now.In(models.Shanghai)
	minute := t.Hour()*60 + t.Minute()
	switch {
	case minute >= afternoonFrom && minute < afternoonTo, minute >= freeMorningFrom && minute < morningTo:
		return true, nil
	case minute < morningFrom || minute >= morningTo:
		return false, nil
	}
	free, err := office.FreeDay(tx, tx.Today())
	return !free && err == nil, err
}
