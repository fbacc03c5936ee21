package models

import "strings"

// HalfWidth returns a text with full-width letters, digits and signs (１２－３) as plain
// ones, and without spaces, control characters and those that cannot be seen. Chinese
// input methods, files from Excel and texts that were copied from a page hold all of
// them.
func HalfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch r = visibleRune(r); {
		case r == ' ':
			return -1
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, s)
}

// Digits returns the decimal digits of a text, full-width ones as plain ones, and leaves
// out everything else.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if !isDigit(r) {
			return -1
		}
		return r
	}, HalfWidth(s))
}
