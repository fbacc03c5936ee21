package console

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"strings"
	"time"

	"wuyepay/models"
)

// Wrong passwords a day, after which even the right one is refused.
const (
	maxFailuresByName = 10
	maxFailuresByAddr = 100 // a whole office may share one address
)

// Refusals of a sign-in. An unknown name and a wrong password read alike.
var (
	errBadSignIn = models.Refusal(models.KindUnauthorized, "BAD_SIGN_IN", "用户名或密码不正确")
	errLockedOut = models.Refusal(models.KindTooMany, "LOCKED_OUT", "今天输错密码的次数过多，该账号已暂停登录。请明天再试，或联系管理员。")
)

// signInForm is what the sign-in page shows again after a refusal; never the
// password.
type signInForm struct {
	Username string
	Next     string
	Error    string
}

func (c *call) signInPage() error {
	if err := c.identify(); err == nil {
		return c.redirect(homePath)
	}
	return c.render("login", "登录", signInForm{Next: localPath(c.r.URL.Query().Get("next"))})
}

func (c *call) signIn() error {
	if err := c.form(); err != nil {
		return err
	}
	f := signInForm{Username: strings.TrimSpace(c.field("username")), Next: localPath(c.field("next"))}
	token, err := c.startFor(f.Username, c.field("password"))
	if e, ok := models.AsError(err); ok {
		f.Error = e.Message
		return c.renderAs(statusOf(e.Kind), "login", "登录", f)
	}
	if err != nil {
		return err
	}
	c.setCookie(sessionCookie, token, sessionValid)
	return c.redirect(f.Next)
}

func (c *call) startFor(username, password string) (token string, err error) {
	s, err := c.tryPassword(username, password)
	if err != nil {
		return "", err
	}
	err = c.DB.Write(c.r.Context(), func(tx *models.Tx) (err error) {
		if token, err = c.startSession(tx, s.ID); err != nil {
			return err
		}
		return tx.Audit(s.Actor(), "staff.signed_in", "staff", s.ID, nil)
	})
	return token, err
}

// tryPassword gives the account of a name and its password.
func (c *call) tryPassword(username, password string) (models.Staff, error) {
	return tryAccount(c.r.Context(), c.DB, c.tries(username), username, password)
}

// tries gives by what a try is counted, and how many there are a day.
func (c *call) tries(username string) map[string]int {
	out := triesByName(username)
	// Behind a reverse proxy that hides its callers all of them are this machine:
	// one guesser must not lock everybody out.
	if addr := c.ClientAddr(c.r); !net.ParseIP(addr).IsLoopback() {
		out["signin:addr:"+digest(addr)] = maxFailuresByAddr
	}
	return out
}

// digest keeps what was typed out of the database: people type their password into
// the field above it.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

func (c *call) signOut() error {
	cookie, err := c.r.Cookie(sessionCookie)
	if err != nil {
		return models.ErrUnauthorized
	}
	err = c.DB.Write(c.r.Context(), func(tx *models.Tx) error {
		if err := tx.EndSession(cookie.Value); err != nil {
			return err
		}
		return tx.Audit(c.staff.Actor(), "staff.signed_out", "staff", c.staff.ID, nil)
	})
	if err != nil {
		return err
	}
	c.setCookie(sessionCookie, "", -time.Second)
	c.say("signed_out")
	return c.redirect("/staff/login")
}
