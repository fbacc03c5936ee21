package console_test

import (
	"net/http"
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
