package models

import "fmt"

// DayKind is what a day in the books is for. Each kind has a window of days that can be
// meant; a day outside it is a slip of the pen, such as 2062 for 2026, and nobody would
// notice it later: a bill that is due in 2062 is never overdue, a room that is handed over
// in 2091 is never billed. The windows are wide, because a day that is unusual but right
// must pass.
type DayKind struct {
	name     string
	earliest Date
	ahead    int  // days after today
	endless  bool // a far day means "no end" and passes; see endlessDays
}

// The kinds of day, and why their windows are as they are.
var (
	// A meter shows nothing of tomorrow. Meters of before 1990 have been replaced since.
	DayOfReading = DayKind{name: "抄表日期", earliest: NewDate(1990, 1, 1)}
	// Housing that is sold exists since 1980. A handover is planned some years ahead, while
	// the house is being built.
	DayOfHandover = DayKind{name: "交付日期", earliest: NewDate(1980, 1, 1), ahead: 3 * 366}
	// A bill is due some weeks after its issue; a year that is billed in advance, within two
	// years. Debts from before 1990 are past any claim.
	DueDay = DayKind{name: "缴费截止日", earliest: NewDate(1990, 1, 1), ahead: 2 * 366}
	// What is billed lies in the past or is the year that comes.
	DayOfPeriod = DayKind{name: "账期", earliest: NewDate(1990, 1, 1), ahead: 3 * 366}
	// A price, a tenancy or a vacancy is agreed on before it begins, and not ten years before.
	FirstDay = DayKind{name: "开始日期", earliest: NewDate(1980, 1, 1), ahead: 10 * 366}
	// Contracts end within a lifetime. Far days that people write for "no end" pass.
	LastDay = DayKind{name: "结束日期", earliest: NewDate(1980, 1, 1), ahead: 70 * 366, endless: true}
	// A change of owner is registered afterwards, or a year before; billing.Transfer has
	// the limit ahead.
	DayOfTransfer = DayKind{name: "过户日期", earliest: NewDate(1980, 1, 1), ahead: 366}
)

// endlessDays are what tables say where an agreement has no end.
var endlessDays = []Date{
	NewDate(2099, 1, 1), NewDate(2099, 12, 31), NewDate(2999, 12, 31), NewDate(3000, 1, 1), NewDate(9999, 1, 1), NewDate(9999, 12, 31),
}

// Window returns the first and the last day that can be meant.
func (k DayKind) Window(today Date) (first, last Date) { return k.earliest, today.Plus(k.ahead) }

// Check returns the refusal of a day outside the window of its kind, or nil. No date is
// nil: whether there must be one is the caller's rule.
func (k DayKind) Check(day, today Date) *Error {
	first, last := k.Window(today)
	if day == 0 || day >= first && day <= last {
		return nil
	}
	if k.endless {
		for _, e := range endlessDays {
			if day == e {
				return nil
			}
		}
	}
	if k.ahead == 0 && day > today {
		return Invalid("DAY_OUT_OF_RANGE", fmt.Sprintf("%s %s 晚于今天，请核对", k.name, day))
	}
	return Invalid("DAY_OUT_OF_RANGE", fmt.Sprintf("%s %s 不在合理范围内（%s 至 %s），请核对年份", k.name, day, first, last))
}

// CheckDays returns the first refusal of several days, each with its kind, or nil.
func CheckDays(today Date, days ...DayOfKind) error {
	for _, d := range days {
		if e := d.Kind.Check(d.Day, today); e != nil {
			return e
		}
	}
	return nil
}

// DayOfKind is a day and what it is for.
type DayOfKind struct {
	Kind DayKind
	Day  Date
}
