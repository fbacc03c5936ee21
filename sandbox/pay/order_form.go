package pay

import (
	"net/url"
	"regexp"
)

var (
	outTradeNoForm  = regexp.MustCompile(`^[0-9A-Za-z_\-|*]{6,32}$`)
	outRefundNoForm = regexp.MustCompile(`^[0-9A-Za-z_\-|*@]{1,64}$`)
)

// validNotifyURL accepts http besides https: on the developer's machine
// nobody holds a certificate. README names the difference.
func validNotifyURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" &&
		len(u.Path) > 1 && u.RawQuery == "" && !u.ForceQuery && u.Fragment == "" && u.User == nil
}
