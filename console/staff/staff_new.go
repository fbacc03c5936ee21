package staff

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// newForm is the form of a new member of staff. After a refusal it shows again what was typed, except
// for the password.
type newForm struct {
	Username, Name, Role string
	Roles                []ui.Option
	Error                string
}

var roleChoices = ui.Options(words.Roles, office.StaffRoles...)

// usernamePattern is a name that can be typed on any keyboard and told from others.
var usernamePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,31}$`)

var (
	errUsername  = models.Refusal(models.KindUnprocessable, "USERNAME", "用户名须为 2 至 32 个小写字母、数字、点、横线或下划线，并以字母或数字开头")
	errStaffName = models.Refusal(models.KindUnprocessable, "STAFF_NAME", "请填写姓名（最多 60 个字）")
	errRole      = models.Refusal(models.KindUnprocessable, "ROLE", "请选择角色")
)

// NewPage shows the empty form 添加员工.
func NewPage(c *ui.Call) error {
	return c.Render("staff/staff_new", "添加员工", newForm{Roles: roleChoices})
}

// Add adds a member of staff.
func Add(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	f := newForm{Username: strings.TrimSpace(c.Field("username")), Name: strings.TrimSpace(c.Field("name")), Role: c.Field("role"),
		Roles: roleChoices}
	err := f.check(c.Field("password"))
	if err == nil {
		err = save(c, f, c.Field("password"))
	}
	if e, ok := models.AsError(err); ok {
		f.Error = e.Message
		return c.RenderAs(ui.StatusOf(e.Kind), "staff/staff_new", "添加员工", f)
	}
	if err != nil {
		return err
	}
	c.Say("staff_added")
	return c.Redirect("/staff/people")
}

func (f newForm) check(password string) error {
	switch n := utf8.RuneCountInString(f.Name); {
	case !usernamePattern.MatchString(f.Username):
		return errUsername
	case n == 0 || n > 60:
		return errStaffName
	}
	for _, r := range f.Roles {
		if r.Value == f.Role {
			return office.CheckPasswordRules(f.Username, password)
		}
	}
	return errRole
}

func save(c *ui.Call, f newForm, password string) error {
	hash, err := office.HashPassword(password)
	if err != nil {
		return err
	}
	return c.DB.Write(c.R.Context(), func(tx *store.Tx) error {
		return office.AddStaff(tx, c.Staff.Actor(), &office.Staff{Username: f.Username, Name: f.Name, Role: f.Role, PasswordHash: hash})
	})
}
