package rooms_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func TestPrepaymentIsMovedOnAPage(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB)
	modelstest.Bill(t, w.DB, room, func(b *fees.Bill) {
		b.Item, b.PrincipalFen, b.PeriodStart, b.PeriodEnd = "水费", 5000, models.MustDate("2026-02-01"), models.MustDate("2026-02-28")
	})
	modelstest.Write(t, w.DB, func(tx *store.Tx) error { return money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 3000, "", "") })
	path := "/staff/rooms/" + room.ID + "/prepaid"
	b := w.As(w.Staff[office.RoleCashier])
	b.Get("/staff/rooms/"+room.ID).Want(t, http.StatusOK, path)
	b.Get(path).Want(t, http.StatusOK, "余额 30.00 元", "通用", "下次出账约 50.00 元，可用预存 30.00 元，还差约 20.00 元", "改变用途")
	form := url.Values{"from": {""}, "to": {"水费"}, "amount": {"40"}, "reason": {"业主要求"}}
	b.Post(path, form).Want(t, http.StatusConflict, "预存余额不足", `value="业主要求"`)
	form.Set("amount", "12.50")
	b.Post(path, form).Want(t, http.StatusSeeOther)
	b.Get(path).Want(t, http.StatusOK, "预存用途已变更", "17.50", "12.50", "业主要求", "员工cashier", "改变用途")
	w.As(w.Staff[office.RoleSteward]).Post(path, form).Want(t, http.StatusForbidden)
	if n := consoletest.CountActions(t, w, room.ID, "prepaid.moved"); n != 1 {
		t.Errorf("the move stands %d times in the log", n)
	}
}

// One person asks for prepayment to be given back, another one approves; the balance
// stays until the money goes.
func TestRefundOfPrepaymentNeedsTwo(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB)
	modelstest.Write(t, w.DB, func(tx *store.Tx) error { return money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 3000, "", "") })
	path := "/staff/rooms/" + room.ID + "/prepaid"
	manager := w.As(w.Staff[office.RoleManager])
	form := url.Values{"amount": {"30.01"}, "reason": {"业主搬走"}}
	manager.Post(path+"/refund", form).Want(t, http.StatusConflict, "申请退还：预存余额不足")
	form.Set("amount", "0")
	manager.Post(path+"/refund", form).Want(t, http.StatusBadRequest, "金额应大于 0")
	form.Set("amount", "20")
	manager.Post(path+"/refund", form).Want(t, http.StatusSeeOther)
	manager.Post(path+"/refund", form).Want(t, http.StatusConflict, "已有同类申请")
	list, err := fees.Requests(w.DB.View(context.Background()), fees.RequestFilter{Scope: office.AllRooms(), Kind: fees.RequestRefund,
		Limit: 10})
	if err != nil || len(list) != 1 || list[0].AmountFen != 2000 {
		t.Fatalf("%+v, %v", list, err)
	}
	request := "/staff/requests/" + list[0].ID
	manager.Get(request).Want(t, http.StatusOK, "退还预存", "20.00 元", "须由另一位")
	answer := url.Values{"do": {"approve"}, "note": {"情况属实"}}
	manager.Post(request, answer).Want(t, http.StatusForbidden)
	w.As(w.Staff[office.RoleCashier]).Post(request, answer).Want(t, http.StatusForbidden)
	w.As(w.Staff[office.RoleAdmin]).Post(request, answer).Want(t, http.StatusSeeOther)
	manager.Get(request).Want(t, http.StatusOK, "已同意", "员工admin", "情况属实")
	if r, err := estate.RoomByID(w.DB.View(context.Background()), room.ID); err != nil || r.PrepaidFen != 3000 {
		t.Errorf("%d, %v", r.PrepaidFen, err)
	}
}
