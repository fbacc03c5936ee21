package ui

import (
	"net/http"

	"wuyepay/models"
)

// PageSize is how many lines a page of a list shows. Lists read one more to learn whether
// there is a next page.
const PageSize = 20

// Pager has the links of a page of a list. Lists are read from a place on and not by page
// number, so that a row that is added meanwhile neither repeats nor hides another.
type Pager struct {
	First  string // set when this is not the first page
	Next   string // set while there is more
	Export string // address of the same list as a workbook
}

// Cut returns the first [PageSize] rows and the links of the page. The cursor of the last
// row is where the next page begins.
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

// FirstOf returns the first n rows of a list, and reports whether there are more.
func FirstOf[T any](list []T, n int) ([]T, bool) {
	if len(list) > n {
		return list[:n], true
	}
	return list, false
}

// LongWork allows a page more time than the server allows others, for a day's bill or a
// workbook of many rows.
func (c *Call) LongWork() {
	// Where the server's writer cannot do it, its own time limit stays.
	_ = http.NewResponseController(c.W).SetWriteDeadline(models.RealNow().Add(LongWorkTime))
}
