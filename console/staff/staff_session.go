package staff

import (
	"net/url"
	"path"
	"strings"

	"wuyepay/console/ui"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// endOldSession ends the session of the browser, if any.
func endOldSession(c *ui.Call, tx *store.Tx) error {
	old, err := c.R.Cookie(ui.SessionCookie)
	if err != nil {
		return nil //nolint:nilerr // the browser had none
	}
	return office.EndSession(tx, old.Value)
}

// localPath returns the path to go on to after sign-in: the wanted one if it is a page of
// the console, else the dashboard. A link to the sign-in page cannot lead to another site:
// //evil.example/staff/ leads to the dashboard.
func localPath(wanted string) string {
	u, err := url.Parse(wanted)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" || strings.ContainsAny(wanted, "\\\r\n\t") {
		return ui.HomePath
	}
	clean := path.Clean(u.Path)
	if !strings.HasPrefix(wanted, ui.HomePath) || !strings.HasPrefix(clean, ui.HomePath) || strings.HasPrefix(clean, "/staff/login") {
		return ui.HomePath
	}
	return (&url.URL{Path: clean, RawQuery: u.RawQuery}).String()
}
