package staff

import (
	"net/url"
	"path"
	"strings"

	"wuyepay/console/ui"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// startSession ends the session of the browser, if any, and returns the token of a new one.
func startSession(c *ui.Call, tx *store.Tx, staffID string) (token string, err error) {
	if old, err := c.R.Cookie(ui.SessionCookie); err == nil {
		if err := office.EndSession(tx, old.Value); err != nil {
			return "", err
		}
	}
	token, _, err = office.StartSession(tx, office.SessionStaff, staffID, ui.SessionValid)
	return token, err
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
