package staff

import (
	"strings"
	"time"

	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// signInForm is the form of the sign-in. After a refusal it shows again what was typed,
// except for the password.
type signInForm struct {
	Username string
	Next     string
	Error    string
}

// SignInPage shows the form of the sign-in; with a session it leads on to the dashboard.
func SignInPage(c *ui.Call) error {
	if err := c.Identify(); err == nil {
		return c.Redirect(ui.HomePath)
	}
	return c.Render("staff/staff_signin", "登录", signInForm{Next: localPath(c.R.URL.Query().Get("next"))})
}

// SignIn signs in and leads on to the page that was wanted.
func SignIn(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	f := signInForm{Username: strings.TrimSpace(c.Field("username")), Next: localPath(c.Field("next"))}
	token, err := startFor(c, f.Username, c.Field("password"))
	if e, ok := models.AsError(err); ok {
		f.Error = e.Message
		return c.RenderAs(ui.StatusOf(e.Kind), "staff/staff_signin", "登录", f)
	}
	if err != nil {
		return err
	}
	c.SetCookie(ui.SessionCookie, token, ui.SessionValid)
	return c.Redirect(f.Next)
}

func startFor(c *ui.Call, username, password string) (token string, err error) {
	s, err := tryPassword(c, username, password)
	if err != nil {
		return "", err
	}
	err = c.DB.Write(c.R.Context(), func(tx *store.Tx) (err error) {
		if err = endOldSession(c, tx); err == nil {
			token, _, err = office.StartStaffSession(tx, s)
		}
		return err
	})
	return token, err
}

// tryPassword returns the member of staff of a name and a password.
func tryPassword(c *ui.Call, username, password string) (office.Staff, error) {
	return office.Authenticate(c.R.Context(), c.DB, username, password, c.ClientAddr(c.R))
}

// SignOut ends the session.
func SignOut(c *ui.Call) error {
	cookie, err := c.R.Cookie(ui.SessionCookie)
	if err != nil {
		return models.ErrUnauthorized
	}
	err = c.DB.Write(c.R.Context(), func(tx *store.Tx) error { return office.EndStaffSession(tx, c.Staff, cookie.Value) })
	if err != nil {
		return err
	}
	c.SetCookie(ui.SessionCookie, "", -time.Second)
	c.Say("signed_out")
	return c.Redirect("/staff/login")
}
