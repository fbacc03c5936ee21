package office

import (
	"strconv"
	"strings"

	"wuyepay/models"
)

// Cursor returns the name of a row of a list that is ordered by an instant and an id:
// 1773540000000/01KKR….
func Cursor(at models.Time, id string) string {
	return strconv.FormatInt(at.UnixMilli(), 10) + "/" + id
}

// FromCursor returns the instant, in milliseconds as a column keeps it, and the id that
// [Cursor] was made of. Any other text is [models.ErrNotFound].
func FromCursor(s string) (int64, string, error) {
	ms, id, ok := strings.Cut(s, "/")
	at, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil {
		return 0, "", models.ErrNotFound
	}
	return at, id, nil
}
