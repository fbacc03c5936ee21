package billing

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wuyepay/models"
)

// isOwnerName reports whether a name that somebody typed is the registered one, in any
// spelling, or that of one or several of the joint owners 张三、李四 that it names. An empty
// name is nobody's.
func isOwnerName(registered, typed string) bool {
	if models.SamePerson(registered, typed) {
		return true
	}
	owners, given := jointOwners(registered), jointOwners(typed)
	for _, name := range given {
		if !slices.ContainsFunc(owners, func(o string) bool { return models.SamePerson(o, name) }) {
			return false
		}
	}
	return len(given) > 0
}

// jointOwners returns the names of a register entry: 张三、李四 are two, and so are 张三 李四,
// 张三和李四 and 张三/李四. A name that is one is returned alone. 张　三 is one, because a
// Chinese name has two characters at least, and so is 张和平.
func jointOwners(name string) []string {
	split := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("、，,;；/／&＆|+＋\n", r) })
	var out []string
	for _, part := range split {
		out = append(out, chineseNames(part)...)
	}
	return out
}

// chineseNames splits a text at spaces or at 和 and 及 if all of its parts can be Chinese
// names; else it returns the text alone.
func chineseNames(text string) []string {
	for _, divides := range []func(rune) bool{unicode.IsSpace, func(r rune) bool { return r == '和' || r == '及' || r == '与' }} {
		parts := strings.FieldsFunc(text, divides)
		if len(parts) > 1 && !slices.ContainsFunc(parts, func(p string) bool { return !isChineseName(strings.TrimSpace(p)) }) {
			return parts
		}
	}
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	return []string{text}
}

func isChineseName(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 2 && n <= 4 && strings.IndexFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0
}
