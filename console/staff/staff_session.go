package staff

import (
	"net/url"
	"path"
	"strings"

	"wuyepay/console/ui"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// startSession signs in with a new token and ends the session before it.
func startSession(c *ui.Call, tx *store.Tx, staffID string) (token string, err error) {
	if old, err := c.R.Cookie(ui.SessionCookie); err == nil {
		if err := office.EndSession(tx, old.Value); err != nil {
			return "", err
		}
	}
	token, _, err = office.StartSession(tx, office.SessionStaff, staffID, ui.SessionValid)
	return token, err
}

// localPath gives a path of the console to go on to after sign-in: what was wanted
// if that is one of our pages, else the dashboard. Nobody may be led to another
// site by a link to the sign-in page.
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
