package sheet

import (
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/nfp"
)

// numberFormat is how a workbook shows the numbers of some cells. What people see is what
// they mean: 101 in a cell of format 0000 is room 0101.
type numberFormat struct {
	kind     formatKind
	sections []nfp.Section // of kind formatDecimal: for positive, negative and zero numbers
}

// formatKind tells what a format does to a number.
type formatKind uint8

const (
	formatGeneral formatKind = iota // shows the number itself, or in a form that says nothing about it
	formatDecimal                   // shows so many decimals, leading zeros, other text
	formatDate                      // shows a day or a time
	formatScaled                    // shows thousands or more: 1.2 for 1234
)

// maxFormat is the length of a format; Excel's own limit is 255.
const maxFormat = 255

// parseFormat parses the code of a format. A code that cannot be parsed is taken for the
// general one.
func parseFormat(code string) (f numberFormat) {
	// nfp is written for the codes of real files. Whatever a forged one does to it is no reason to stop.
	defer func() {
		if recover() != nil {
			f = numberFormat{}
		}
	}()
	code = strings.ReplaceAll(code, "G/通用格式", "General")
	if len(code) > maxFormat {
		return f
	}
	p := nfp.NumberFormatParser()
	for _, s := range p.Parse(code) {
		if s.Type == nfp.TokenSectionText {
			continue
		}
		f.sections = append(f.sections, s)
		f.kind = max(f.kind, kindOfSection(s.Items))
	}
	for _, s := range f.sections {
		for _, t := range s.Items {
			switch t.TType {
			// These show a number in a way that this package does not compute.
			case nfp.TokenTypeExponential, nfp.TokenTypeFraction, nfp.TokenTypeCondition, nfp.TokenTypeSwitchArgument, nfp.TokenTypeUnknown:
				return numberFormat{}
			}
		}
	}
	return f
}

// kindOfSection returns what one section of a format does.
func kindOfSection(items []nfp.Token) formatKind {
	kind, digits := formatGeneral, false
	for _, t := range items {
		switch t.TType {
		case nfp.TokenTypeDateTimes, nfp.TokenTypeElapsedDateTimes:
			return formatDate
		case nfp.TokenTypeZeroPlaceHolder, nfp.TokenTypeHashPlaceHolder, nfp.TokenTypeDigitalPlaceHolder:
			digits = true
			kind = max(kind, formatDecimal)
		case nfp.TokenTypeLiteral, nfp.TokenTypePercent:
			kind = max(kind, formatDecimal)
		}
	}
	if digits && scaled(items) {
		return formatScaled
	}
	return kind
}

// scaled reports whether a comma stands after the last digit, which divides by a thousand.
func scaled(items []nfp.Token) bool {
	comma := false
	for _, t := range items {
		switch t.TType {
		case nfp.TokenTypeThousandsSeparator:
			comma = true
		case nfp.TokenTypeZeroPlaceHolder, nfp.TokenTypeHashPlaceHolder, nfp.TokenTypeDigitalPlaceHolder:
			comma = false
		case nfp.TokenTypeDecimalPoint:
			if comma {
				return true
			}
		}
	}
	return comma
}

// show returns the number as the cell shows it, without the commas of thousands. With whole
// it shows all decimals instead of those of the format.
func (f *numberFormat) show(d decimal.Decimal, whole bool) string {
	items, lead := f.section(d)
	shown := d.Abs()
	decimals, after := 0, false
	for _, t := range items {
		switch t.TType {
		case nfp.TokenTypePercent:
			shown = shown.Shift(2 * int32(len(t.TValue))) //nolint:gosec // a format has at most 255 bytes
		case nfp.TokenTypeGeneral:
			whole = true // with other text around it, such as General"元"
		case nfp.TokenTypeDecimalPoint:
			after = true
		case nfp.TokenTypeZeroPlaceHolder, nfp.TokenTypeHashPlaceHolder, nfp.TokenTypeDigitalPlaceHolder:
			if after {
				decimals += len(t.TValue)
			}
		}
	}
	if !whole {
		shown = shown.Round(int32(decimals))
	}
	integer, fraction, _ := strings.Cut(shown.String(), ".")
	return lead + layout(items, strings.TrimLeft(integer, "0"), fraction)
}

