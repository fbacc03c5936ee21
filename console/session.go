package console

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"wuyepay/models"
)

const (
	homePath      = "/staff/"
	sessionCookie = "wuyepay_staff"
	sessionValid  = 12 * time.Hour
)

// identify finds out who asks: [models.ErrUnauthorized] without a session that
// holds, or of an account that may no longer sign in.
func (c *call) identify() error {
	cookie, err := c.r.Cookie(sessionCookie)
	if err != nil {
		return models.ErrUnauthorized
	}
	id, err := c.view.SessionSubject(models.SessionStaff, cookie.Value)
	if err != nil {
		return err
	}
	s, err := c.view.StaffByID(id)
	if e, ok := models.AsError(err); ok && e.Kind == models.KindNotFound {
		return models.ErrUnauthorized
	}
	c.staff = s
	return err
}

// setCookie writes a cookie that scripts cannot read and other sites do not send.
// A negative age takes it away.
func (c *call) setCookie(name, value string, age time.Duration) {
	//nolint:gosec // Secure is the server's to say: in development there is no https
	http.SetCookie(c.w, &http.Cookie{Name: name, Value: value, Path: homePath, MaxAge: int(age / time.Second),
		HttpOnly: true, Secure: c.Secure, SameSite: http.SameSiteLaxMode})
}

// startSession signs in with a new token and ends the session before it.
func (c *call) startSession(tx *models.Tx, staffID string) (token string, err error) {
	if old, err := c.r.Cookie(sessionCookie); err == nil {
		if err := tx.EndSession(old.Value); err != nil {
			return "", err
		}
	}
	token, _, err = tx.StartSession(models.SessionStaff, staffID, sessionValid)
	return token, err
}

// localPath gives a path of the console to go on to after sign-in: what was wanted
// if that is one of our pages, else the dashboard. Nobody may be led to another
// site by a link to the sign-in page.
func localPath(wanted string) string {
	u, err := url.Parse(wanted)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" || strings.ContainsAny(wanted, "\\\r\n\t") {
		return homePath
	}
	clean := path.Clean(u.Path)
	if !strings.HasPrefix(wanted, homePath) || !strings.HasPrefix(clean, homePath) || strings.HasPrefix(clean, "/staff/login") {
		return homePath
	}
	return (&url.URL{Path: clean, RawQuery: u.RawQuery}).String()
}
