package sheet

import (
	"strings"
	"unicode"
)

// clean returns a text as people mean it: trimmed, without control and
// invisible characters, with one kind of space, and with full-width digits,
// letters and hyphens as ASCII. Other full-width forms stay, because brackets
// and commas belong to Chinese names.
func clean(s string) string {
	s = strings.TrimSpace(strings.Map(cleanRune, s))
	// Programs guard a text from the spreadsheet that will open it: by an apostrophe before it, as Writer does, or in
	// csv by a formula that is only the text, as in ="1-2-3". Neither is part of the text.
	if len(s) > 1 && s[0] == '\'' {
		return strings.TrimSpace(s[1:])
	}
	if inner, ok := strings.CutPrefix(s, `="`); ok && strings.HasSuffix(inner, `"`) {
		inner = strings.TrimSuffix(inner, `"`)
		if !strings.Contains(strings.ReplaceAll(inner, `""`, ""), `"`) {
			return strings.TrimSpace(strings.ReplaceAll(inner, `""`, `"`))
		}
	}
	return s
}

// cleanRune returns the cleaned rune, or -1 to drop it.
func cleanRune(r rune) rune {
	switch {
	case r >= ' ' && r < 0x7f:
		return r
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1 // zero-width and direction marks come along with copied text
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ', r == '－':
		return r - 0xFEE0
	}
	return r
}

// looksLikeFormula reports whether a spreadsheet that opens the text from a csv
// file would compute it. Full-width forms count, because Excel in East Asian
// locales reads them as the ASCII ones. So does a text that has an apostrophe
// already; otherwise taking one off again would return less than was written.
func looksLikeFormula(s string) bool {
	s = strings.TrimLeft(s, "' \u00a0\u3000")
	for _, lead := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(s, lead) {
			return true
		}
	}
	return false
}

// narrow turns every full-width form into ASCII, for values (not names) that
// are compared or computed. For example, ￥１，０００ becomes ¥1,000.
func narrow(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '￥':
			return '¥'
		case r == '−' || r == '–' || r == '—' || r == '‐' || r == '‑':
			return '-'
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		}
		return r
	}, clean(s)))
}

// squeeze removes all spaces.
func squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }

// isFaultText reports whether a text is what a spreadsheet shows in place of a
// value. csv has no other way to express an error.
func isFaultText(s string) bool {
	if len(s) < 2 || s[0] != '#' {
		return false
	}
	switch strings.ToUpper(s) {
	case "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA":
		return true
	}
	return strings.Trim(s, "#") == "" // a column too narrow for its value, exported as shown
}
