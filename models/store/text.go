package store

import "strings"

// CutRunes returns at most so many characters of a text.
// CutRunes returns at most so many characters of a text; what is not UTF-8 becomes a
// question mark.
func CutRunes(text string, most int) string {
	text = strings.ToValidUTF8(text, "?")
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
