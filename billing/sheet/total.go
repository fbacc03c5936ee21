package sheet

import "strings"

// isTotal reports whether a row is a sum below the table and not a row of it: its first filled cell is one of the
// field's words for a sum and nothing else. A building called 总计大厦 is not one.
func isTotal(cells []cell) bool {
	for _, c := range cells {
		if c.merged {
			continue // it stands in a row above
		}
		label := squeeze(narrow(c.text))
		if label == "" {
			continue
		}
		label = bracketed.ReplaceAllString(strings.TrimRight(label, ":"), "")
		switch label {
		case "合计", "总计", "小计", "总合计", "共计", "本页小计", "本页合计":
			return true
		}
		return false
	}
	return false
}

// isBlank reports whether a row holds nothing of its own.
func isBlank(cells []cell) bool {
	for _, c := range cells {
		if !c.merged && c.kind != blank && (c.kind != text || clean(c.text) != "") {
			return false
		}
	}
	return true
}
