package models

import (
	"regexp"
	"strings"
)

// thousandsForm is a number whose commas stand where they part thousands.
var thousandsForm = regexp.MustCompile(`^[+-]?\d{1,3}(?:,\d{3})+(?:[^\d,][^,]*)?$`)

// DropThousands returns a typed number without the commas that part its thousands:
// 1,000.5 is 1000.5. A comma elsewhere stays, so that what parses the number refuses it:
// 1,5 may be meant as 1.5, and as 15 it would be ten times too much.
func DropThousands(s string) string {
	if thousandsForm.MatchString(s) {
		return strings.ReplaceAll(s, ",", "")
	}
	return s
}
