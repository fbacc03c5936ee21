package models

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// keyWidth is the width of a column that holds a key, in characters.
const keyWidth = 255

// NameKey returns a name in the one spelling by which names are compared: of
// communities, fee items, kinds of room, buildings and meter numbers. Two names with the
// same key are one name. For example, 阳光花园（一期） and 阳光花园 (一期) are one, and so
// are ＳＮ－００１ and sn—001.
//
// The key has no spaces and no invisible characters. Full-width forms, letter case, and
// the kinds of dashes, dots in the middle and quotation marks make no difference. It is
// its own key. A text of nothing but spaces has an empty one.
//
// A key is compared byte by byte, and is never shown.
func NameKey(name string) string {
	if key, ok := plainKey(name); ok {
		return key
	}
	return cutKey(strings.ReplaceAll(foldText(name), " ", ""))
}

// PersonKey returns the name of a person or company in the one spelling by which
// persons are compared. It is [NameKey] for Chinese names, in which spaces only align
// the characters: 张　三 is 张三. Other names keep one space between their words, so that
// John  Smith is JOHN SMITH and not JOHNSMITH.
func PersonKey(name string) string {
	fields := strings.Fields(foldText(name))
	var out strings.Builder
	for i, f := range fields {
		if i > 0 && spaceHolds(fields[i-1], f) {
			out.WriteByte(' ')
		}
		out.WriteString(f)
	}
	return cutKey(out.String())
}

// SamePerson reports whether two names are the same in a form that somebody fills in:
// their [PersonKey] is the same but for spaces. Most people who type JOHNSMITH mean JOHN
// SMITH.
func SamePerson(a, b string) bool {
	a, b = strings.ReplaceAll(PersonKey(a), " ", ""), strings.ReplaceAll(PersonKey(b), " ", "")
	return a != "" && a == b
}

// spaceHolds reports whether the space between two words divides them: both sides are
// letters of a script that writes words apart.
func spaceHolds(left, right string) bool {
	l, _ := utf8.DecodeLastRuneInString(left)
	r, _ := utf8.DecodeRuneInString(right)
	return wordRune(l) && wordRune(r)
}

func wordRune(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo)
}

// plainKey returns the key of a name that needs no tables: most are Chinese characters
// and digits. ok is false for any other.
func plainKey(name string) (key string, ok bool) {
	if len(name) > keyWidth {
		return "", false
	}
	for _, r := range name {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 0x4E00 && r <= 0x9FA5, r == '-', r == '(', r == ')':
		default:
			return "", false
		}
	}
	return name, true
}

// foldText returns a text in one spelling, with a single space where it had any. It is
// repeated because folding may give a text that can be folded again; twice is enough
// for all that Unicode has today.
func foldText(s string) string {
	for range 4 {
		folded := foldOnce(s)
		if folded == s {
			break
		}
		s = folded
	}
	return s
}

func foldOnce(s string) string {
	s = strings.Map(signRune, strings.ToValidUTF8(s, "\uFFFD"))
	s = cases.Fold().String(norm.NFKC.String(s))
	s = norm.NFKC.String(strings.Map(signRune, s))
	return strings.Join(strings.Fields(s), " ")
}

// visibleRune returns a rune, a space for any kind of space, or -1 for one that cannot
// be seen: it comes along with copied text.
func visibleRune(r rune) rune {
	switch {
	case unicode.IsSpace(r), r == '\u2800': // the blank of Braille
		return ' '
	case r < ' ', unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
		return -1
	}
	return r
}

// signs are the signs that are written in several ways, by the one that stands for all.
var signs = signTable(map[rune]string{
	'·':  ".•‧・∙⋅•᛫⸱⸳ꞏ●◦",
	'-':  "‐‑‒–—―−﹘﹣⁃─━ー",
	'(':  "〔【",
	')':  "〕】",
	'\'': "‘’ʼ`´",
	'"':  "“”〝〞„",
	',':  "、",
	'~':  "〜∼",
})

func signTable(list map[rune]string) map[rune]rune {
	out := map[rune]rune{}
	for one, all := range list {
		for _, r := range all {
			out[r] = one
		}
	}
	return out
}

func signRune(r rune) rune {
	if one, ok := signs[r]; ok {
		return one
	}
	return visibleRune(r)
}

// cutKey bounds a key by the width of its column. Names are far shorter; some signs of
// Unicode stand for whole phrases.
func cutKey(key string) string {
	if utf8.RuneCountInString(key) <= keyWidth {
		return key
	}
	return strings.TrimSpace(string([]rune(key)[:keyWidth]))
}
