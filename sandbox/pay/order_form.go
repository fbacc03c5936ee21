package pay

import (
	"net/url"
	"regexp"
)

// The forms of the merchant's own numbers.
var (
	outTradeNoForm  = regexp.MustCompile(`^[0-9A-Za-z_\-|*]{6,32}$`)
	outRefundNoForm = regexp.MustCompile(`^[0-9A-Za-z_\-|*@]{1,64}$`)
)

// validNotifyURL reports whether notifications can go to an address. It accepts http
// besides https, because a developer's machine has no certificate.
func validNotifyURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" &&
		len(u.Path) > 1 && u.RawQuery == "" && !u.ForceQuery && u.Fragment == "" && u.User == nil
}
