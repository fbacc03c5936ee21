package console

import (
	"errors"

	"wuyepay/models"
)

var (
	errOldPassword = models.Refusal(models.KindUnprocessable, "OLD_PASSWORD", "当前密码不正确")
	errRepeat      = models.Refusal(models.KindUnprocessable, "REPEAT", "两次输入的新密码不一致")
	errSame        = models.Refusal(models.KindUnprocessable, "SAME_PASSWORD", "新密码不能与当前密码相同")
)

type passwordForm struct{ Error string }

func (c *call) passwordPage() error { return c.render("password", "修改密码", passwordForm{}) }

// changePassword changes one's own password. All sessions end; this one goes on
// under a new token.
func (c *call) changePassword() error {
	if err := c.form(); err != nil {
		return err
	}
	token, err := c.newPassword(c.field("old"), c.field("new"), c.field("repeat"))
	if e, ok := models.AsError(err); ok {
		return c.renderAs(statusOf(e.Kind), "password", "修改密码", passwordForm{Error: e.Message})
	}
	if err != nil {
		return err
	}
	c.setCookie(sessionCookie, token, sessionValid)
	c.say("password_changed")
	return c.redirect("/staff/password")
}

func (c *call) newPassword(old, next, repeat string) (token string, err error) {
	if next != repeat {
		return "", errRepeat
	}
	if next == old {
		return "", errSame
	}
	if err := CheckPasswordRules(c.staff.Username, next); err != nil {
		return "", err
	}
	// The old password is counted like one of a sign-in: a phone left on a desk is
	// no way around the limit.
	if _, err := c.tryPassword(c.staff.Username, old); err != nil {
		if errors.Is(err, errBadSignIn) {
			err = errOldPassword
		}
		return "", err
	}
	hash, err := HashPassword(next)
	if err != nil {
		return "", err
	}
	err = c.DB.Write(c.r.Context(), func(tx *models.Tx) (err error) {
		if err := tx.SetStaffPassword(c.staff.Actor(), c.staff, hash); err != nil {
			return err
		}
		token, err = c.startSession(tx, c.staff.ID)
		return err
	})
	return token, err
}
