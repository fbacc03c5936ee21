package reminder

import (
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"wuyepay/models"
	"wuyepay/wechat"
)

// value writes a value for a type of keyword: a date in a date differs from one in
// a text.
type value func(keywordType string) string

// fill returns the template's keywords with their values, each brought into the form
// that WeChat accepts.
func (t Template) fill(values map[string]value) map[string]string {
	data := make(map[string]string, len(t.Keywords))
	for role, name := range t.Keywords {
		if write, ok := values[role]; ok {
			data[name] = wechat.FitKeyword(name, write(keywordType(name)))
		}
	}
	return data
}

func text(s string) value { return func(string) string { return s } }

// amount is in yuan: 129.49元, bare where only digits are allowed.
func amount(fen models.Fen) value {
	return func(kind string) string {
		if kind == "amount" || kind == "thing" {
			return fen.String() + "元"
		}
		return fen.String()
	}
}

// day is a date in the words of the keyword's type.
func day(d models.Date) value {
	return func(kind string) string {
		switch kind {
		case "date", "time": // FitKeyword knows what each wants
			return d.Start().Format(time.RFC3339)
		case "thing":
			return d.Start().Format("2006年1月2日")
		}
		return d.String()
	}
}

// instant is a date with its time of day in Asia/Shanghai.
func instant(t models.Time) value {
	return func(kind string) string {
		if kind == "thing" {
			return t.In(models.Shanghai).Format("2006年1月2日 15:04")
		}
		return t.In(models.Shanghai).Format(time.RFC3339)
	}
}

func days(n int) value {
	return func(kind string) string {
		if kind == "thing" {
			return strconv.Itoa(n) + "天"
		}
		return strconv.Itoa(n)
	}
}

// noteLimit is what a thing holds.
const noteLimit = 20

// note takes the first text that fits whole: a sum cut off in the middle would be
// another sum.
func note(candidates ...string) value {
	for _, c := range candidates {
		if utf8.RuneCountInString(c) <= noteLimit {
			return text(c)
		}
	}
	return text(candidates[len(candidates)-1])
}

// text is a reminder's values, with the sums of today.
func (d debt) text(step, room string) map[string]value {
	return map[string]value{
		roleRoom:   text(room),
		roleAmount: amount(d.total),
		roleDueOn:  day(d.firstDue),
		roleDays:   days(d.days),
		roleNote:   d.note(step),
	}
}

func (d debt) note(step string) value {
	count := fmt.Sprintf("共%d笔账单", d.bills)
	late := fmt.Sprintf("含违约金%s元", d.late)
	switch {
	case step == stepPromise:
		return note(count+"，承诺缴费日将到", "您承诺的缴费日快到了")
	case step == "due_day" && d.bearsLate:
		return note(count+"，今日截止，明日起计违约金", "今日截止，明日起计违约金")
	case step == "due_day":
		return note(count + "，今日截止")
	case step == stepFinal && d.late > 0:
		return note(fmt.Sprintf("本金%s元，违约金%s元", d.principal, d.late), late, count)
	case d.days > 0 && d.late > 0:
		return note(count+"，"+late, late, count)
	case step == stepFinal:
		return note(count + "，请尽快缴纳")
	case d.days > 0:
		return note(count+"，请于7日内缴纳", count)
	}
	return note(count+"，请在截止日前缴纳", count)
}
