package console

import (
	"net/http"
	"net/url"

	"wuyepay/models"
)

// pageSize is how many lines a list shows at once.
const pageSize = 20

// pager leads on through a list. Lists are read from a place on, not by page
// number, so that what is added meanwhile neither repeats nor hides a line.
type pager struct {
	First  string // set when this is not the first page
	Next   string // set while there is more
	Export string // address of the same list as a workbook
}

// cut takes the line away that was asked for only to learn whether there is more,
// and gives the way on.
func cut[T any](c *call, rows []T, cursor func(T) string) ([]T, pager) {
	p := pager{}
	q := c.r.URL.Query()
	if q.Get("after") != "" {
		p.First = c.with(c.r.URL.Path, q, "after", "")
	}
	p.Export = c.with(c.r.URL.Path+"/export", q, "after", "")
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		p.Next = c.with(c.r.URL.Path, q, "after", cursor(rows[pageSize-1]))
	}
	return rows, p
}

// with is an address with one part of the query changed.
func (*call) with(path string, q url.Values, name, value string) string {
	out := url.Values{}
	for k, v := range q {
		if k != name && len(v) > 0 && v[0] != "" {
			out[k] = v[:1]
		}
	}
	if value != "" {
		out.Set(name, value)
	}
	if len(out) == 0 {
		return path
	}
	return path + "?" + out.Encode()
}

// dayOf reads a day from the query; none is no date.
func (c *call) dayOf(name string) (models.Date, error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	d, err := models.ParseDate(text)
	if err != nil {
		return 0, errBadQuery
	}
	return d, nil
}

// oneOf reads a value from the query that must be among those known, or empty.
func (c *call) oneOf(name string, known []choice) (string, error) {
	value := c.r.URL.Query().Get(name)
	if value == "" {
		return "", nil
	}
	for _, k := range known {
		if k.Value == value {
			return value, nil
		}
	}
	return "", errBadQuery
}

// choice is one line of a <select>.
type choice struct{ Value, Text string }

// longWork gives a page more time than the server gives to others: a day's bill,
// or a workbook of many rows.
func (c *call) longWork() {
	// Where the server's writer cannot do it, its own time limit stays.
	_ = http.NewResponseController(c.w).SetWriteDeadline(models.RealNow().Add(longWorkTime))
}
