package office

import (
	"cmp"
	"errors"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Kinds of a [Holiday].
const (
	DayOff  = "holiday" // 节假日: a day off, whatever the day of the week
	WorkDay = "workday" // 调休上班: a day of work, also on a weekend
)

// Holiday is a day on which the office keeps other hours than the day of the week says.
// The State Council announces them every autumn for the next year. Name is what the day
// is called, such as 国庆节.
type Holiday struct {
	ID        string
	Day       models.Date
	Kind      string // DayOff or WorkDay
	Name      string
	MadeBy    models.Actor `gorm:"embedded;embeddedPrefix:made_"` // who wrote it last
	CreatedAt models.Time
	UpdatedAt models.Time
}

var holidayTable = store.NewTable[Holiday]("holidays")

// Refusals of holidays.
var (
	// ErrHolidayKind refuses a kind that is none.
	ErrHolidayKind = models.Invalid("HOLIDAY_KIND", "类型应为：休息、上班")
	// ErrHolidayDay refuses a day that is no date, or years away.
	ErrHolidayDay = models.Invalid("HOLIDAY_DAY", "日期应写成 2026-10-01 的样子，最早 2000 年，最晚后年年底")
	// ErrHolidayName refuses a name that is too long.
	ErrHolidayName = models.Invalid("HOLIDAY_NAME", "名称最多 40 个字")
)

// HolidayMayBe reports whether a day can be a holiday: from the year 2000 to the end of
// the second year after today. A later one is a slip of the pen, because nobody has
// announced it.
func HolidayMayBe(day, today models.Date) bool {
	return day.Year() >= 2000 && day.Year() <= today.Year()+2
}

// FreeDay reports whether a day is off: a holiday, or a Saturday or Sunday that is not
// worked.
func FreeDay(tx *store.Tx, day models.Date) (bool, error) {
	h, err := store.G[Holiday](tx).Where("day = ?", day).Take(tx.Context())
	if errors.Is(err, models.ErrNotFound) {
		return day.Weekday()%6 == 0, nil // Sunday is 0, Saturday 6
	}
	return h.Kind == DayOff, err
}

// Holidays returns the holidays from..to, the earliest first.
func Holidays(tx *store.Tx, from, to models.Date) ([]Holiday, error) {
	return store.G[Holiday](tx).Where("day >= ? AND day <= ?", from, to).Order("day").Find(tx.Context())
}

// HolidaysOf returns those of the days that are holidays, by day.
func HolidaysOf(tx *store.Tx, days []models.Date) (map[models.Date]Holiday, error) {
	list, err := store.RowsIn[Holiday](tx, days, nil, holidayTable.Select("WHERE day (IN)"))
	return store.Index(list, func(h *Holiday) models.Date { return h.Day }), err
}

var updateHoliday = holidayTable.Update("kind, name, made_kind, made_id, made_name, updated_at", "day = ?")

// PutHoliday adds a holiday, or changes the one of that day. It reports whether anything
// is different now. A new one takes the ID of h, or one of its own if that is empty. Its
// audit line is the caller's: one for the day, or one for a file.
func PutHoliday(tx *store.Tx, by models.Actor, h Holiday) (changed bool, err error) {
	h.MadeBy, h.CreatedAt, h.UpdatedAt = by, tx.Now, tx.Now
	before, err := holidayTable.Row(tx, "WHERE day = ?"+store.ForUpdate, h.Day)
	if errors.Is(err, models.ErrNotFound) {
		h.ID = cmp.Or(h.ID, models.NewID())
		return true, holidayTable.Insert(tx, h)
	}
	if err != nil || before.Kind == h.Kind && before.Name == h.Name {
		return false, err
	}
	_, err = updateHoliday.Guarded(tx, &h, h.Day)
	return err == nil, err
}

// SetHoliday writes one day and its line in the audit log.
func SetHoliday(tx *store.Tx, by models.Actor, h Holiday) error {
	switch {
	case h.Kind != DayOff && h.Kind != WorkDay:
		return ErrHolidayKind
	case !HolidayMayBe(h.Day, tx.Today()):
		return ErrHolidayDay
	case len([]rune(h.Name)) > 40:
		return ErrHolidayName
	}
	changed, err := PutHoliday(tx, by, h)
	if err != nil || !changed {
		return err
	}
	return Audit(tx, by, "holiday.set", "holiday", h.Day.String(), map[string]any{"day_kind": h.Kind, "name": h.Name})
}

// DropHoliday removes a day, which then counts as its day of the week. A day that is none
// is [models.ErrNotFound].
func DropHoliday(tx *store.Tx, by models.Actor, day models.Date) error {
	n, err := tx.Exec("DELETE FROM holidays WHERE day = ?", day)
	if err == nil && n == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return err
	}
	return Audit(tx, by, "holiday.dropped", "holiday", day.String(), nil)
}
