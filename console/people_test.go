package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/models"
)

func person(username, name, role, pass string) url.Values {
	return url.Values{"username": {username}, "name": {name}, "role": {role}, "password": {pass}}
}

func TestAddStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.staff[models.RoleAdmin])
	for _, c := range []struct {
		form url.Values
		text string
	}{
		{person("Zhou Nan", "周楠", "steward", password), "用户名须为"},
		{person("z", "周楠", "steward", password), "用户名须为"},
		{person("zhou", " ", "steward", password), "请填写姓名"},
		{person("zhou", strings.Repeat("周", 61), "steward", password), "请填写姓名"},
		{person("zhou", "周楠", "owner", password), "请选择角色"},
		{person("zhou", "周楠", "steward", "short"), "密码至少需要 8 个字符"},
		{person("zhounan1998", "周楠", "steward", "zhounan1998"), "密码不能与用户名相同"},
		{person("admin", "周楠", "steward", password), "该用户名已存在"},
	} {
		a := b.post("/staff/people/new", c.form)
		if a.Status < 400 || a.Status > 422 {
			t.Errorf("%v: status %d", c.form, a.Status)
		}
		a.want(t, a.Status, c.text).without(t, password)
	}
	b.post("/staff/people/new", person("zhou", " 周楠 ", "steward", password)).want(t, http.StatusSeeOther)
	b.get("/staff/people").want(t, http.StatusOK, "员工账号已添加", "周楠", "管家")
	b.get("/staff/people").without(t, "员工账号已添加") // said once
	w.browser().post("/staff/login", credentials("zhou", password, "")).want(t, http.StatusSeeOther)
	for _, e := range audited(t, w, "staff", "") {
		if strings.Contains(e.Detail, `"zhou"`) && (e.Action != "staff.added" || e.ActorName != "员工admin") {
			t.Errorf("the log names %s for %s", e.ActorName, e.Action)
		}
	}
}

func TestDisableStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, cashier := w.staff[models.RoleAdmin], w.staff[models.RoleCashier]
	b, theirs := w.as(admin), w.as(cashier)
	theirs.get("/staff/").want(t, http.StatusOK)
	b.post("/staff/people/"+cashier.ID+"/disable", nil).want(t, http.StatusSeeOther)
	b.get("/staff/people").want(t, http.StatusOK, "账号已停用", "已停用")
	theirs.get("/staff/").want(t, http.StatusSeeOther) // signed out at once
	w.browser().post("/staff/login", credentials("cashier", password, "")).want(t, http.StatusUnauthorized)
	b.post("/staff/people/"+cashier.ID+"/enable", nil).want(t, http.StatusSeeOther)
	w.browser().post("/staff/login", credentials("cashier", password, "")).want(t, http.StatusSeeOther)
	theirs.get("/staff/").want(t, http.StatusSeeOther) // a session of before does not come back

	b.post("/staff/people/"+admin.ID+"/disable", nil).want(t, http.StatusSeeOther)
	b.get("/staff/people").want(t, http.StatusOK, "不能停用自己的账号").without(t, "已停用")
	// Somebody who lost the right meanwhile cannot take the last admin away either.
	second := w.addStaff("second", "第二", models.RoleAdmin)
	w.as(second).post("/staff/people/"+admin.ID+"/disable", nil).want(t, http.StatusSeeOther)
	b.get("/staff/").want(t, http.StatusSeeOther)
	if err := w.db.Write(t.Context(), func(tx *models.Tx) error { return tx.DisableStaff(models.SystemActor("test"), second.ID) }); err == nil {
		t.Error("the last admin was disabled")
	}
	b2 := w.as(second)
	b2.post("/staff/people/nobody/disable", nil).want(t, http.StatusNotFound)
}

func TestDisabledStaffMayNotGoOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.staff[models.RoleSteward])
	b.get("/staff/", "HX-Request", "true").want(t, http.StatusOK)
	if err := w.db.Write(t.Context(), func(tx *models.Tx) error {
		return tx.DisableStaff(models.SystemActor("test"), w.staff[models.RoleSteward].ID)
	}); err != nil {
		t.Fatal(err)
	}
	a := b.get("/staff/rooms", "HX-Request", "true").want(t, http.StatusUnauthorized)
	if a.Header.Get("HX-Redirect") != "/staff/login" {
		t.Error("a part of a page is answered without sending the page to sign in")
	}
}
