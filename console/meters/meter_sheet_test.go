package meters_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

func TestMetersAreReadOnAPage(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB, func(r *estate.Room) { r.Steward = "周楠" })
	consoletest.MetersOf(t, w, room)
	m1, m2 := "m1-"+room.ID[3:], "m2-"+room.ID[3:]
	b := w.As(w.AddStaff("zhou", "周楠", office.RoleSteward))
	b.Get("/staff/meters").Want(t, http.StatusOK, "水费", `<td data-label="在用表" class="num">2</td>`,
		`name="community" value="`+room.CommunityID+`"`)
	place := url.Values{"community": {room.CommunityID}, "building": {room.Building}, "item": {"水费"}, "on": {"2026-03-15"}}
	b.Get("/staff/meters/sheet?"+place.Encode()).Want(t, http.StatusOK, "130<div class=\"sub\">2026-02-13", `class="num">30</td>`,
		"无，本次为底数", "倍率 10")
	post := func(do string, values ...string) consoletest.Answer {
		form := url.Values{"do": {do}}
		for k, v := range place {
			form[k] = v
		}
		for i := 0; i+1 < len(values); i += 2 {
			form.Set(values[i], values[i+1])
		}
		return b.Post("/staff/meters/sheet", form)
	}
	post("check", "value."+m1, "158", "value."+m2, "５").Want(t, http.StatusOK, "用量 28", "底数，不计费").Without(t, "请核对")
	post("save", "value."+m1, "129").Want(t, 422, "小于上次读数", "全部未保存")
	post("save", "value."+m1, "x1").Want(t, 422, "读数应为不小于 0 的数字")
	post("save").Want(t, http.StatusBadRequest, "没有填写读数")
	post("save", "value."+m1, "250").Want(t, http.StatusConflict, "达到平时的 3 倍以上", "标出的读数已核对无误")
	if n := readings(t, w, m1); len(n) != 2 {
		t.Fatalf("%d readings after refusals", len(n))
	}
	post("save", "value."+m1, "250", "value."+m2, "5", "confirmed", "1").Want(t, http.StatusSeeOther)
	b.Get("/staff/meters/sheet?"+place.Encode()).Want(t, http.StatusOK, "读数已保存", "250")
	if n := readings(t, w, m1); len(n) != 3 || n[2].Previous != "130" || n[2].ByName != "周楠" {
		t.Errorf("%+v", n)
	}
	post("save", "value."+m1, "251").Want(t, 422, "已有读数")
	other := w.As(w.AddStaff("gao", "高远", office.RoleSteward))
	other.Get("/staff/meters").Want(t, http.StatusOK, "还没有表计")
	other.Get("/staff/meters/sheet?"+place.Encode()).Want(t, http.StatusNotFound)
	other.Get("/staff/rooms/"+room.ID+"/meters").Want(t, http.StatusNotFound)
	other.Post("/staff/meters/"+m1+"/doubt", url.Values{"reason": {"x"}}).Want(t, http.StatusNotFound)
	w.As(w.Staff[office.RoleFinance]).Get("/staff/meters/sheet?"+place.Encode()).Want(t, http.StatusOK, "先看看").Without(t, `value="save"`)
	b.Get("/staff/meters/sheet?item=x").Want(t, http.StatusNotFound)
	b.Get("/staff/meters/sheet?"+strings.Replace(place.Encode(), "2026-03-15", "2026-02-30", 1)).Want(t, http.StatusBadRequest)
}

func readings(t testing.TB, w *consoletest.World, meter string) []fees.Reading {
	t.Helper()
	list, err := fees.ReadingsOfMeters(w.DB.View(context.Background()), []string{meter})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
