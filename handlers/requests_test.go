package handlers_test

import (
	"context"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/payment/paymenttest"
)

// decide answers a request as the manager does.
func (f *front) decide(d billing.Decision) {
	f.t.Helper()
	if _, err := f.API.Requests.Decide(context.Background(), paymenttest.Approver, d); err != nil {
		f.t.Fatal(err)
	}
}

// Each kind of request is shown as it was asked, with the answer once there is one.
func TestRequestViews(t *testing.T) {
	f := newFront(t)
	h := f.Home(3)
	p := f.as(h.User)
	room := "/rooms/" + h.Room.ID
	base := `"room_id":"` + h.Room.ID + `","status":"open","note":"","created_at":"2026-03-15T10:00:00+08:00","decided_at":null`
	for _, x := range []struct {
		kind, path string
		body       object
		want       string
	}{
		{"dispute", "/bills/" + h.Bills[0].ID + "/disputes", object{"kind": "not_mine", "text": "已退房"},
			`"reason":"not_mine","text":"已退房","bill_ids":["` + h.Bills[0].ID + `"]`},
		{"promise", room + "/promises", object{"pay_on": "2026-03-20"}, `"text":"","bill_ids":[],"pay_on":"2026-03-20"`},
		{"waiver", room + "/waivers", object{"bill_ids": []string{h.Bills[1].ID}, "reason": "困难", "amount_fen": 100},
			`"text":"困难","bill_ids":["` + h.Bills[1].ID + `"],"amount_fen":100`},
		{"instalment", room + "/instalments", object{"bill_ids": []string{h.Bills[2].ID}, "text": "分两次", "parts": []object{
			{"due_on": "2026-04-01", "amount_fen": 949}, {"due_on": "2026-05-01", "amount_fen": 12000}}},
			`"text":"分两次","bill_ids":["` + h.Bills[2].ID + `"],"parts":[{"due_on":"2026-04-01","amount_fen":949},
			{"due_on":"2026-05-01","amount_fen":12000}]`},
	} {
		f.run(x.kind, func(t *testing.T) {
			made := p.send("POST", x.path, x.body).must(201)
			made.wants(t, `{"id":"`+made.text("id")+`","kind":"`+x.kind+`",`+base+`,`+x.want+`}`)
			p.get("/requests?limit=1").list("requests")[0].wants(t, mustJSON(t, made))
		})
	}
	p.send("POST", room+"/waivers", object{"bill_ids": []string{h.Bills[2].ID}, "reason": "困难"}).refused(409, "REQUEST_OPEN")
	other := f.Home(1)
	whole := f.as(other.User).send("POST", "/rooms/"+other.Room.ID+"/waivers",
		object{"bill_ids": []string{other.Bills[0].ID}, "reason": "困难"})
	if _, told := whole.must(201)["amount_fen"]; told {
		t.Errorf("a waiver of all that is due names a sum: %s", whole.Body)
	}
	if b := p.get("/bills/" + h.Bills[0].ID); b.at("disputed") != true {
		t.Error("a disputed bill is shown as any other")
	}
	list := p.get("/requests").list("requests")
	f.Clock.Advance(time.Hour)
	f.decide(billing.Decision{RequestID: list[3].text("id"), Note: "账单无误"})
	answered := p.get("/requests").list("requests")[3]
	if answered.text("status") != "rejected" || answered.text("note") != "账单无误" ||
		answered.text("decided_at") != "2026-03-15T11:00:00+08:00" || answered.text("created_at") != "2026-03-15T10:00:00+08:00" {
		t.Errorf("answered %v", answered)
	}
	if b := p.get("/bills/" + h.Bills[0].ID); b.at("disputed") != false {
		t.Error("an answered dispute still marks its bill")
	}
}

// The rules of the business refuse a request by their own codes, and keep nothing of it.
func TestRefusedRequests(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	h.PaidOrder(0, 1)
	p := f.as(h.User)
	room := "/rooms/" + h.Room.ID
	bill := []string{h.Bills[0].ID}
	for name, x := range map[string]struct {
		path string
		body object
		code string
	}{
		"promise of today":        {room + "/promises", object{"pay_on": "2026-03-15"}, "PROMISE_DAY"},
		"promise too far away":    {room + "/promises", object{"pay_on": "2026-05-15"}, "PROMISE_DAY"},
		"parts of another sum":    {room + "/instalments", object{"bill_ids": bill, "parts": parts(2)}, "PLAN_PARTS"},
		"waiver of more than due": {room + "/waivers", object{"bill_ids": bill, "reason": "困难", "amount_fen": 1948}, "WAIVER_TOO_MUCH"},
		"waiver of a paid bill":   {room + "/waivers", object{"bill_ids": []string{h.Bills[1].ID}, "reason": "困难"}, "NOTHING_TO_WAIVE"},
	} {
		f.run(name, func(t *testing.T) {
			a := p.send("POST", x.path, x.body)
			a.refused(a.Status, x.code)
			if a.Status/100 != 4 {
				t.Errorf("status %d", a.Status)
			}
		})
	}
	if n := f.Number("SELECT COUNT(*) FROM requests"); n != 0 {
		t.Errorf("%d requests are kept", n)
	}
	dispute := object{"kind": "amount", "text": "不对"}
	p.send("POST", "/bills/"+h.Bills[0].ID+"/disputes", dispute).must(201)
	if a := p.send("POST", "/bills/"+h.Bills[0].ID+"/disputes", dispute); a.Status != 409 {
		t.Errorf("disputed twice: %d %s", a.Status, a.Body)
	}
}

