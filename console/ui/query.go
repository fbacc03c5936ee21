package ui

import (
	"net/url"

	"wuyepay/console/words"
	"wuyepay/models"
)

// URLWith is an address with one part of the query changed.
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

// QueryDay reads a day from the query; none is no date.
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

// QueryOption reads a value from the query that must be among those known, or empty.
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

func Options(known map[string]string, codes ...string) []Option {
	out := make([]Option, len(codes))
	for i, code := range codes {
		out[i] = Option{Value: code, Text: words.Of(known, code)}
	}
	return out
}
