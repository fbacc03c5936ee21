package sheet

import "strings"

// isTotal reports whether a row is a sum below the table instead of a row of
// it: its first filled cell is one of the usual words for a sum and nothing
// else. A building that is called 总计大厦 is no sum.
func isTotal(cells []cell) bool {
	for _, c := range cells {
		if c.merged {
			continue // the value belongs to a row above
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

// isBlank reports whether a row has nothing of its own.
func isBlank(cells []cell) bool {
	for _, c := range cells {
		if !c.merged && c.kind != blank && (c.kind != text || clean(c.text) != "") {
			return false
		}
	}
	return true
}
