package handlers_test

import (
	"context"
	"strings"
	"testing"

	"wuyepay/billing"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// The bill of 110.02 yuan of these tests, due on 15 January, two months later.
const billOfTests = `{"id":"$bill","item":"物业服务费","period_start":"2026-01-01","period_end":"2026-01-31","issued_on":"2026-01-01",
	"due_on":"2026-01-15","status":"unpaid","basis":{"kind":"area","area":"137.52","price":"0.80","months":"1"},"principal_fen":11002,
	"discount_fen":0,"paid_principal_fen":0,"outstanding_fen":11002,"late_fee":{"rate":"0.003","rule_version":"default","grace_days":0,
	"days":59,"segments":[{"from":"2026-01-16","to":"2026-03-15","days":59,"principal_fen":11002,"amount":"19.47354"}],
	"accrued_fen":1947,"cap_fen":$cap,"waived_fen":0,"paid_fen":0,"due_fen":1947,"waivers":[],"payments":[]},
	"due_fen":12949,"overdue_days":59,"disputed":false}`

func january(b *fees.Bill) {
	b.PeriodStart, b.PeriodEnd = models.MustDate("2026-01-01"), models.MustDate("2026-01-31")
}

// A bill is shown with every figure, and the same in each call that shows it.
func TestBillView(t *testing.T) {
	f := newFront(t)
	h := f.Home(1, january)
	p := f.as(h.User)
	want := named(billOfTests, "bill", h.Bills[0].ID, "cap", "null")
	p.get("/bills/"+h.Bills[0].ID).wants(t, want)
	p.get("/rooms/"+h.Room.ID+"/bills").wants(t, `{"bills":[`+want+`]}`)
	room := named(`{"id":"$room","community":"测试小区","building":"1栋","unit":"1单元","number":"$number","room_code":"$code",
		"display_name":"测试小区 1栋1单元$number","role":"owner","due_fen":12949,"overdue_bills":1,"prepaid_fen":0}`, "room", h.Room.ID,
		"number", h.Room.Number, "code", h.Room.Code)
	p.get("/rooms").wants(t, `{"rooms":[`+room+`]}`)
	sums := `"principal_fen":11002,"late_fee_fen":1947,"total_fen":12949`
	p.get("/rooms/"+h.Room.ID+"/arrears").wants(t, `{"room":`+room+`,"as_of":"2026-03-15",`+sums+`,"prepaid_fen":0,
		"by_item":[{"item":"物业服务费",`+sums+`}],"by_year":[{"year":2026,`+sums+`}],"bills":[`+want+`]}`)
}

// The late fee of a bill is told in runs of days, with what was waived and paid of it.
func TestLateFeeView(t *testing.T) {
	f := newFront(t)
	h := f.Home(1, january, func(b *fees.Bill) { b.LateCap = "0.3" })
	b := h.Bills[0]
	modelstest.Write(t, f.Db, func(tx *store.Tx) error {
		_, err := billing.Apply(tx, billing.Money{RoomID: h.Room.ID, CommunityID: h.Room.CommunityID, Debit: money.AccountWechat,
			Settlement: estate.LateFeeFirst, EffectiveOn: models.MustDate("2026-02-15")}, []billing.Portion{{BillID: b.ID, Amount: 6025}})
		return err
	})
	p := f.as(h.User)
	asked := p.send("POST", "/rooms/"+h.Room.ID+"/waivers", object{"bill_ids": []string{b.ID}, "reason": "困难", "amount_fen": 100}).must(201)
	f.decide(billing.Decision{RequestID: asked.text("id"), Approve: true, Note: "同意"})
	bill := p.get("/bills/" + b.ID)
	late, _ := bill.at("late_fee").(map[string]any)
	// 31 days on 110.02 are 10.23186; the payment of 60.25 takes them first, and 50.02 of the principal.
	object(late).wants(t, `{"rate":"0.003","rule_version":"default","grace_days":0,"days":59,"segments":[
		{"from":"2026-01-16","to":"2026-02-15","days":31,"principal_fen":11002,"amount":"10.23186"},
		{"from":"2026-02-16","to":"2026-03-15","days":28,"principal_fen":6000,"amount":"5.04"}],
		"accrued_fen":1527,"cap_fen":3301,"waived_fen":100,"paid_fen":1023,"due_fen":404,
		"waivers":[{"on":"2026-03-15","amount_fen":100}],"payments":[{"on":"2026-02-15","amount_fen":1023}]}`)
	if bill.text("status") != "partial" || bill.fen("outstanding_fen") != 6000 || bill.fen("paid_principal_fen") != 5002 ||
		bill.fen("due_fen") != 6404 {
		t.Errorf("%v", bill)
	}
}

// The arrears are summed by fee item and by year, and only bills that are owed are in them.
func TestArrearsView(t *testing.T) {
	f := newFront(t)
	h := f.Home(0)
	for _, x := range []struct {
		item, from, due string
		fen             models.Fen
	}{{"物业服务费", "2025-01-01", "2026-03-15", 1000}, {"物业服务费", "2026-01-01", "2026-03-31", 200}, {"水费", "2026-01-01", "2026-03-14", 30000}} {
		h.Bills = append(h.Bills, modelstest.Bill(t, f.Db, h.Room, func(b *fees.Bill) {
			b.Item, b.PeriodStart, b.PeriodEnd, b.DueOn = x.item, models.MustDate(x.from), models.MustDate(x.from), models.MustDate(x.due)
			b.PrincipalFen = x.fen
		}))
	}
	paid := modelstest.Bill(t, f.Db, h.Room)
	h.Bills = append(h.Bills, paid)
	h.PaidOrder(700, 3)
	a := f.as(h.User).get("/rooms/" + h.Room.ID + "/arrears")
	if a.fen("principal_fen") != 31200 || a.fen("late_fee_fen") != 90 || a.fen("total_fen") != 31290 || a.fen("prepaid_fen") != 700 {
		t.Errorf("sums %v", a)
	}
	items, years := a.list("by_item"), a.list("by_year")
	if len(items) != 2 || len(years) != 2 {
		t.Fatalf("by item %v, by year %v", items, years)
	}
	for _, x := range append(items, years...) {
		want := map[string]models.Fen{"物业服务费": 1200, "水费": 30090}[x.text("item")]
		if year, ok := x["year"].(float64); ok {
			want = map[int]models.Fen{2025: 1000, 2026: 30290}[int(year)]
		}
		if x.fen("total_fen") != want || x.fen("principal_fen")+x.fen("late_fee_fen") != want {
			t.Errorf("%v, want %d", x, want)
		}
	}
	order := []string{}
	for _, b := range a.list("bills") {
		order = append(order, b.text("due_on"))
	}
	if strings.Join(order, " ") != "2026-03-14 2026-03-15 2026-03-31" || a.at("room", "overdue_bills") != 1.0 {
		t.Errorf("bills due on %v, room %v", order, a["room"])
	}
	bills := f.as(h.User).get("/rooms/" + h.Room.ID + "/bills?status=paid").list("bills")
	if len(bills) != 1 || bills[0].text("id") != paid.ID || bills[0].fen("due_fen") != 0 || bills[0].fen("late_fee", "paid_fen") != 1947 {
		t.Errorf("paid bills %v", bills)
	}
}

// What a sum would settle is what an order of as much settles.
func TestAllocationView(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	p := f.as(h.User)
	path := "/rooms/" + h.Room.ID + "/allocation?amount_fen="
	line := func(i int, late, principal, left string) string {
		return named(`{"bill_id":"$bill","item":"物业服务费","period_start":"$from","period_end":"$to","due_on":"2026-01-15",
			"due_fen":12949,"late_fee_fen":$late,"principal_fen":$principal,"left_fen":$left}`, "bill", h.Bills[i].ID,
			"from", h.Bills[i].PeriodStart.String(), "to", h.Bills[i].PeriodEnd.String(), "late", late, "principal", principal, "left",
			left)
	}
	p.get(path+"15000").wants(t, named(`{"room_id":"$room","as_of":"2026-03-15","amount_fen":15000,"policy":"late_fee_first","bills":[`+
		line(0, "1947", "11002", "0")+`,`+line(1, "1947", "104", "10898")+`],"prepaid_fen":0,"still_due_fen":10898}`, "room", h.Room.ID))
	p.get(path+"1").wants(t, named(`{"room_id":"$room","as_of":"2026-03-15","amount_fen":1,"policy":"late_fee_first","bills":[`+
		line(0, "1", "0", "12948")+`],"prepaid_fen":0,"still_due_fen":25897}`, "room", h.Room.ID))
	more := p.get(path + "100000000000")
	if more.fen("prepaid_fen") != 100000000000-25898 || more.fen("still_due_fen") != 0 || len(more.list("bills")) != 2 {
		t.Errorf("%v", more)
	}
	if n := h.Due(0, 1); n != 25898 {
		t.Errorf("asking has changed what is owed to %d", n)
	}
}

// Prepayment is the owner's: a former owner and a tenant see none, nor what it may be for.
func TestPrepaymentView(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	path := "/rooms/" + h.Room.ID + "/prepayment"
	p.get(path).wants(t, named(`{"room_id":"$room","prepaid_fen":0,"balances":[],"items":[]}`, "room", h.Room.ID))
	tariff := fees.Tariff{CommunityID: h.Room.CommunityID, Item: "物业服务费", Method: fees.MethodArea, Price: "2", Cycle: fees.CycleMonth,
		CycleStart: 1, DueDay: 15, LateRate: "0.003", FromOn: models.MustDate("2025-01-01")}
	if _, err := issuing.AddTariff(context.Background(), f.Db, modelstest.Actor, tariff); err != nil {
		t.Fatal(err)
	}
	p.get(path).wants(t, named(`{"room_id":"$room","prepaid_fen":0,"balances":[],"items":["物业服务费"]}`, "room", h.Room.ID))
	h.PaidOrder(500)
	item := pays(h, 700)
	item["prepay_item"] = "物业服务费"
	no := p.order("/orders", item).must(201)
	if no.text("order", "prepay_item") != "物业服务费" || no.fen("order", "prepay_fen") != 700 || len(no.list("order", "lines")) != 0 {
		t.Errorf("placed %v", no)
	}
	f.PaysAtWechat(no.text("order", "no"))
	f.Drain()
	p.get(path).wants(t, named(`{"room_id":"$room","prepaid_fen":1200,"balances":[{"item":"","amount_fen":500},
		{"item":"物业服务费","amount_fen":700}],"items":["物业服务费"]}`, "room", h.Room.ID))
	item["prepay_item"] = "没有的费"
	p.order("/orders", item).refused(400, "PREPAY_ITEM")
	if _, err := billing.Transfer(context.Background(), f.Db, modelstest.Actor, billing.TransferRequest{RoomID: h.Room.ID,
		On: models.MustDate("2026-03-15"), Name: "李新", Phone: "13700000001", PrepaidTo: estate.PrepaidStays}); err != nil {
		t.Fatal(err)
	}
	p.get(path).wants(t, named(`{"room_id":"$room","prepaid_fen":0,"balances":[],"items":[]}`, "room", h.Room.ID))
	if n := p.get("/rooms").fen("rooms", 0, "prepaid_fen"); n != 0 {
		t.Errorf("a former owner is shown %d", n)
	}
	if n := f.as(f.User("buyer", h.Room)).get(path).fen("prepaid_fen"); n != 1200 {
		t.Errorf("the new owner is shown %d", n)
	}
}
