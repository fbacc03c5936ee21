package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// What the page shows before the money is paid: 500 yuan for 1320.19 due 31 January
// and 110.02 due 28 February, on 15 March.
func TestAllocationIsShownBeforePayment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := modelstest.Room(t, w.db)
	modelstest.Bill(t, w.db, room, func(b *models.Bill) {
		b.Item, b.PrincipalFen, b.DueOn = "车位费", 132019, models.MustDate("2026-01-31")
	})
	modelstest.Bill(t, w.db, room, func(b *models.Bill) { b.DueOn = models.MustDate("2026-02-28") })
	b := w.as(w.staff[models.RoleCashier])
	path := "/staff/rooms/" + room.ID + "/allocation"
	b.get("/staff/rooms/"+room.ID).want(t, http.StatusOK, `action="`+path+`"`)
	b.get(path+"?amount="+escape("５００元")).want(t, http.StatusOK, "收 500.00 元可以冲抵", "车位费", "170.30", "329.70", "990.49",
		"同一账单先违约金后本金", "转入预存 <strong>0.00</strong>", "还欠 <strong>1,105.46</strong>").without(t, "物业服务费")
	b.get(path+"?amount=2,000").want(t, http.StatusOK, "物业服务费", "结清", "转入预存 <strong>394.54</strong>", "还欠 <strong>0.00</strong>")
	for amount, status := range map[string]int{"0": http.StatusBadRequest, "-5": 422, "1.005": 422, "1e5": 422, "很多": 422, "0x10": 422, ".": 422,
		"99999999999999999999": 422} {
		b.get(path+"?amount="+escape(amount)).want(t, status, `role="alert"`)
	}
}

// After a transfer the page asks who pays, and shows only the bills of that side.
func TestAllocationOfAFormerOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	b := w.as(w.staff[models.RoleManager])
	path := "/staff/rooms/" + n.room.ID
	b.get(path).want(t, http.StatusOK).without(t, "谁来付款")
	form := url.Values{"on": {"2026-03-10"}, "name": {"李新"}, "prepaid_to": {"room"}}
	b.post(path+"/transfer", form).want(t, http.StatusSeeOther)
	b.get(path).want(t, http.StatusOK, "谁来付款", "现业主 李新，今天应缴 0.00 元", "原业主 王小明")
	former, err := w.db.View(t.Context()).RoomOwners(n.room.ID, models.MustDate("2026-03-09"))
	if err != nil || len(former) != 1 {
		t.Fatal(former, err)
	}
	b.get(path+"/allocation?amount=100").want(t, http.StatusOK, "没有欠费，全部转入预存")
	b.get(path+"/allocation?amount=100&payer="+former[0].ID).want(t, http.StatusOK, "selected>原业主 王小明", "物业服务费")
	b.get(path+"/allocation?amount=99999&payer="+former[0].ID).want(t, http.StatusConflict, "金额超过该业主所欠")
	b.get(path+"/allocation?amount=100&payer=nobody").want(t, http.StatusNotFound)
}
