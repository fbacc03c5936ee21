package estate

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/office"
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
	if plain := models.HalfWidth(text); len(plain) == 4 && allDigits(plain) {
		owner, args = owner+" OR o.phone_last4 = ?", append(args, plain)
	}
	for _, phone := range phoneForms(text) {
		owner, args = owner+" OR o.phone_index = ?", append(args, PhoneIndex(tx, phone))
	}
	either = append(either, `EXISTS (SELECT 1 FROM tenures t JOIN owners o ON o.id = t.owner_id
		WHERE t.room_id = r.id AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ?) AND (`+owner+"))")
	return " AND (" + strings.Join(either, " OR ") + ")", args
}

// phoneForms returns the forms in which the number may be stored that a text is; none if
// it is no number. Staff type what the caller's display shows: +86 138 0000 0001, 852
// 91234567, 91234567 or 0755-12345678转801.
func phoneForms(text string) []string {
	text, extension, _ := strings.Cut(strings.ToLower(models.HalfWidth(text)), "转")
	digits := strings.NewReplacer("-", "", "—", "", "(", "", ")", "", "+", "").Replace(text)
	if len(digits) < 7 || !allDigits(digits) || !allDigits(extension) {
		return nil
	}
	if extension != "" {
		return []string{digits + "-" + extension}
	}
	bare := strings.TrimPrefix(digits, "00")
	forms := []string{digits, "+" + bare}
	if rest, ok := strings.CutPrefix(bare, "86"); ok && len(rest) >= 10 {
		forms = append(forms, rest)
	}
	if len(digits) == 8 {
		forms = append(forms, "+852"+digits, "+853"+digits)
	}
	if i := strings.LastIndexByte(text, '-'); i >= 11 && allDigits(strings.ReplaceAll(text, "-", "")) {
		forms = append(forms, strings.ReplaceAll(text[:i], "-", "")+text[i:]) // an extension behind a dash
	}
	return forms
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

// RoomNames are the names that rooms of a community have, by column and key.
type RoomNames map[[2]string]string

// Of returns the spelling of a name that is there already; empty if there is none.
func (n RoomNames) Of(column, name string) string { return n[[2]string{column, models.NameKey(name)}] }

// RoomSpellings returns the buildings, units, kinds and stewards of a community's rooms.
// A steward who has an account is called as the account is, because that decides which
// rooms they see.
func RoomSpellings(tx *store.Tx, communityID string) (RoomNames, error) {
	out := RoomNames{}
	add := func(column, query string, args ...any) error {
		names, err := store.Rows[string](tx, query, args...)
		for _, name := range names {
			key := [2]string{column, models.NameKey(name)}
			if _, ok := out[key]; !ok && name != "" {
				out[key] = name
			}
		}
		return err
	}
	if err := add("steward", "SELECT name FROM staff WHERE role = ? ORDER BY id", office.RoleSteward); err != nil {
		return nil, err
	}
	for _, column := range []string{"building", "unit", "kind", "steward"} {
		query := "SELECT DISTINCT " + column + " FROM rooms WHERE community_id = ? ORDER BY " + column
		if err := add(column, query, communityID); err != nil {
			return nil, err
		}
	}
	return out, nil
}
