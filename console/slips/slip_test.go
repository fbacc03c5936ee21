package slips_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

// form is the form of a slip of a town's room.
func form(room string, with ...string) url.Values {
	f := url.Values{"room": {room}, "kind": {"repair"}, "item": {"维修服务费"}, "title": {"更换水龙头"}, "worked_on": {"2026-03-14"},
		"due_days": {"7"}, "form_key": {"01FORM0000000000000000TEST"}, "line_kind": {"part", "labour", "other"},
		"line_name": {"水龙头", "安装", ""}, "line_quantity": {"1", "0.5", ""}, "line_unit": {"", "小时", ""}, "line_price": {"98", "60", ""}}
	for i := 0; i+1 < len(with); i += 2 {
		f.Set(with[i], with[i+1])
	}
	return f
}

func TestSlipPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	cashier, finance := w.As(w.Staff[office.RoleCashier]), w.As(w.Staff[office.RoleFinance])
	cashier.Get("/staff/slips").Want(t, http.StatusOK, "没有服务单")
	cashier.Get("/staff/slips/new?room="+n.Room.ID).Want(t, http.StatusOK, n.Room.Name(), "再加几行")
	cashier.Get("/staff/slips/new").Want(t, http.StatusOK, `name="room_code"`)

	// What is wrong is said beside what was typed; more lines are added without losing any.
	wrong := form(n.Room.ID)
	wrong["line_price"][0] = "九十八"
	cashier.Post("/staff/slips/new", wrong).Want(t, http.StatusBadRequest, "第 1 行：单价", `value="九十八"`, `value="水龙头"`)
	more := cashier.Post("/staff/slips/new", form(n.Room.ID, "do", "more", "title", "")).Want(t, http.StatusOK, `value="水龙头"`)
	if lines := strings.Count(more.Body, `name="line_name"`); lines != 7 {
		t.Errorf("%d lines after more were asked for, want 7", lines)
	}
	cashier.Post("/staff/slips/new", form("", "community", n.Room.CommunityID, "room_code", "9-9-999")).
		Want(t, http.StatusBadRequest, "没有找到这个房号")

	path := cashier.Post("/staff/slips/new", form("", "community", n.Room.CommunityID, "room_code", "3栋2单元1201")).
		Want(t, http.StatusSeeOther).Location()
	if again := cashier.Post("/staff/slips/new", form(n.Room.ID)).Location(); again != path {
		t.Errorf("a form posted twice leads to %s and %s", path, again)
	}
	cashier.Get(path).Want(t, http.StatusOK, "128.00", "发给业主签字", "草稿").Without(t, "登记纸质签字并出账")
	edited := form("")
	edited["line_price"][0] = "88"
	cashier.Post(path+"/edit", edited).Want(t, http.StatusSeeOther)
	cashier.Get(path+"/edit").Want(t, http.StatusOK, `value="88.00"`)
	cashier.Post(path+"/offer", nil).Want(t, http.StatusSeeOther)
	cashier.Get(path).Want(t, http.StatusOK, "118.00", "等待业主签字", "另一位同事").Without(t, "登记纸质签字并出账", "/edit")
	cashier.Post(path+"/edit", form("")).Want(t, http.StatusConflict, "状态已经变化")

	// Paper: by another person, with a number; twice is once.
	digest := consoletest.Hidden(t, finance.Get(path).Want(t, http.StatusOK, "登记纸质签字并出账").Body, "digest")
	paper := url.Values{"digest": {digest}, "signer": {"王小明"}, "paper_no": {"WX-0031"}}
	cashier.Post(path+"/paper", paper).Want(t, http.StatusSeeOther)
	cashier.Get(path).Want(t, http.StatusOK, "开单人以外的另一位同事")
	for range 2 {
		finance.Post(path+"/paper", paper).Want(t, http.StatusSeeOther)
	}
	finance.Get(path).Want(t, http.StatusOK, "已签字并出账", "WX-0031", "王小明", "账单更正", "2026-03-22").Without(t, "取消服务单</button>")
	cashier.Post(path+"/cancel", url.Values{"reason": {"写错"}}).Want(t, http.StatusSeeOther)
	cashier.Get(path).Want(t, http.StatusOK, "已签字并出账")
	finance.Get("/staff/rooms/"+n.Room.ID).Want(t, http.StatusOK, "有偿服务单 FW20260315-001", "水龙头 1 个 × 88.00 = 88.00 元")
	pdf := finance.Get(path+"/pdf").Want(t, http.StatusOK, "%PDF")
	if pdf.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the paper is %s", pdf.Header.Get("Content-Type"))
	}

	rows := consoletest.WorkbookRows(t, finance.Get("/staff/slips/export?status=charged"))
	if len(rows) != 2 || rows[1][0] != "FW20260315-001" || rows[1][7] != "118" && rows[1][7] != "118.00" || rows[1][13] != "WX-0031" {
		t.Errorf("exported %v", rows)
	}
	for query, found := range map[string]bool{"q=FW20260315-001": true, "q=3-2-1201": true, "q=7-1-101": false, "kind=waste": false,
		"status=draft": false, "from=2026-03-14&to=2026-03-14": true, "from=2026-03-15": false} {
		if a := finance.Get("/staff/slips?"+query).Want(t, http.StatusOK); strings.Contains(a.Body, "更换水龙头") != found {
			t.Errorf("?%s: found is not %t", query, found)
		}
	}
}

// A steward draws slips of the rooms in their charge and sees no other.
func TestSlipsOfASteward(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	manager := w.As(w.Staff[office.RoleManager])
	mine := manager.Post("/staff/slips/new", form(n.Room.ID)).Want(t, http.StatusSeeOther).Location()
	theirs := manager.Post("/staff/slips/new", form(n.Other.ID, "form_key", "01FORM000000000000000OTHER")).Want(t,
		http.StatusSeeOther).Location()
	steward := w.As(w.AddStaff("zhou", "周楠", office.RoleSteward))
	steward.Get(mine).Want(t, http.StatusOK, "更换水龙头")
	steward.Get("/staff/slips").Want(t, http.StatusOK, mine).Without(t, theirs)
	for _, path := range []string{theirs, theirs + "/edit", theirs + "/pdf"} {
		steward.Get(path).Want(t, http.StatusNotFound)
	}
	for _, step := range []string{"/offer", "/recall", "/cancel", "/edit"} {
		steward.Post(theirs+step, url.Values{"reason": {"x"}}).Want(t, http.StatusNotFound)
	}
	steward.Post(mine+"/paper", url.Values{"signer": {"x"}, "paper_no": {"1"}}).Want(t, http.StatusForbidden)
	steward.Post("/staff/slips/new", form(n.Other.ID, "form_key", "k")).Want(t, http.StatusNotFound)
	steward.Post(mine+"/offer", nil).Want(t, http.StatusSeeOther)
	if lines := consoletest.Audited(t, w, "slip", strings.TrimPrefix(mine, "/staff/slips/")); len(lines) != 2 ||
		lines[0].Action != "slip.offered" {
		t.Errorf("the log has %+v", lines)
	}
}
