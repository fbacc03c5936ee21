package parties_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/billing"
	"wuyepay/console/consoletest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// TestDeveloperPages registers a developer, takes one sum over its rooms, prints it and
// undoes it.
func TestDeveloperPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	c := modelstest.Community(t, w.DB, "测试小区")
	var rooms []estate.Room
	for _, code := range []string{"9-1-101", "9-1-102"} {
		r := estate.Room{ID: models.NewID(), CommunityID: c.ID, Code: code, CodeKey: models.RoomKey(code), Area: "88.00",
			Occupancy: estate.Unsold, CreatedAt: w.DB.Now(), UpdatedAt: w.DB.Now()}
		modelstest.Write(t, w.DB, func(tx *store.Tx) error { return estate.InsertRooms(tx, []estate.Room{r}) })
		modelstest.Bill(t, w.DB, r)
		rooms = append(rooms, r)
	}
	cashier, finance := w.As(w.Staff[office.RoleCashier]), w.As(w.Staff[office.RoleFinance])
	cashier.Get("/staff/parties").Want(t, http.StatusOK, "未登记", "2 套没有责任人").Without(t, "登记建设单位</h2>")
	finance.Post("/staff/parties", url.Values{"community": {c.ID}, "name": {"某置业"}, "phone": {"12"}}).
		Want(t, http.StatusUnprocessableEntity, "联系电话", `value="某置业"`)
	path := finance.Post("/staff/parties", url.Values{"community": {c.ID}, "name": {"某置业有限公司"}, "contact": {"林工"},
		"phone": {"059187654321"}}).Want(t, http.StatusSeeOther).Location()
	page := finance.Get(path).Want(t, http.StatusOK, "某置业有限公司", "林工", "9-1-101", "9-1-102", "258.98")
	if strings.Contains(page.Body, "059187654321") {
		t.Error("the phone number is shown in full")
	}
	finance.Get("/staff/parties").Want(t, http.StatusOK, "某置业有限公司", "从最初起")

	form := url.Values{"form_key": {models.NewID()}, "amount": {"200"}, "channel": {"transfer"}, "voucher": {"B-1"},
		"paid_on": {"2026-03-15"}}
	cashier.Post(path+"/desk", form).Want(t, http.StatusOK, "收 200.00 元将这样入账", "58.98", "确认收款 200.00 元")
	form.Set("do", "book")
	cashier.Post(path+"/desk", form).Want(t, http.StatusConflict, "已变化") // its effect was not shown
	shown := cashier.Post(path+"/desk", url.Values{"form_key": form["form_key"], "amount": {"200"}, "channel": {"transfer"},
		"voucher": {"B-1"},
		"paid_on": {"2026-03-15"}}).Want(t, http.StatusOK)
	form.Set("seen", consoletest.Hidden(t, shown.Body, "seen"))
	group := cashier.Post(path+"/desk", form).Want(t, http.StatusSeeOther).Location()
	if again := cashier.Post(path+"/desk", form).Location(); again != group {
		t.Errorf("the form again leads to %s, not %s", again, group)
	}
	cashier.Get(group).Want(t, http.StatusOK, "HB20260315-001", "200.00", "B-1", "9-1-102")
	cashier.Get(path).Want(t, http.StatusOK, "HB20260315-001", "58.98")
	tooMuch := url.Values{"form_key": {"k"}, "amount": {"58.99"}, "channel": {"cash"}, "paid_on": {"2026-03-15"}}
	cashier.Post(path+"/desk", tooMuch).Want(t, http.StatusConflict, "金额超过该单位名下全部房屋的应缴合计")
	cashier.Get(group+"/receipt").Want(t, http.StatusOK, "%PDF")

	finance.Get(path+"/statement").Want(t, http.StatusOK, "9-1-101", "合计", "258.98")
	finance.Get(path+"/statement.pdf").Want(t, http.StatusOK, "%PDF")
	rows := consoletest.WorkbookRows(t, finance.Get(path+"/statement/export"))
	if last := rows[len(rows)-1]; last[0] != "合计" || last[len(last)-1] != "58.98" {
		t.Errorf("the statement ends with %v", last)
	}
	open := consoletest.WorkbookRows(t, finance.Get(path+"/export"))
	if last := open[len(open)-1]; last[0] != "合计" || last[8] != "58.98" {
		t.Errorf("the open bills end with %v", last)
	}

	cashier.Post(group+"/reverse", url.Values{"reason": {"录错"}}).Want(t, http.StatusForbidden, "不能冲正自己登记的收款")
	finance.Post(group+"/reverse", url.Values{"reason": {"录错"}}).Want(t, http.StatusSeeOther)
	finance.Get(group).Want(t, http.StatusOK, "已整笔冲正", "录错").Without(t, "冲正整笔收款")
	finance.Get(path).Want(t, http.StatusOK, "258.98")
	consoletest.BooksAgree(t, w.DB)

	// Sold: the room is marked, the debt stays.
	if _, err := billing.Transfer(t.Context(), w.DB, modelstest.Actor, billing.TransferRequest{RoomID: rooms[0].ID,
		On: w.DB.Today(), Name: "李新",
		Phone: "13700000001", PrepaidTo: estate.PrepaidStays}); err != nil {
		t.Fatal(err)
	}
	finance.Get(path).Want(t, http.StatusOK, "已过户", "258.98")
	manager := w.As(w.Staff[office.RoleManager])
	manager.Post(path, url.Values{"name": {"改名置业"}, "contact": {"陈工"}}).Want(t, http.StatusSeeOther)
	manager.Get(path).Want(t, http.StatusOK, "改名置业", "陈工")
	manager.Post(path+"/hold", nil).Want(t, http.StatusSeeOther)
	w.As(w.Staff[office.RoleSteward]).Get(path).Want(t, http.StatusForbidden)
}
