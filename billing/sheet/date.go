package sheet

import (
	"regexp"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// Date returns a calendar day as midnight UTC of that day, which stands for the
// day in Asia/Shanghai. It accepts 2019-01-07, 2019/1/7, 2019.1.7,
// 2019年1月7日, 20190107, and Excel's serial number of a day, as a number or as
// text. A time of day after any of them is dropped; an instant with a time zone, such as
// 2019-01-06T16:00:00Z, is the day in Asia/Shanghai.
//
// Browsers in China export days 43 seconds before their midnight, on the day before,
// because they count with the local time of Shanghai before 1901. These are the day that
// was meant: see [meantDay].
//
// Days that do not exist and years outside 1900 to 2200 are mistakes. So are
// years of two digits, and serial numbers below 10000 (before 1927-05-18),
// because a cell that contains only 2019 does not mean a day of 1905. A blank
// cell is a mistake: ask Blank first if a day may be missing.
func (row *Row) Date(key string) (time.Time, *Mistake) { return row.date(key, false) }

// PlainDate is Date for a column of days without a time, such as a due day. A time of 16:00
// there is midnight in Asia/Shanghai that was exported as UTC, on the day before. It is a
// mistake, because it may also be a time.
func (row *Row) PlainDate(key string) (time.Time, *Mistake) { return row.date(key, true) }

func (row *Row) date(key string, plain bool) (time.Time, *Mistake) {
	c, m := row.single(key)
	if m != nil {
		return time.Time{}, m
	}
	reason := reasonBlank
	var day time.Time
	if !row.Blank(key) {
		var seconds int
		if day, seconds, reason = parseDate(c, row.table.date1904); reason == "" && plain && isShifted(seconds) {
			reason = reasonShifted
		}
	}
	if reason != "" {
		return time.Time{}, row.Mistake(key, reason)
	}
	return day, nil
}

// Mistakes of a date.
const (
	reasonDate    = "不是日期，应写成 2019-01-07 的样子"
	reasonShifted = "时间是 16:00 前后，像是按世界时（UTC）导出的前一天，请改成不带时间的日期"
)

const daySeconds = 24 * 60 * 60

var (
	dateForm = regexp.MustCompile(`^(\d{4}) ?(?:([-/.]) ?(\d{1,2}) ?([-/.]) ?(\d{1,2})|年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日?)` +
		`(?:[ T]?(上午|下午)? ?([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?)?$`)
	compactForm = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	serialForm  = regexp.MustCompile(`^(\d{5,6})(\.\d+)?$`)
	instantForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$`)
)

// shanghai is the zone of every business day. China has had no summer time since 1991; what
// an instant before it means to the hour does not matter for its day.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// parseDate returns the day and the second of the day, or the reason why there is none.
func parseDate(c cell, date1904 bool) (day time.Time, seconds int, reason string) {
	s := narrow(c.text)
	if c.kind == number {
		d, ok := excelNumber(c.text)
		if !ok {
			return time.Time{}, 0, reasonDate
		}
		s = d.String()
	}
	switch p := serialForm.FindStringSubmatch(s); {
	case p != nil:
		day, reason = serialDay(p[1], date1904)
		if p[2] != "" {
			fraction := decimal.RequireFromString("0" + p[2]) // digits, by the form above
			seconds = int(fraction.Mul(decimal.NewFromInt(daySeconds)).Round(0).IntPart())
		}
	case instantForm.MatchString(s):
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return time.Time{}, 0, "没有这一天"
		}
		at = at.In(shanghai)
		seconds = at.Hour()*3600 + at.Minute()*60 + at.Second()
		day, reason = inRange(time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC))
	default:
		day, seconds, reason = writtenDay(s)
	}
	if reason != "" {
		return day, 0, reason
	}
	day, seconds = meantDay(day, seconds)
	day, reason = inRange(day)
	return day, seconds, reason
}

// writtenDay parses a day as people write it.
func writtenDay(s string) (day time.Time, seconds int, reason string) {
	if p := compactForm.FindStringSubmatch(s); p != nil {
		day, reason = calendarDay(p[1], p[2], p[3])
		return day, 0, reason
	}
	p := dateForm.FindStringSubmatch(s)
	if p == nil || p[2] != p[4] {
		return time.Time{}, 0, reasonDate
	}
	hour, _ := strconv.Atoi(p[9]) // digits or "", by the form above
	minute, _ := strconv.Atoi(p[10])
	second, _ := strconv.Atoi(p[11])
	if p[8] == "下午" && hour < 12 {
		hour += 12
	}
	day, reason = calendarDay(p[1], p[3]+p[6], p[5]+p[7])
	return day, hour*3600 + minute*60 + second, reason
}

// Shanghai's local time before 1901 was 8:05:43 ahead of UTC. Programs that mix it with today's
// 8:00 are 343 seconds early; those that know whole minutes only are 43 seconds early.
const (
	lateSeconds = 43
	lateMinutes = 343
)

// meantDay returns the day that was meant, and the second of it. A time that is early by
// Shanghai's old local time is the midnight after it. The last half minute of a day is not:
// 23:59:59 is how systems write the end of a day, and so is 23:59.
func meantDay(day time.Time, seconds int) (time.Time, int) {
	left := daySeconds - seconds
	if left > 30 && left < 60 || left >= lateMinutes-1 && left <= lateMinutes+1 || left <= 0 {
		return day.AddDate(0, 0, 1), 0
	}
	return day, seconds
}

// isShifted reports whether a time is midnight in Shanghai as UTC writes it.
func isShifted(seconds int) bool {
	for _, early := range []int{0, lateSeconds, lateMinutes} {
		if off := 16*3600 - early - seconds; off >= -1 && off <= 1 {
			return true
		}
	}
	return false
}

// calendarDay refuses days that time.Date would roll over, such as 30 February.
func calendarDay(year, month, day string) (time.Time, string) {
	y, _ := strconv.Atoi(year) // digits, by the forms above
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d || int(t.Month()) != m {
		return time.Time{}, "没有这一天"
	}
	return inRange(t)
}

// serialDay counts from 1899-12-30. That accounts for the 29 February 1900 that
// Excel invents, for every serial number accepted here.
func serialDay(digits string, date1904 bool) (time.Time, string) {
	n, _ := strconv.Atoi(digits) // at most six digits, by the form above
	if n < 10000 {
		return time.Time{}, reasonDate
	}
	if date1904 {
		n += 1462
	}
	if n > 110000 { // past 2200, or a year and month such as 202301
		return time.Time{}, reasonDate
	}
	return inRange(time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC))
}

// serialOf returns the serial number of a day at midnight UTC. A time.Duration
// would overflow in the year 2192.
func serialOf(day time.Time) int {
	return int((day.Unix() - time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Unix()) / 86400)
}

// inRange refuses years that must be typing errors.
func inRange(t time.Time) (time.Time, string) {
	if t.Year() < 1900 || t.Year() > 2200 {
		return time.Time{}, "年份应在 1900 到 2200 之间"
	}
	return t, ""
}