// section returns the part of the format for a number, and the sign that it does not have
// itself.
func (f *numberFormat) section(d decimal.Decimal) (items []nfp.Token, lead string) {
	at := 0
	switch {
	case d.IsNegative() && len(f.sections) > 1:
		at = 1
	case d.IsNegative():
		lead = "-"
	case d.IsZero() && len(f.sections) > 2:
		at = 2
	}
	return f.sections[at].Items, lead
}

// layout puts digits into the places of a section, with the other text between them.
func layout(items []nfp.Token, integer, fraction string) string {
	places := 0 // of the whole part
	for _, t := range items {
		if t.TType == nfp.TokenTypeDecimalPoint {
			break
		}
		if isPlaceholder(t) {
			places += len(t.TValue)
		}
	}
	pad := max(0, places-len(integer)) // places without a digit
	extra := len(integer) + pad - places
	var b strings.Builder
	after := false
	for i, t := range items {
		switch t.TType {
		case nfp.TokenTypeDecimalPoint:
			if after = true; fraction != "" || zeros(items[i:]) {
				b.WriteByte('.')
			}
		case nfp.TokenTypeZeroPlaceHolder, nfp.TokenTypeHashPlaceHolder, nfp.TokenTypeDigitalPlaceHolder:
			for range len(t.TValue) {
				if after {
					fraction = digit(&b, t, fraction)
					continue
				}
				b.WriteString(integer[:extra])
				integer, extra = integer[extra:], 0
				if pad > 0 {
					pad--
					digit(&b, t, "")
					continue
				}
				integer = digit(&b, t, integer)
			}
			if after && !isDigitBelow(items[i+1:]) {
				b.WriteString(fraction) // with all decimals there may be more than places
				fraction = ""
			}
		case nfp.TokenTypeGeneral:
			b.WriteString(plain(integer, fraction))
		case nfp.TokenTypeLiteral, nfp.TokenTypePercent:
			b.WriteString(t.TValue)
		case nfp.TokenTypeCurrencyLanguage:
			for _, part := range t.Parts {
				if part.Token.TType == nfp.TokenSubTypeCurrencyString {
					b.WriteString(part.Token.TValue)
				}
			}
		}
	}
	if !after && fraction != "" && places > 0 {
		b.WriteString("." + fraction) // all decimals in a format without any
	}
	return b.String()
}

// digit writes the next digit of a place, or what the place shows without one, and returns
// the digits that are left.
func digit(b *strings.Builder, t nfp.Token, digits string) string {
	switch {
	case digits != "":
		b.WriteByte(digits[0])
		return digits[1:]
	case t.TType == nfp.TokenTypeZeroPlaceHolder:
		b.WriteByte('0')
	}
	return ""
}

// plain joins the two parts of a number.
func plain(integer, fraction string) string {
	if integer == "" {
		integer = "0"
	}
	return strings.TrimSuffix(integer+"."+fraction, ".")
}

// isPlaceholder reports whether a token holds places of digits.
func isPlaceholder(t nfp.Token) bool {
	switch t.TType {
	case nfp.TokenTypeZeroPlaceHolder, nfp.TokenTypeHashPlaceHolder, nfp.TokenTypeDigitalPlaceHolder:
		return true
	}
	return false
}

// isDigitBelow reports whether a place of digits follows.
func isDigitBelow(items []nfp.Token) bool {
	for _, t := range items {
		if isPlaceholder(t) {
			return true
		}
	}
	return false
}

// zeros reports whether a place that is never empty follows.
func zeros(items []nfp.Token) bool {
	for _, t := range items {
		if t.TType == nfp.TokenTypeZeroPlaceHolder {
			return true
		}
	}
	return false
}
