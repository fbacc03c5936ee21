package sheet

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// Mistakes of a number that is not what it was typed as.
const (
	reasonDateCell = "被表格软件改成了日期，原来的内容已经看不出来，请把单元格设为文本格式后重新填写"
	reasonDigits   = "数字单元格只保留前 15 位，后面的数字已经丢失，请把单元格设为文本格式后重新填写"
	reasonScaled   = "单元格的格式以千或万为单位显示，请改为常规格式"
	reasonSeen     = "单元格显示的数字与实际的数字不同（格式藏起了小数或符号），请改成要用的数字"
	reasonDay      = "单元格是日期格式，应为数字"
	reasonExponent = "被表格软件改成了科学计数法，数字已经丢失，请把单元格设为文本格式后重新填写"
	reasonFormula  = "是公式的文字，请填公式的结果"
)

// maxExact is the first whole number whose digits a number cell does not keep.
var maxExact = decimal.New(1, 15)

// seenText returns the text that a number cell shows. reason is why it says nothing about
// what was typed.
func seenText(c cell) (s, reason string) {
	d, ok := excelNumber(c.text)
	if !ok {
		return clean(c.text), ""
	}
	if d.Abs().GreaterThanOrEqual(maxExact) {
		return "", reasonDigits
	}
	switch c.kindOfFormat() {
	case formatDate:
		return "", reasonDateCell
	case formatScaled:
		return "", reasonScaled
	case formatDecimal:
		return clean(c.format.show(d, false)), ""
	}
	return d.String(), ""
}

// kindOfFormat returns the kind of the cell's number format.
func (c cell) kindOfFormat() formatKind {
	if c.format == nil {
		return formatGeneral
	}
	return c.format.kind
}

// seenFigure returns the number that a number cell shows. places is how many decimals the
// column takes, or -1 if any number is right.
//
// A format often shows fewer decimals than the cell has. The number that is shown counts
// where the column takes no more: an amount of 110.016 that is shown as 110.02. Where the
// column could take either of the two, nobody can say which is meant.
func seenFigure(c cell, places int32) (d decimal.Decimal, unit, reason string) {
	d, unit, reason = parseFigure(c.text)
	if d = dropNoise(d); reason != "" {
		return d, unit, reason
	}
	switch c.kindOfFormat() {
	case formatDate:
		return d, "", reasonDay
	case formatScaled:
		return d, "", reasonScaled
	case formatGeneral:
		return d, unit, ""
	}
	shown := c.format.show(d, false)
	if isNothing(clean(shown)) && d.IsZero() {
		return d, "", "" // formats of accounts show a dash for zero
	}
	seen, unit, reason := parseFigure(shown)
	if reason != "" {
		return d, "", reasonSeen
	}
	whole, _, reason := parseFigure(c.format.show(d, true))
	// Some formats show a number below zero in red and without its sign.
	if reason != "" || whole.Sign() != d.Sign() || !seen.Equal(whole) && (places < 0 || !whole.Round(places).Equal(seen)) {
		return d, "", reasonSeen
	}
	return seen, unit, ""
}

// isNothing reports whether a text is a sign that people write instead of leaving a cell
// blank.
func isNothing(s string) bool {
	switch squeeze(s) {
	case "无", "暂无", "/", "／", "\\":
		return true
	case "":
		return false
	}
	return strings.Trim(s, "- —–－―─_﹣−") == ""
}

var (
	exponentForm = regexp.MustCompile(`^\d(?:\.\d+)?[eE]\+\d{1,3}$`)
	madeDateForm = regexp.MustCompile(`^(?:(?:19|20)\d\d(?:[/.-]\d{1,2}[/.-]\d{1,2}|年\d{1,2}月(?:\d{1,2}日)?)(?: \d{1,2}:\d\d(?::\d\d)?)?` +
		`|\d{1,2}月\d{1,2}日` +
		`|(?i:\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:-\d\d(?:\d\d)?)?)` +
		`|(?i:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d\d(?:\d\d)?))$`)
)

// spoiltText returns why a text that should identify something looks like the work of a
// spreadsheet that has written a csv file: a date, or the first digits of a number.
func spoiltText(s string) string {
	switch s = narrow(s); {
	case exponentForm.MatchString(s):
		return reasonExponent
	case madeDateForm.MatchString(s):
		return reasonDateCell
	case strings.HasPrefix(s, "="):
		return reasonFormula
	}
	return ""
}
