package models

import (
	"slices"
	"strings"
)

// MaskPhone returns a phone number as people may see it: 138****0001. Of a number abroad
// it shows the code of the country, +852****4567, and no extension. A number of fewer than
// seven characters would show too much of itself: it becomes ****, and an empty one stays
// empty.
func MaskPhone(phone string) string {
	phone, _, _ = strings.Cut(phone, "-")
	if len(phone) < 7 {
		if phone == "" {
			return ""
		}
		return "****"
	}
	return phone[:shownDigits(phone)] + "****" + phone[len(phone)-4:]
}

// twoDigitCodes are the codes of countries that have two digits.
var twoDigitCodes = strings.Fields("20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66" +
	" 81 82 84 86 90 91 92 93 94 95 98")

// shownDigits returns how much of the beginning of a phone number is shown: three digits,
// or a plus and the code of a country. These are of one digit (1, 7), of two, or of three.
func shownDigits(phone string) int {
	switch {
	case phone[0] != '+':
		return 3
	case phone[1] == '1' || phone[1] == '7':
		return 2
	case slices.Contains(twoDigitCodes, phone[1:3]):
		return 3
	}
	return 4
}

// MaskName returns a name as strangers may see it: 吕** for 吕敏博. At most three stars
// follow, so that the length of a company's name is not shown.
func MaskName(name string) string {
	r := []rune(name)
	if len(r) == 0 {
		return ""
	}
	out := r[:1]
	for range min(len(r)-1, 3) {
		out = append(out, '*')
	}
	return string(out)
}

// MaskRoom returns a room's name as strangers may see it: the building alone, 3栋**** for
// 3栋2单元1201. A name without a building becomes ****.
func MaskRoom(name string) string {
	for _, end := range []string{"栋", "幢", "座", "号楼"} {
		if i := strings.Index(name, end); i > 0 {
			return name[:i+len(end)] + "****"
		}
	}
	return "****"
}
