package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"wuyepay/billing"
	"wuyepay/handlers"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment/paymenttest"
)

// operations are all calls of the API, as method and path.
func operations(f *front) (out []string) {
	api := handlers.NewHuma(http.NewServeMux())
	f.API.Routes(api)
	for path, item := range api.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{
			"GET": item.Get, "POST": item.Post, "DELETE": item.Delete, "PUT": item.Put, "PATCH": item.Patch,
		} {
			if op != nil {
				out = append(out, method+" "+strings.TrimPrefix(path, "/api/v1"))
			}
		}
	}
	slices.Sort(out)
	return out
}

// Every call but the sign-in asks who is there, before it looks at anything else.
func TestEveryCallAsksWhoIsThere(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	var staff, old string
	modelstest.Write(t, f.Db, func(tx *store.Tx) (err error) {
		if staff, _, err = office.StartSession(tx, office.SessionStaff, h.User.ID, time.Hour); err != nil {
			return err
		}
		old, _, err = office.StartSession(tx, office.SessionUser, h.User.ID, -time.Second)
		return err
	})
	headers := map[string]string{
		"none": "", "empty": "Bearer ", "unknown": "Bearer " + office.NewToken(), "longer": "Bearer " + p.token + "x", "bare": p.token,
		"another scheme": "Basic " + p.token, "of staff": "Bearer " + staff, "expired": "Bearer " + old,
	}
	all := operations(f)
	if len(all) < 35 {
		t.Fatalf("only %d calls", len(all))
	}
	for _, op := range all {
		if op == "POST /session" {
			continue
		}
		method, path, _ := strings.Cut(op, " ")
		(&phone{f: f}).send(method, path, nil).refused(401, "UNAUTHORIZED")
	}
	for name, header := range headers {
		f.run(name, func(t *testing.T) {
			set := func(r *http.Request) {
				if r.Header.Del("Authorization"); header != "" {
					r.Header.Set("Authorization", header)
				}
			}
			p.send("GET", "/rooms", nil, set).refused(401, "UNAUTHORIZED")
		})
	}
	p.get("/rooms")
}

// seen is a call about a thing, and the status that its owner gets.
type seen struct {
	method, path string
	body         any
	owner        int
}

