package staff_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func person(username, name, role, pass string) url.Values {
	return url.Values{"username": {username}, "name": {name}, "role": {role}, "password": {pass}}
}

func TestAddStaff(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b := w.As(w.Staff[office.RoleAdmin])
	for _, c := range []struct {
		form url.Values
		text string
	}{
		{person("Zhou Nan", "周楠", "steward", consoletest.Password), "用户名须为"},
		{person("z", "周楠", "steward", consoletest.Password), "用户名须为"},
		{person("zhou", " ", "steward", consoletest.Password), "请填写姓名"},
		{person("zhou", strings.Repeat("周", 61), "steward", consoletest.Password), "请填写姓名"},
		{person("zhou", "周楠", "owner", consoletest.Password), "请选择角色"},
		{person("zhou", "周楠", "steward", "short"), "密码至少需要 8 个字符"},
		{person("zhounan1998", "周楠", "steward", "zhounan1998"), "密码不能与用户名相同"},
		{person("admin", "周楠", "steward", consoletest.Password), "该用户名已存在"},
	} {
		a := b.Post("/staff/people/new", c.form)
		if a.Status < 400 || a.Status > 422 {
			t.Errorf("%v: status %d", c.form, a.Status)
		}
		a.Want(t, a.Status, c.text).Without(t, consoletest.Password)
	}
	b.Post("/staff/people/new", person("zhou", " 周楠 ", "steward", consoletest.Password)).Want(t, http.StatusSeeOther)
	b.Get("/staff/people").Want(t, http.StatusOK, "员工账号已添加", "周楠", "管家")
	b.Get("/staff/people").Without(t, "员工账号已添加") // said once
	w.SignedOut().Post("/staff/login", consoletest.Credentials("zhou", consoletest.Password, "")).Want(t, http.StatusSeeOther)
	for _, e := range consoletest.Audited(t, w, "staff", "") {
		if strings.Contains(e.Detail, `"zhou"`) && (e.Action != "staff.added" || e.Actor.Name != "员工admin") {
			t.Errorf("the log names %s for %s", e.Actor.Name, e.Action)
		}
	}
}

func TestDisableStaff(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	admin, cashier := w.Staff[office.RoleAdmin], w.Staff[office.RoleCashier]
	b, theirs := w.As(admin), w.As(cashier)
	theirs.Get("/staff/").Want(t, http.StatusOK)
	b.Post("/staff/people/"+cashier.ID+"/disable", nil).Want(t, http.StatusSeeOther)
	b.Get("/staff/people").Want(t, http.StatusOK, "账号已停用", "已停用")
	theirs.Get("/staff/").Want(t, http.StatusSeeOther) // signed out at once
	w.SignedOut().Post("/staff/login", consoletest.Credentials("cashier", consoletest.Password, "")).Want(t, http.StatusUnauthorized)
	b.Post("/staff/people/"+cashier.ID+"/enable", nil).Want(t, http.StatusSeeOther)
	w.SignedOut().Post("/staff/login", consoletest.Credentials("cashier", consoletest.Password, "")).Want(t, http.StatusSeeOther)
	theirs.Get("/staff/").Want(t, http.StatusSeeOther) // a session of before does not come back

	b.Post("/staff/people/"+admin.ID+"/disable", nil).Want(t, http.StatusSeeOther)
	b.Get("/staff/people").Want(t, http.StatusOK, "不能停用自己的账号").Without(t, "已停用")
	// Somebody who lost the right meanwhile cannot take the last admin away either.
	second := w.AddStaff("second", "第二", office.RoleAdmin)
	w.As(second).Post("/staff/people/"+admin.ID+"/disable", nil).Want(t, http.StatusSeeOther)
	b.Get("/staff/").Want(t, http.StatusSeeOther)
	if err := w.DB.Write(t.Context(),
		func(tx *store.Tx) error { return office.DisableStaff(tx, models.SystemActor("test"), second.ID) }); err == nil {
		t.Error("the last admin was disabled")
	}
	b2 := w.As(second)
	b2.Post("/staff/people/nobody/disable", nil).Want(t, http.StatusNotFound)
}

func TestDisabledStaffMayNotGoOn(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b := w.As(w.Staff[office.RoleSteward])
	b.Get("/staff/", "HX-Request", "true").Want(t, http.StatusOK)
	if err := w.DB.Write(t.Context(), func(tx *store.Tx) error {
		return office.DisableStaff(tx, models.SystemActor("test"), w.Staff[office.RoleSteward].ID)
	}); err != nil {
		t.Fatal(err)
	}
	a := b.Get("/staff/rooms", "HX-Request", "true").Want(t, http.StatusUnauthorized)
	if a.Header.Get("HX-Redirect") != "/staff/login" {
		t.Error("a part of a page is answered without sending the page to sign in")
	}
}