// A plan is shown with what each part still costs; an order for a part costs what the plan
// says.
func TestPlanView(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	p := f.as(h.User)
	room := "/rooms/" + h.Room.ID
	p.get(room+"/plans").wants(t, `{"plans":[]}`)
	asked := p.send("POST", room+"/instalments", object{"bill_ids": []string{h.Bills[0].ID}, "parts": []object{
		{"due_on": "2026-03-20", "amount_fen": 2949}, {"due_on": "2026-04-20", "amount_fen": 10000}}}).must(201)
	f.decide(billing.Decision{RequestID: asked.text("id"), Approve: true, Note: "同意", Frozen: true, BreakDays: 7})
	plan := p.get(room + "/plans").list("plans")[0]
	want := func(status, ended string, parts ...string) string {
		text := `{"id":"$plan","status":"` + status + `","bill_ids":["$bill"],"total_fen":12949,"frozen":true,"break_days":7,
			"made_on":"2026-03-15","ended_on":` + ended + `,"parts":[` + parts[0] + `,` + parts[1] + `]}`
		return named(text, "plan", plan.text("id"), "bill", h.Bills[0].ID,
			"one", plan.text("parts", 0, "id"), "two", plan.text("parts", 1, "id"))
	}
	two := `{"id":"$two","due_on":"2026-04-20","amount_fen":10000,"unpaid_fen":10000,"payable_fen":$payable,"overdue":false}`
	plan.wants(t, want("active", "null",
		`{"id":"$one","due_on":"2026-03-20","amount_fen":2949,"unpaid_fen":2949,"payable_fen":2949,"overdue":false}`,
		named(two, "payable", "12949")))
	f.Clock.Advance(6 * 24 * time.Hour)
	if late := p.get(room + "/plans").list("plans")[0]; late.at("parts", 0, "overdue") != true || late.at("parts", 1, "overdue") != false {
		t.Errorf("a day late: %v", late)
	}
	part := object{"room_id": h.Room.ID, "plan_part_id": plan.text("parts", 0, "id"), "expected_total_fen": 2948}
	p.order("/orders", part).refused(409, "AMOUNT_CHANGED")
	part["expected_total_fen"] = 2949
	f.PaysAtWechat(p.order("/orders", part).must(201).text("order", "no"))
	f.Drain()
	p.get(room + "/plans").list("plans")[0].wants(t, want("active", "null",
		`{"id":"$one","due_on":"2026-03-20","amount_fen":2949,"unpaid_fen":0,"payable_fen":0,"overdue":false}`,
		named(two, "payable", "10000")))
	p.order("/orders", part).refused(409, "PLAN_PART_PAID")
	part["plan_part_id"], part["expected_total_fen"] = plan.text("parts", 1, "id"), 10000
	f.PaysAtWechat(p.order("/orders", part).must(201).text("order", "no"))
	f.Drain()
	kept := p.get(room + "/plans").list("plans")[0]
	if kept.fen("parts", 1, "payable_fen") != 0 || kept.fen("parts", 1, "unpaid_fen") != 0 {
		t.Errorf("paid: %v", kept)
	}
}

// A plan over bills of a former owner is theirs to see, and not the new owner's.
func TestPlansAfterASale(t *testing.T) {
	f := newFront(t)
	h, former, buyer, theirs, _ := sold(f)
	asked := former.send("POST", "/rooms/"+h.Room.ID+"/instalments", object{"bill_ids": []string{theirs.ID}, "parts": []object{
		{"due_on": "2026-03-20", "amount_fen": 2949}, {"due_on": "2026-04-20", "amount_fen": 10000}}}).must(201)
	f.decide(billing.Decision{RequestID: asked.text("id"), Approve: true, Note: "同意"})
	if n := len(former.get("/rooms/" + h.Room.ID + "/plans").list("plans")); n != 1 {
		t.Errorf("who asked sees %d plans", n)
	}
	if n := len(buyer.get("/rooms/" + h.Room.ID + "/plans").list("plans")); n != 0 {
		t.Errorf("the new owner sees %d plans", n)
	}
	for p, want := range map[*phone]int{former: 1, buyer: 0} {
		if n := len(p.get("/requests").list("requests")); n != want {
			t.Errorf("%d requests are listed, want %d", n, want)
		}
	}
}
