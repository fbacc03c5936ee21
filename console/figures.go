package console

import (
	"html/template"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// functions are what templates may call.
var functions = template.FuncMap{
	"yuan":        yuan,
	"milli":       feeYuan,
	"date":        func(d models.Date) string { return orDash(d.String()) },
	"at":          at,
	"minute":      minute,
	"role":        func(s string) string { return word(roleWords, s) },
	"holder":      func(s string) string { return word(holderWords, s) },
	"orderstate":  func(s string) string { return word(orderWords, s) },
	"ordertone":   func(s string) string { return orderTones[s] },
	"billstate":   func(s string) string { return word(billWords, s) },
	"channel":     func(s string) string { return word(models.ChannelNames, s) },
	"learned":     func(s string) string { return word(learnedWords, s) },
	"prepaid":     func(s string) string { return word(prepaidWords, s) },
	"message":     func(s string) string { return word(templateWords, s) },
	"step":        func(s string) string { return word(stepWords, s) },
	"notice":      func(s string) string { return word(noticeWords, s) },
	"reason":      func(s string) string { return word(reasonWords, s) },
	"occupancy":   func(s string) string { return word(occupancyWords, s) },
	"event":       func(s string) string { return word(eventWords, s) },
	"finding":     func(s string) string { return word(findingWords, s) },
	"cause":       func(s string) string { return causes[s] },
	"side":        sideWord,
	"trouble":     func(s string) string { return word(troubleWords, s) },
	"asked":       func(s string) string { return word(askedWords, s) },
	"flow":        func(s string) string { return flowWords[s] },
	"resolution":  func(s string) string { return word(resolutionWords, s) },
	"action":      actionWord,
	"actor":       actorWord,
	"resolved":    resolvedBy,
	"eventhelp":   func(s string) string { return eventHelp[s] },
	"detail":      func(s string) string { return word(eventDetails, s) },
	"subject":     func(s string) string { return word(subjectWords, s) },
	"import":      func(s string) string { return word(importWords, s) },
	"details":     detailText,
	"outcome":     outcomeWords.Replace,
	"link":        func(text, href string) menuItem { return menuItem{Path: href, Text: text} },
	"settlement":  func(s string) string { return word(settlementWords, s) },
	"prepaidto":   func(s string) string { return word(prepaidToWords, s) },
	"who":         actorWord,
	"band":        func(b models.Band) string { return bandWords[b] },
	"readodd":     func(s string) string { return word(readOddWords, s) },
	"prepaiditem": prepaidItem,
	"method":      func(s string) string { return word(methodWords, s) },
	"cycle":       func(s string) string { return word(cycleWords, s) },
	"runstate":    func(s string) string { return word(runWords, s) },
	"runtone":     func(s string) string { return runTones[s] },
	"oddity":      func(s string) string { return word(oddWords, s) },
	"chargeword":  func(s string) string { return word(chargeWords, s) },
	"vacancy":     func(s string) string { return word(vacancyWords, s) },
	"collected":   func(s string) string { return word(collectionWords, s) },
	"dayword":     func(s string) string { return word(dayWords, s) },
	"refundstate": func(s string) string { return word(refundWords, s) },
	"refundtone":  func(s string) string { return refundTones[s] },
	"refundfault": func(s string) string {
		if s == "" {
			return ""
		}
		return word(faultWords, s)
	},
	"refundorigin":  func(s string) string { return word(originWords, s) },
	"refundchannel": func(s string) string { return word(refundChannelWords, s) },
	"refundafter":   func(s string) string { return word(afterWords, s) },
	"dash":          orDash,
}

// yuan is an amount as people read it: 1,320.19.
func yuan(f models.Fen) string { return thousands(f.String()) }

// feeYuan is an amount kept as a decimal number of fen, in yuan: WeChat counts its
// fee in parts of a fen, and none of them is lost here.
func feeYuan(fen string) string {
	d, err := decimal.NewFromString(fen)
	if err != nil {
		return "—"
	}
	d = d.Shift(-2)
	if -d.Exponent() <= 2 || d.Equal(d.Truncate(2)) {
		return thousands(d.StringFixed(2))
	}
	return thousands(d.String())
}

// thousands puts commas into the whole part of a decimal number.
func thousands(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if fraction != "" {
		b.WriteByte('.')
	}
	return sign + b.String() + fraction
}

// at is an instant in Shanghai, to the second.
func at(t models.Time) string { return stamp(t, time.DateTime) }

// minute is an instant in Shanghai, to the minute.
func minute(t models.Time) string { return stamp(t, "2006-01-02 15:04") }

func stamp(t models.Time, layout string) string {
	if t.IsZero() {
		return "—"
	}
	return t.In(models.Shanghai).Format(layout)
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
