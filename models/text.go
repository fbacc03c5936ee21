package models

import (
	"strings"
	"unicode"
)

// HalfWidth returns a text with full-width letters, digits and signs (１２－３) as plain
// ones, and without spaces and control characters. Chinese input methods and files from
// Excel hold both.
func HalfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '　' || unicode.IsSpace(r) || unicode.IsControl(r):
			return -1
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, s)
}

// RoomWords replaces the words and signs between the parts of a room code by a hyphen:
// 3栋2单元1201室 becomes 3-2-1201-.
var RoomWords = strings.NewReplacer(
	"号楼", "-", "栋", "-", "幢", "-", "楼", "-", "座", "-", "单元", "-", "室", "-", "号", "-", "房", "-",
	"—", "-", "–", "-", "－", "-", "_", "-", "/", "-", "#", "-")

// RoomKey returns a room code in the one spelling by which rooms are looked up:
// 3栋2单元1201室, 3-2-1201 and ３－２－１２０１ all become 3-2-1201.
func RoomKey(code string) string {
	key := RoomWords.Replace(strings.ToUpper(HalfWidth(code)))
	for strings.Contains(key, "--") {
		key = strings.ReplaceAll(key, "--", "-")
	}
	return strings.Trim(key, "-")
}
