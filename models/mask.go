package models

import "strings"

// MaskPhone returns a phone number as people may see it: 138****0001. A number of fewer
// than seven characters would show too much of itself: it becomes ****, and an empty
// one stays empty.
func MaskPhone(phone string) string {
	if len(phone) < 7 {
		if phone == "" {
			return ""
		}
		return "****"
	}
	return phone[:3] + "****" + phone[len(phone)-4:]
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
