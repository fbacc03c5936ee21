package office

import (
	"strings"
	"unicode/utf8"

	"wuyepay/models"
)

// The length of a password in characters. The upper bound keeps a request from making the
// server hash a novel.
const (
	minPassword = 8
	maxPassword = 200
)

// Refusals of a new password.
var (
	ErrPasswordShort    = models.Invalid("PASSWORD_SHORT", "密码至少需要 8 个字符")
	ErrPasswordLong     = models.Invalid("PASSWORD_LONG", "密码不能超过 200 个字符")
	ErrPasswordUsername = models.Invalid("PASSWORD_IS_USERNAME", "密码不能与用户名相同")
)

// CheckPasswordRules returns why a new password cannot be taken for a username:
// [ErrPasswordShort], [ErrPasswordLong], [ErrPasswordUsername], or nil if it can.
func CheckPasswordRules(username, password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return ErrPasswordShort
	case n > maxPassword:
		return ErrPasswordLong
	case strings.EqualFold(password, username):
		return ErrPasswordUsername
	}
	return nil
}
