package intake

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"wuyepay/billing/calc"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/office"
)

// holidayTable imports holidays 节假日 and days of work on weekends 调休上班, as the State
// Council announces them for a year. A row is one day or a run of days. A day that is
// known with another kind or name is changed, because announcements are amended. Two rows
// that call one day both off and worked are a mistake.
type holidayTable struct {
	*pass
	seen map[models.Date]seenHoliday
}

// seenHoliday is what an earlier row of the file says of a day.
type seenHoliday struct {
	kind string
	row  int32 // its place
}

// holidayRow is a row that was read: the same kind and name for all of its days.
type holidayRow struct {
	row  *sheet.Row
	days calc.Days
	kind string
	name string
}

// maxHolidayRun is the longest run of days in one row. The longest holiday so far had
// eight; a longer run than this is a slip in one of its ends.
const maxHolidayRun = 31

// columns returns the columns with the names that are used for them.
func (t *holidayTable) columns() []sheet.Column {
	return []sheet.Column{
		{Key: colFrom, Names: []string{"日期", "起止日期", "放假日期", "日期范围", "开始日期", "起始日期", "起"}, Required: true},
		{Key: colTo, Names: []string{"截止日期", "结束日期", "终止日期", "止"}},
		{Key: colKind, Names: []string{"类型", "休息/上班", "休或班", "放假/上班", "安排"}, Required: true},
		{Key: colName, Names: []string{"名称", "节日", "节假日", "节日名称", "节假日名称", "说明", "备注"}},
	}
}

// colName is the key of the column of the name.
const colName = "name"

var dayKindWords = keywords(map[string]string{
	office.DayOff:  "休息 休 放假 假 假期 假日 节假日 法定节假日 公休 休息日",
	office.WorkDay: "上班 班 调休 调休上班 补班 工作日 调班 上班日",
})

// read reads a row.
func (t *holidayTable) read(row *sheet.Row) holidayRow {
	r := holidayRow{row: row, kind: t.keyword(row, colKind, dayKindWords, "休息、上班"), name: t.text(row, colName, 40)}
	if row.Blank(colKind) {
		t.addMistake(row.Mistake(colKind, "不能为空"))
	}
	before := len(t.mistakes)
	r.days = t.dayRange(row)
	if len(t.mistakes) > before {
		return r
	}
	switch today := t.tx.Today(); {
	case r.days.Empty():
		t.addMistake(row.Mistake(colFrom, "截止日期早于开始日期"))
	case !office.HolidayMayBe(r.days.From, today) || !office.HolidayMayBe(r.days.To, today):
		t.addMistake(row.Mistake(colFrom, fmt.Sprintf("年份应在 2000 到 %d 之间", today.Year()+2)))
	case r.days.To-r.days.From >= maxHolidayRun:
		t.addMistake(row.Mistake(colFrom, fmt.Sprintf("一行最多 %d 天", maxHolidayRun)))
	default:
		t.note(&r)
	}
	return r
}

// note remembers the days of a row, and records a mistake if an earlier row says
// otherwise of one of them.
func (t *holidayTable) note(r *holidayRow) {
	if r.kind == "" {
		return
	}
	for day := r.days.From; day <= r.days.To; day++ {
		if before, ok := t.seen[day]; ok && before.kind != r.kind {
			t.addMistake(r.row.Mistake(colKind, fmt.Sprintf("%s 与%s的类型不同", day, t.rowName(before.row, r.row.Place()))))
			return
		}
		t.seen[day] = seenHoliday{r.kind, r.row.Place()}
	}
}

// rangeForm is a run of days in one cell. The second day may leave out what it shares
// with the first: 2026-10-01至2026-10-08, 2026年10月1日—8日, 2026/10/1~10/8.
var rangeForm = regexp.MustCompile(
	`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:至|到|~|-|—|–|－|～)+(?:(?:(\d{4})[-/.年])?(\d{1,2})[-/.月])?(\d{1,2})日?$`)

// dayRange reads the days of a row: from one cell with a day or a run of days, or from
// two cells.
func (t *holidayTable) dayRange(row *sheet.Row) calc.Days {
	text := models.HalfWidth(row.Text(colFrom))
	if part := rangeForm.FindStringSubmatch(text); part != nil && row.Blank(colTo) {
		from, okFrom := dayOf(part[1], part[2], part[3])
		year, month := part[4], part[5]
		if year == "" {
			year = part[1]
		}
		if month == "" {
			month = part[2]
		}
		to, okTo := dayOf(year, month, part[6])
		if !okFrom || !okTo {
			t.addMistake(row.Mistake(colFrom, "没有这一天"))
		}
		return calc.Days{From: from, To: to}
	}
	days := calc.Days{From: t.requiredDate(row, colFrom)}
	if days.To = days.From; !row.Blank(colTo) {
		days.To = t.requiredDate(row, colTo)
	}
	return days
}

// dayOf returns a day by its digits, and whether there is one.
func dayOf(year, month, day string) (models.Date, bool) {
	text := strings.Join([]string{year, twoDigits(month), twoDigits(day)}, "-")
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return 0, false
	}
	d, err := models.ParseDate(text)
	return d, err == nil
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// batch compares the days of the rows with those that are known, and writes them. A row
// is added if one of its days is new, and changed if one is known otherwise.
func (t *holidayTable) batch(rows []holidayRow) error {
	var days []models.Date
	for _, r := range rows {
		for day := r.days.From; day <= r.days.To; day++ {
			days = append(days, day)
		}
	}
	known, err := office.HolidaysOf(t.tx, days)
	if err != nil {
		return err
	}
	for _, r := range rows {
		isNew, differs := false, false
		for day := r.days.From; day <= r.days.To; day++ {
			h := office.Holiday{Day: day, Kind: r.kind, Name: r.name}
			before, ok := known[day]
			if ok && before.Kind == h.Kind && before.Name == h.Name {
				continue
			}
			isNew, differs = isNew || !ok, true
			h.ID = before.ID
			if !ok {
				h.ID = models.NewID()
			}
			known[day] = h
			if !t.write {
				continue
			}
			if err := t.put(h, ok); err != nil {
				return err
			}
		}
		switch {
		case isNew:
			t.decide(r.row, added)
		case differs:
			t.decide(r.row, changed)
		default:
			t.decide(r.row, unchanged)
		}
	}
	return nil
}

// put writes a day, and notes for taking back what was there before.
func (t *holidayTable) put(h office.Holiday, known bool) error {
	if !known {
		t.addsRows("holidays", h.ID)
	} else if err := t.changesRows("holidays", h.ID); err != nil {
		return err
	}
	_, err := office.PutHoliday(t.tx, t.by, h)
	return err
}

// end has nothing to add: each row was compared with those before it.
func (*holidayTable) end() error { return nil }
