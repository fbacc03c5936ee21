package office_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wuyepay/models/office"
)

func TestPassword(t *testing.T) {
	t.Parallel()
	h, err := office.HashPassword("密码也可以是中文的啊哈哈")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(h, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("not the PHC string of argon2id: %s", h)
	}
	if other, _ := office.HashPassword("密码也可以是中文的啊哈哈"); other == h {
		t.Error("two hashes of one password are equal: no salt")
	}
	for _, c := range []struct {
		hash, password string
		want           bool
	}{
		{h, "密码也可以是中文的啊哈哈", true},
		{h, "密码也可以是中文的啊哈", false},
		{h, "", false},
		{h, strings.Repeat("x", 201), false},
		{"", "密码也可以是中文的啊哈哈", false},
		{"$2a$10$abcdefghijklmnopqrstuv", "x", false},
		{strings.Replace(h, "m=19456", "m=4000000000", 1), "密码也可以是中文的啊哈哈", false},
		{strings.Replace(h, "t=2", "t=0", 1), "密码也可以是中文的啊哈哈", false},
		{strings.Replace(h, "p=1", "p=0", 1), "密码也可以是中文的啊哈哈", false},
		{strings.Replace(h, "v=19", "v=16", 1), "密码也可以是中文的啊哈哈", false},
		{h[:strings.LastIndex(h, "$")+1], "密码也可以是中文的啊哈哈", false},
		{h + "!", "密码也可以是中文的啊哈哈", false},
	} {
		if got := office.CheckPassword(c.hash, c.password); got != c.want {
			t.Errorf("CheckPassword(%q, %q) = %v", c.hash, c.password, got)
		}
	}
}

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		username, password string
		want               error
	}{
		{"zhou", "0123456789", nil},
		{"zhou", "0123456", office.ErrPasswordShort},
		{"zhou", "一二三四五六七", office.ErrPasswordShort},
		{"zhou", strings.Repeat("长", 200), nil},
		{"zhou", strings.Repeat("长", 201), office.ErrPasswordLong},
		{"zhounan1998", "ZhouNan1998", office.ErrPasswordUsername},
	} {
		if diff := cmp.Diff(c.want, office.CheckPasswordRules(c.username, c.password), cmpopts.EquateErrors()); diff != "" {
			t.Errorf("%q: %s", c.password, diff)
		}
	}
	for _, p := range []string{"short", strings.Repeat("x", 201)} {
		if _, err := office.HashPassword(p); err == nil {
			t.Errorf("a password of %d characters was hashed", len(p))
		}
	}
}
