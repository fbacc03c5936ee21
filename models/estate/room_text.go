package estate

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/store"
)

// RoomText returns the condition, on rooms called r, by which a text finds rooms: a
// code in any spelling, a part of the name of who holds the room today, the last four
// digits of their phone or all of it. An empty text is no condition.
func RoomText(tx *store.Tx, text string) (string, []any) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	var either []string
	var args []any
	for _, p := range codePatterns(text) {
		either, args = append(either, "r.code_key LIKE ? ESCAPE '!'"), append(args, p)
	}
	owner := "o.name LIKE ? ESCAPE '!'"
	today := tx.Today()
	args = append(args, today, today, "%"+store.Like(text)+"%")
	switch plain := models.HalfWidth(text); {
	case len(plain) == 4 && allDigits(plain):
		owner, args = owner+" OR o.phone_last4 = ?", append(args, plain)
	case len(plain) >= 7 && allDigits(plain):
		owner, args = owner+" OR o.phone_index = ?", append(args, PhoneIndex(tx, plain))
	}
	either = append(either, `EXISTS (SELECT 1 FROM tenures t JOIN owners o ON o.id = t.owner_id
		WHERE t.room_id = r.id AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ?) AND (`+owner+"))")
	return " AND (" + strings.Join(either, " OR ") + ")", args
}

// codePatterns returns the LIKE patterns by which a text finds code keys. 3栋 and
// 1201室 name whole parts: 3栋 finds 3-2-1201 and not 30-2-1201. 3-2-12 may be the
// beginning of a code that is still being typed: it finds 3-2-1201, too.
func codePatterns(text string) []string {
	key := store.Like(models.RoomKey(text))
	if key == "" {
		return nil
	}
	if strings.HasSuffix(models.RoomWords.Replace(models.HalfWidth(text)), "-") {
		return []string{key, key + "-%", "%-" + key, "%-" + key + "-%"}
	}
	return []string{key + "%", "%-" + key + "%"}
}

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
