package store

import "strings"

func CutRunes(text string, most int) string {
	text = strings.ToValidUTF8(text, "?")
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
