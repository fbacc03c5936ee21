package staff

import (
	"errors"

	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

var (
	errOldPassword = models.Refusal(models.KindUnprocessable, "OLD_PASSWORD", "当前密码不正确")
	errRepeat      = models.Refusal(models.KindUnprocessable, "REPEAT", "两次输入的新密码不一致")
	errSame        = models.Refusal(models.KindUnprocessable, "SAME_PASSWORD", "新密码不能与当前密码相同")
)

type passwordForm struct{ Error string }

// PasswordPage shows the form 修改密码.
func PasswordPage(c *ui.Call) error {
	return c.Render("staff/staff_password", "修改密码", passwordForm{})
}

// ChangePassword changes the password of the person who has signed in. It ends all sessions;
// this one goes on under a new token.
func ChangePassword(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	token, err := newPassword(c, c.Field("old"), c.Field("new"), c.Field("repeat"))
	if e, ok := models.AsError(err); ok {
		return c.RenderAs(ui.StatusOf(e.Kind), "staff/staff_password", "修改密码", passwordForm{Error: e.Message})
	}
	if err != nil {
		return err
	}
	c.SetCookie(ui.SessionCookie, token, ui.SessionValid)
	c.Say("password_changed")
	return c.Redirect("/staff/password")
}

func newPassword(c *ui.Call, old, next, repeat string) (token string, err error) {
	if next != repeat {
		return "", errRepeat
	}
	if next == old {
		return "", errSame
	}
	if err := office.CheckPasswordRules(c.Staff.Username, next); err != nil {
		return "", err
	}
	// The old password counts like one of a sign-in, so that a phone left on a desk is no
	// way around the limit.
	if _, err := tryPassword(c, c.Staff.Username, old); err != nil {
		if errors.Is(err, office.ErrBadSignIn) {
			err = errOldPassword
		}
		return "", err
	}
	hash, err := office.HashPassword(next)
	if err != nil {
		return "", err
	}
	err = c.DB.Write(c.R.Context(), func(tx *store.Tx) (err error) {
		if err := office.SetStaffPassword(tx, c.Staff.Actor(), c.Staff, hash); err != nil {
			return err
		}
		if err = endOldSession(c, tx); err == nil {
			token, _, err = office.StartSession(tx, office.SessionStaff, c.Staff.ID, ui.SessionValid)
		}
		return err
	})
	return token, err
}
