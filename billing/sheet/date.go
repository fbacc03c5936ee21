package sheet

import (
	"regexp"
	"strconv"
	"time"
)

// Date returns a calendar day as midnight UTC of that day, which stands for the
// day in Asia/Shanghai. It accepts 2019-01-07, 2019/1/7, 2019.1.7,
// 2019年1月7日, 20190107, and Excel's serial number of a day, as a number or as
// text. A time of day after any of them is dropped.
//
// Days that do not exist and years outside 1900 to 2200 are mistakes. So are
// years of two digits, and serial numbers below 10000 (before 1927-05-18),
// because a cell that contains only 2019 does not mean a day of 1905. A blank
// cell is a mistake: ask Blank first if a day may be missing.
func (row *Row) Date(key string) (time.Time, *Mistake) {
	c, m := row.single(key)
	if m != nil {
		return time.Time{}, m
	}
	reason := reasonBlank
	var day time.Time
	if !row.Blank(key) {
		day, reason = parseDate(c, row.table.date1904)
	}
	if reason != "" {
		return time.Time{}, row.Mistake(key, reason)
	}
	return day, nil
}

// reasonDate is the mistake of a text that is no day.
const reasonDate = "不是日期，应写成 2019-01-07 的样子"

var (
	dateForm = regexp.MustCompile(`^(\d{4}) ?(?:([-/.]) ?(\d{1,2}) ?([-/.]) ?(\d{1,2})|年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日?)` +
		`(?:[ T]?(?:上午|下午)? ?([01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)?$`)
	compactForm = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	serialForm  = regexp.MustCompile(`^(\d{5,6})(?:\.\d+)?$`)
)

// parseDate returns the day, or the reason why there is none.
func parseDate(c cell, date1904 bool) (time.Time, string) {
	s := narrow(c.text)
	if c.kind == number {
		d, ok := excelNumber(c.text)
		if !ok {
			return time.Time{}, reasonDate
		}
		s = d.String()
	}
	if p := serialForm.FindStringSubmatch(s); p != nil {
		return serialDay(p[1], date1904)
	}
	if p := compactForm.FindStringSubmatch(s); p != nil {
		return calendarDay(p[1], p[2], p[3])
	}
	p := dateForm.FindStringSubmatch(s)
	if p == nil || p[2] != p[4] {
		return time.Time{}, reasonDate
	}
	return calendarDay(p[1], p[3]+p[6], p[5]+p[7])
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
