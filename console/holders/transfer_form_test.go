package holders_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// TestTransferPages goes the way of a transfer: choose a day, look, do it, see who
// did it.
func TestTransferPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	b := w.As(w.Staff[office.RoleManager])
	path := "/staff/rooms/" + n.Room.ID + "/transfer"
	b.Get("/staff/rooms/"+n.Room.ID).Want(t, http.StatusOK, path)
	b.Get(path).Want(t, http.StatusOK, "过户日（新业主的第一天）").Without(t, "确认过户")
	b.Get(path+"?on=2026-03-10").Want(t, http.StatusOK, "王小明", "留在原业主名下的未缴账单", "跨过户日的账单", "22 / 31 天", "212.90", "确认过户")
	b.Get(path+"?on=nonsense").Want(t, http.StatusBadRequest)
	form := url.Values{"on": {"2026-03-10"}, "name": {"李新"}, "phone": {"137-0000-0001"}, "prepaid_to": {"room"}, "note": {"买卖合同"}}
	form.Set("name", " ")
	b.Post(path, form).Want(t, http.StatusUnprocessableEntity, "请填写业主姓名", "买卖合同").Without(t, "13700000001", "137-0000")
	form.Set("name", "李新")
	if a := b.Post(path, form); a.Status != http.StatusSeeOther || a.Location() != "/staff/rooms/"+n.Room.ID {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	b.Get("/staff/rooms/"+n.Room.ID).Want(t, http.StatusOK, "过户已办理", "李新", "137****0001")
	b.Get("/staff/transfers").Want(t, http.StatusOK, "2026-03-10", "李新", "员工manager", "买卖合同", "随房屋转给新业主")
	if rows := consoletest.WorkbookRows(t, b.Get("/staff/transfers/export")); len(rows) != 2 || rows[1][0] != "3-2-1201" {
		t.Errorf("%v", rows)
	}
	b.Post(path, form).Want(t, http.StatusUnprocessableEntity, "过户日必须晚于")
	w.As(w.AddStaff("gao", "高远", office.RoleSteward)).Get("/staff/transfers").Want(t, http.StatusOK, "还没有过户记录")
	log := consoletest.Audited(t, w, "room", n.Room.ID)
	if len(log) == 0 || log[0].Action != "room.transferred" || log[0].Actor.Name != "员工manager" {
		t.Errorf("%+v", log)
	}
}

// Prepayment that is left with the former owner is out of the room at once, and the
// page says what is owed.
func TestTransferLeavesPrepaymentWithFormerOwner(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB)
	modelstest.Owner(t, w.DB, room, "王小明", "13900000001")
	modelstest.Write(t, w.DB, func(tx *store.Tx) error {
		if err := money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 30000, "", ""); err != nil {
			return err
		}
		return money.Journal(tx, []money.JournalLine{{Kind: money.JournalTopup, Debit: money.AccountWechat, Credit: money.AccountPrepaid,
			AmountFen: 30000, CommunityID: room.CommunityID, RoomID: room.ID}})
	})
	b := w.As(w.Staff[office.RoleFinance])
	path := "/staff/rooms/" + room.ID
	b.Get(path+"/transfer").Want(t, http.StatusOK).Without(t, "应退原业主的预存还有")
	b.Post(path+"/transfer", url.Values{"on": {"2026-03-10"}, "name": {"李新"}, "prepaid_to": {"former"}}).Want(t, http.StatusSeeOther)
	b.Get(path).Want(t, http.StatusOK, `<h2>预存余额</h2><p class="figure">0.00`)
	b.Get(path+"/transfer").Want(t, http.StatusOK, "应退原业主的预存还有 300.00 元没有退还")
	b.Get("/staff/transfers").Want(t, http.StatusOK, "300.00", "转出，应退原业主")
	consoletest.BooksAgree(t, w.DB)
}

func TestRenamePage(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	b := w.As(w.Staff[office.RoleFinance])
	path := "/staff/rooms/" + n.Room.ID + "/owner"
	b.Get(path).Want(t, http.StatusOK, "王小明", "正确的姓名")
	b.Post(path, url.Values{"name": {"王晓明"}}).Want(t, http.StatusBadRequest, "请填写原因", "王晓明")
	if a := b.Post(path, url.Values{"name": {"王晓明"}, "reason": {"登记有误"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d", a.Status)
	}
	b.Get("/staff/rooms/"+n.Room.ID).Want(t, http.StatusOK, "王晓明", "姓名已更正").Without(t, "王小明")
	vacant := modelstest.Room(t, w.DB, func(r *estate.Room) { r.Steward = "周楠" })
	w.As(w.AddStaff("zhou", "周楠", office.RoleSteward)).Get("/staff/rooms/"+vacant.ID+"/owner").Want(t, http.StatusForbidden)
}