// What is somebody else's answers like what does not exist, in every call that names a
// room, a bill, an order or a share.
func TestSomebodyElsesAndUnknownAnswerAlike(t *testing.T) {
	f := newFront(t)
	h, strangers := f.Home(3), f.Home(1)
	paid, pending := h.PaidOrder(0, 0).No, h.Order(0, 1).Order.No
	owner, stranger := f.as(h.User), f.as(strangers.User)
	share := owner.shares(h, 2)
	room, bill := h.Room.ID, h.Bills[2].ID
	slip := f.slip(h.Room, true)
	calls := []seen{
		{"GET", "/rooms/$room/slips", nil, 200},
		{"GET", "/slips/$slip", nil, 200},
		{"POST", "/slips/$slip/sign", object{"expected_total_fen": 12800}, 200},
		{"POST", "/slips/$slip/decline", object{"reason": "未修好"}, 409}, // it is signed by then
		{"GET", "/rooms/$room/arrears", nil, 200},
		{"GET", "/rooms/$room/prepayment", nil, 200},
		{"GET", "/rooms/$room/allocation?amount_fen=1", nil, 200},
		{"GET", "/rooms/$room/bills", nil, 200},
		{"GET", "/rooms/$room/statement?year=2026", nil, 200},
		{"GET", "/rooms/$room/statement.pdf?year=2026", nil, 200},
		{"GET", "/rooms/$room/plans", nil, 200},
		{"GET", "/rooms/$room/shares", nil, 200},
		{"GET", "/bills/$bill", nil, 200},
		{"GET", "/orders/$paid", nil, 200},
		{"GET", "/orders/$pending", nil, 200},
		{"GET", "/orders/$paid/receipt", nil, 200},
		{"GET", "/orders/$paid/timeline", nil, 200},
		{"POST", "/orders/$paid/invoice", object{"kind": "personal", "title": "王小明"}, 201},
		{"GET", "/orders/$paid/invoice", nil, 200},
		{"POST", "/orders/$pending/close", nil, 200},
		{"POST", "/rooms/$room/shares", object{"bill_ids": []string{"$bill"}, "valid_hours": 1}, 201},
		{"GET", "/shares/$token", nil, 200},
		{"GET", "/shares/$token/code", nil, 200},
		{"POST", "/shares/$token/orders", object{"expected_total_fen": h.Due(2)}, 201},
		{"POST", "/bills/$bill/disputes", object{"kind": "other", "text": "不对"}, 201},
		{"POST", "/rooms/$room/promises", object{"pay_on": "2026-03-20"}, 201},
		{"POST", "/rooms/$room/waivers", object{"bill_ids": []string{"$bill"}, "reason": "困难"}, 201},
		{"POST", "/rooms/$room/instalments", object{"bill_ids": []string{"$bill"}, "parts": []object{
			{"due_on": "2026-04-01", "amount_fen": 1}, {"due_on": "2026-05-01", "amount_fen": h.Due(2) - 1}}}, 201},
		{"DELETE", "/rooms/$room/shares/$share", nil, 204},
		{"DELETE", "/rooms/$room/binding", nil, 204},
	}
	fill := func(p *phone, c seen, names ...string) answer {
		body := c.body
		if o, ok := body.(object); ok && o["bill_ids"] != nil {
			filled := object{}
			for k, v := range o {
				filled[k] = v
			}
			filled["bill_ids"] = []string{named("$bill", names...)}
			body = filled
		}
		return p.send(c.method, named(c.path, names...), body, key(models.NewID()))
	}
	theirs := []string{"room", room, "bill", bill, "paid", paid, "pending", pending,
		"token", share.text("token"), "share", share.text("id"), "slip", slip}
	unknown := []string{"slip", "none", "room", "none", "bill", "none", "paid", "none", "pending", "none", "token", "none", "share", "none"}
	var cases []string
	for _, c := range calls {
		f.run(c.method+" "+c.path, func(t *testing.T) {
			pattern, _, _ := strings.Cut(c.path, "?")
			for from, to := range map[string]string{"$room": "{room_id}", "$bill": "{bill_id}", "$paid": "{no}", "$pending": "{no}",
				"$token": "{token}", "$share": "{share_id}", "$slip": "{slip_id}"} {
				pattern = strings.ReplaceAll(pattern, from, to)
			}
			cases = append(cases, c.method+" "+pattern)
			if !strings.Contains(c.path, "$token") { // who has a token may pay: that is what it is for
				have, want := fill(stranger, c, theirs...), fill(stranger, c, unknown...)
				have.refused(404, "NOT_FOUND")
				if have.Body != want.Body || have.Status != want.Status {
					t.Errorf("theirs %d %s, unknown %d %s", have.Status, have.Body, want.Status, want.Body)
				}
			} else {
				fill(stranger, c, unknown...).refused(404, "NOT_FOUND")
			}
		})
	}
	for _, op := range operations(f) {
		if strings.Contains(op, "{") && !slices.Contains(cases, op) {
			t.Errorf("%s is in no case", op)
		}
	}
	for _, c := range calls { // nothing was done for the stranger: the owner still can
		if a := fill(owner, c, theirs...); a.Status != c.owner {
			t.Errorf("the owner: %s: %d %s, want %d", a.call, a.Status, a.Body, c.owner)
		}
	}
}

