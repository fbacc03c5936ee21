package ui

import (
	"net/http"
	"time"

	"wuyepay/models"
	"wuyepay/models/office"
)

// Where the console begins, and the session of a browser.
const (
	HomePath      = "/staff/"
	SessionCookie = "wuyepay_staff"
	SessionValid  = office.StaffSessionValid
)

// Identify finds out who asks. It returns [models.ErrUnauthorized] without a valid session
// or if the member of staff is disabled.
func (c *Call) Identify() error {
	cookie, err := c.R.Cookie(SessionCookie)
	if err != nil {
		return models.ErrUnauthorized
	}
	c.Staff, err = office.StaffOfToken(c.View, cookie.Value)
	return err
}

// SetCookie writes a cookie that scripts cannot read and other sites do not send. A negative
// age removes it.
func (c *Call) SetCookie(name, value string, age time.Duration) {
	//nolint:gosec // Secure is the server's to say: in development there is no https
	http.SetCookie(c.W, &http.Cookie{Name: name, Value: value, Path: HomePath, MaxAge: int(age / time.Second),
		HttpOnly: true, Secure: c.Secure, SameSite: http.SameSiteLaxMode})
}
