package ui

import (
	"net/http"

	"wuyepay/models"
)

// PageSize is how many lines a list shows at once.
const PageSize = 20

// Pager leads on through a list. Lists are read from a place on, not by page
// number, so that what is added meanwhile neither repeats nor hides a line.
type Pager struct {
	First  string // set when this is not the first page
	Next   string // set while there is more
	Export string // address of the same list as a workbook
}

// Cut takes the line away that was asked for only to learn whether there is more,
// and gives the way on.
func Cut[T any](c *Call, rows []T, cursor func(T) string) ([]T, Pager) {
	p := Pager{}
	q := c.R.URL.Query()
	if q.Get("after") != "" {
		p.First = c.URLWith(c.R.URL.Path, q, "after", "")
	}
	p.Export = c.URLWith(c.R.URL.Path+"/export", q, "after", "")
	if len(rows) > PageSize {
		rows = rows[:PageSize]
		p.Next = c.URLWith(c.R.URL.Path, q, "after", cursor(rows[PageSize-1]))
	}
	return rows, p
}

// FirstOf shortens a list to n and tells whether it did.
func FirstOf[T any](list []T, n int) ([]T, bool) {
	if len(list) > n {
		return list[:n], true
	}
	return list, false
}

// LongWork gives a page more time than the server gives to others: a day's bill,
// or a workbook of many rows.
func (c *Call) LongWork() {
	// Where the server's writer cannot do it, its own time limit stays.
	_ = http.NewResponseController(c.W).SetWriteDeadline(models.RealNow().Add(LongWorkTime))
}
