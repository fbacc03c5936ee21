package rooms_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

// What the page shows before the money is paid: 500 yuan for 1320.19 due 31 January
// and 110.02 due 28 February, on 15 March.
func TestAllocationIsShownBeforePayment(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB)
	modelstest.Bill(t, w.DB, room, func(b *fees.Bill) {
		b.Item, b.PrincipalFen, b.DueOn = "车位费", 132019, models.MustDate("2026-01-31")
	})
	modelstest.Bill(t, w.DB, room, func(b *fees.Bill) { b.DueOn = models.MustDate("2026-02-28") })
	b := w.As(w.Staff[office.RoleCashier])
	path := "/staff/rooms/" + room.ID + "/allocation"
	b.Get("/staff/rooms/"+room.ID).Want(t, http.StatusOK, `action="`+path+`"`)
	b.Get(path+"?amount="+consoletest.Escape("５００元")).Want(t, http.StatusOK, "收 500.00 元可以冲抵", "车位费", "170.30", "329.70", "990.49",
		"同一账单先违约金后本金", "转入预存 <strong>0.00</strong>", "还欠 <strong>1,105.46</strong>").Without(t, "物业服务费")
	b.Get(path+"?amount=2,000").Want(t, http.StatusOK, "物业服务费", "结清", "转入预存 <strong>394.54</strong>", "还欠 <strong>0.00</strong>")
	for amount, status := range map[string]int{"0": http.StatusBadRequest,
		"-5": 422, "1.005": 422, "1e5": 422, "很多": 422, "0x10": 422, ".": 422,
		"99999999999999999999": 422} {
		b.Get(path+"?amount="+consoletest.Escape(amount)).Want(t, status, `role="alert"`)
	}
}

// After a transfer the page asks who pays, and shows only the bills of that side.
func TestAllocationOfAFormerOwner(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	b := w.As(w.Staff[office.RoleManager])
	path := "/staff/rooms/" + n.Room.ID
	b.Get(path).Want(t, http.StatusOK).Without(t, "谁来付款")
	form := url.Values{"on": {"2026-03-10"}, "name": {"李新"}, "prepaid_to": {"room"}}
	b.Post(path+"/transfer", form).Want(t, http.StatusSeeOther)
	b.Get(path).Want(t, http.StatusOK, "谁来付款", "现业主 李新，今天应缴 0.00 元", "原业主 王小明")
	former, err := estate.RoomOwners(w.DB.View(t.Context()), n.Room.ID, models.MustDate("2026-03-09"))
	if err != nil || len(former) != 1 {
		t.Fatal(former, err)
	}
	b.Get(path+"/allocation?amount=100").Want(t, http.StatusOK, "没有欠费，全部转入预存")
	b.Get(path+"/allocation?amount=100&payer="+former[0].ID).Want(t, http.StatusOK, "selected>原业主 王小明", "物业服务费")
	b.Get(path+"/allocation?amount=99999&payer="+former[0].ID).Want(t, http.StatusConflict, "金额超过该业主所欠")
	b.Get(path+"/allocation?amount=100&payer=nobody").Want(t, http.StatusNotFound)
}