// An order names its room and bills in the body: none of them may be somebody else's.
func TestAnOrderForSomebodyElsesBills(t *testing.T) {
	f := newFront(t)
	h, strangers := f.Home(1), f.Home(1)
	p := f.as(strangers.User)
	mixed := pays(strangers, 0, 0)
	mixed["bill_ids"] = append(mixed["bill_ids"].([]string), h.Bills[0].ID)
	theirs := pays(h, 0, 0)
	theirs["room_id"] = strangers.Room.ID
	unknown := pays(strangers, 0, 0)
	unknown["bill_ids"] = []string{"none"}
	part := object{"room_id": strangers.Room.ID, "plan_part_id": "none", "expected_total_fen": 1}
	for name, body := range map[string]object{"their room": pays(h, 0, 0), "their bill": theirs, "one of theirs": mixed, "unknown": unknown,
		"unknown part": part} {
		f.run(name, func(t *testing.T) { p.order("/orders", body).refused(404, "NOT_FOUND") })
	}
	p.send("POST", "/rooms/"+strangers.Room.ID+"/shares", object{"bill_ids": []string{h.Bills[0].ID}, "valid_hours": 1}).refused(404,
		"NOT_FOUND")
	if n := f.Number("SELECT COUNT(*) FROM orders"); n != 0 {
		t.Errorf("%d orders were made", n)
	}
}

// sold is a home whose owner owes two bills and sells; the buyer owes the third.
func sold(f *front) (h *paymenttest.Home, former, buyer *phone, theirs, new fees.Bill) {
	f.t.Helper()
	h = f.Home(0)
	former = f.as(h.User)
	bill := func(on string, start string) fees.Bill {
		owners, err := estate.RoomOwners(f.Db.View(paymenttest.Bg), h.Room.ID, models.MustDate(on))
		if err != nil || len(owners) != 1 {
			f.t.Fatalf("%v, %v", owners, err)
		}
		return modelstest.Bill(f.t, f.Db, h.Room, func(b *fees.Bill) { b.OwnerID, b.PeriodStart = owners[0].ID, models.MustDate(start) })
	}
	theirs = bill("2026-03-01", "2026-01-01")
	if _, err := billing.Transfer(paymenttest.Bg, f.Db, modelstest.Actor, billing.TransferRequest{RoomID: h.Room.ID,
		On: models.MustDate("2026-03-15"), Name: "李新", Phone: "13700000001", PrepaidTo: estate.PrepaidStays}); err != nil {
		f.t.Fatal(err)
	}
	buyer = f.as(f.User("buyer", h.Room))
	return h, former, buyer, theirs, bill("2026-03-15", "2026-03-15")
}

// After a sale each owner sees what is theirs and nothing of the other's.
func TestSightAfterASale(t *testing.T) {
	f := newFront(t)
	h, former, buyer, theirs, new := sold(f)
	room := "/rooms/" + h.Room.ID
	for _, x := range []struct {
		p           *phone
		own, others string
	}{{former, theirs.ID, new.ID}, {buyer, new.ID, theirs.ID}} {
		for _, list := range []string{room + "/arrears", room + "/bills"} {
			if bills := x.p.get(list).list("bills"); len(bills) != 1 || bills[0].text("id") != x.own {
				t.Errorf("%s: %v, want %s", list, bills, x.own)
			}
		}
		x.p.get("/bills/" + x.own)
		x.p.send("GET", "/bills/"+x.others, nil).refused(404, "NOT_FOUND")
		x.p.send("POST", "/bills/"+x.others+"/disputes", object{"kind": "other", "text": "不是我的"}).refused(404, "NOT_FOUND")
		x.p.send("POST", room+"/shares", object{"bill_ids": []string{x.others}, "valid_hours": 1}).refused(404, "NOT_FOUND")
		lines := x.p.get(room + "/allocation?amount_fen=99999").list("bills")
		if len(lines) != 1 || lines[0].text("bill_id") != x.own {
			t.Errorf("a payment would settle %v, want %s", lines, x.own)
		}
	}
	if until := former.get("/rooms").text("rooms", 0, "held_until"); until != "2026-03-14" {
		t.Errorf("held until %q", until)
	}
	if _, told := buyer.get("/rooms").at("rooms", 0).(map[string]any)["held_until"]; told {
		t.Error("the new owner has an end")
	}
}

// A route that is not there is not answered by the API.
func TestOnlyTheRoutesOfTheList(t *testing.T) {
	f := newFront(t)
	for _, path := range []string{"/openapi.json", "/openapi.yaml", "/docs", "/schemas/Order.json", "/api/v1/users"} {
		w := httptest.NewRecorder()
		f.doors.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 404 {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}
