package ui

import (
	"net/url"

	"wuyepay/console/words"
	"wuyepay/models"
)

// QueryDay returns a day from the query, or no date if there is none.
func (c *Call) QueryDay(name string) (models.Date, error) {
	text := c.R.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	d, err := models.ParseDate(text)
	if err != nil {
		return 0, ErrBadQuery
	}
	return d, nil
}

// QueryOption returns a value from the query. It refuses one that is neither empty nor among
// those known.
func (c *Call) QueryOption(name string, known []Option) (string, error) {
	value := c.R.URL.Query().Get(name)
	if value == "" {
		return "", nil
	}
	for _, k := range known {
		if k.Value == value {
			return value, nil
		}
	}
	return "", ErrBadQuery
}

// Option is one line of a <select>.
type Option struct{ Value, Text string }

// Options returns an option for each of the codes, with its word.
func Options(known map[string]string, codes ...string) []Option {
	out := make([]Option, len(codes))
	for i, code := range codes {
		out[i] = Option{Value: code, Text: words.Of(known, code)}
	}
	return out
}

// URLWith returns an address with one value of the query changed, or removed if the value is
// empty.
func (*Call) URLWith(path string, q url.Values, name, value string) string {
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
