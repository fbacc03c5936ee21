package console

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"wuyepay/models"
)

// personForm is what the form for a new account shows again after a refusal; never
// the password.
type personForm struct {
	Username, Name, Role string
	Roles                []choice
	Error                string
}

var roleChoices = choices(roleWords, models.StaffRoles...)

// usernamePattern keeps names that can be typed on any keyboard and told apart.
var usernamePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,31}$`)

var (
	errUsername  = models.Refusal(models.KindUnprocessable, "USERNAME", "用户名须为 2 至 32 个小写字母、数字、点、横线或下划线，并以字母或数字开头")
	errStaffName = models.Refusal(models.KindUnprocessable, "STAFF_NAME", "请填写姓名（最多 60 个字）")
	errRole      = models.Refusal(models.KindUnprocessable, "ROLE", "请选择角色")
)

func (c *call) newPersonPage() error {
	return c.render("newperson", "添加员工", personForm{Roles: roleChoices})
}

func (c *call) addPerson() error {
	if err := c.form(); err != nil {
		return err
	}
	f := personForm{Username: strings.TrimSpace(c.field("username")), Name: strings.TrimSpace(c.field("name")), Role: c.field("role"), Roles: roleChoices}
	err := f.check(c.field("password"))
	if err == nil {
		err = c.savePerson(f, c.field("password"))
	}
	if e, ok := models.AsError(err); ok {
		f.Error = e.Message
		return c.renderAs(statusOf(e.Kind), "newperson", "添加员工", f)
	}
	if err != nil {
		return err
	}
	c.say("staff_added")
	return c.redirect("/staff/people")
}

func (f personForm) check(password string) error {
	switch n := utf8.RuneCountInString(f.Name); {
	case !usernamePattern.MatchString(f.Username):
		return errUsername
	case n == 0 || n > 60:
		return errStaffName
	}
	for _, r := range f.Roles {
		if r.Value == f.Role {
			return CheckPasswordRules(f.Username, password)
		}
	}
	return errRole
}

func (c *call) savePerson(f personForm, password string) error {
	hash, err := HashPassword(password)
	if err != nil {
		return err
	}
	return c.DB.Write(c.r.Context(), func(tx *models.Tx) error {
		return tx.AddStaff(c.staff.Actor(), &models.Staff{Username: f.Username, Name: f.Name, Role: f.Role, PasswordHash: hash})
	})
}
