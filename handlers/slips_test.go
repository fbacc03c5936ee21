package handlers_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

var slipStaff = office.Staff{ID: "01SLIPDRAWER00000000000000", Name: "周楠", Role: office.RoleCashier}

// slip draws a slip of 128.00 for a room, and offers it if that is wanted.
func (f *front) slip(room estate.Room, offer bool) string {
	f.t.Helper()
	ctx := context.Background()
	s, err := issuing.DrawSlip(ctx, f.Db, slipStaff, issuing.SlipDraft{RoomID: room.ID, Kind: fees.SlipRepair, Item: "维修服务费",
		Title: "更换水龙头", WorkedOn: models.MustDate("2026-03-14"), DueDays: 7, FormKey: models.NewID(), Lines: []issuing.SlipDraftLine{
			{Kind: fees.SlipPart, Name: "水龙头", Quantity: "1", Price: "98"}, {Kind: fees.SlipLabour, Name: "安装", Quantity: "0.5",
				Price: "60"}}})
	if err == nil && offer {
		err = issuing.OfferSlip(ctx, f.Db, slipStaff, s.ID)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	return s.ID
}

func TestSlipOnThePhone(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	draft := f.slip(h.Room, false)
	if list := p.get("/rooms/" + h.Room.ID + "/slips").list("slips"); len(list) != 0 {
		t.Errorf("a draft is shown: %v", list)
	}
	p.send("GET", "/slips/"+draft, nil).refused(404, "NOT_FOUND")
	id := f.slip(h.Room, true)
	shown := p.get("/slips/" + id)
	want := `{"id":"` + id + `","no":"FW20260315-002","room_id":"` + h.Room.ID + `","kind":"repair","item":"维修服务费","title":"更换水龙头",
		"worked_on":"2026-03-14","due_days":7,"status":"offered","total_fen":12800,"digest":"` + shown.text("digest") + `","can_sign":true,
		"offered_at":"2026-03-15T10:00:00+08:00","signed_at":null,"signed_by_me":false,"lines":[
		{"kind":"part","name":"水龙头","quantity":"1","unit":"个","price":"98.00","amount_fen":9800},
		{"kind":"labour","name":"安装","quantity":"0.5","unit":"小时","price":"60.00","amount_fen":3000}]}`
	shown.wants(t, want)
	p.get("/rooms/" + h.Room.ID + "/slips?status=offered").list("slips")[0].wants(t, want)

	// Another room's slips are as if they did not exist.
	stranger := f.as(f.Home(1).User)
	for _, x := range []answer{stranger.send("GET", "/slips/"+id, nil), stranger.send("GET", "/rooms/"+h.Room.ID+"/slips", nil),
		stranger.send("POST", "/slips/"+id+"/sign", object{"expected_total_fen": 12800}),
		stranger.send("POST", "/slips/"+id+"/decline", object{"reason": "x"}), p.send("GET", "/slips/"+models.NewID(), nil)} {
		x.refused(404, "NOT_FOUND")
	}
	changed := p.send("POST", "/slips/"+id+"/sign", object{"expected_total_fen": 12700}).refused(409, "SLIP_CHANGED")
	if changed.fen("details", 0, "total_fen") != 12800 || changed.text("details", 0, "digest") != shown.text("digest") {
		t.Errorf("the refusal tells %v", changed)
	}
	body := object{"expected_total_fen": 12800, "digest": shown.text("digest")}
	signed := p.send("POST", "/slips/"+id+"/sign", body, key("s")).must(200)
	bill := signed.text("bill_id")
	if signed.text("status") != "charged" || bill == "" || signed.at("signed_by_me") != true || signed.at("can_sign") != false ||
		signed.text("signed_how") != "phone" {
		t.Errorf("signed %v", signed)
	}
	again := p.send("POST", "/slips/"+id+"/sign", body, key("s")).must(200)
	again.wants(t, mustJSON(t, signed))
	p.send("POST", "/slips/"+id+"/sign", body).must(200).wants(t, mustJSON(t, signed)) // without a key
	p.send("POST", "/slips/"+id+"/sign", object{"expected_total_fen": 1}, key("s")).refused(409, "IDEMPOTENCY_KEY_REUSED")
	b := p.get("/bills/" + bill)
	if b.fen("principal_fen") != 12800 || b.text("due_on") != "2026-03-22" || b.text("basis", "kind") != "slip" ||
		b.text("basis", "lines", 1, "amount") != "30.00" {
		t.Errorf("its bill is %v", b)
	}
	wife := f.as(modelstest.User(t, f.Db, h.Room))
	wife.send("POST", "/slips/"+id+"/sign", body).refused(409, "SLIP_SIGNED")
	p.send("POST", "/slips/"+id+"/decline", object{"reason": "后悔"}).refused(409, "SLIP_STATE")
	f.slipsAgree()
}

func (f *front) slipsAgree() {
	f.t.Helper()
	f.Agree()
	if found, err := issuing.CheckSlips(f.Db.View(context.Background())); err != nil || len(found) > 0 {
		f.t.Fatalf("slips: %v, %v", found, err)
	}
}

func TestSlipDeclinedOnThePhone(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	id := f.slip(h.Room, true)
	p.send("POST", "/slips/"+id+"/decline", object{"reason": ""}).refused(400, "INVALID_REQUEST")
	p.send("POST", "/slips/"+id+"/decline", object{"reason": strings.Repeat("长", 201)}).refused(400, "INVALID_REQUEST")
	no := p.send("POST", "/slips/"+id+"/decline", object{"reason": "没有换过水龙头"}).must(200)
	if no.text("status") != "declined" || no.text("note") != "没有换过水龙头" || no.at("can_sign") != false {
		t.Errorf("declined %v", no)
	}
	p.send("POST", "/slips/"+id+"/sign", object{"expected_total_fen": 12800}).refused(409, "SLIP_STATE")
	if n := f.Number("SELECT COUNT(*) FROM bills WHERE source = 'slip'"); n != 0 {
		t.Errorf("%d bills of a slip that was declined", n)
	}
	f.slipsAgree()
}

// Two phones and impatient fingers sign at once: one bill.
func TestSlipSignedByTwoPhonesAtOnce(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	phones := []*phone{f.as(h.User), f.as(modelstest.User(t, f.Db, h.Room))}
	id := f.slip(h.Room, true)
	answers := make([]answer, 8)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = phones[i%2].send("POST", "/slips/"+id+"/sign", object{"expected_total_fen": 12800}, key(fmt.Sprint(i)))
		})
	}
	all.Wait()
	signed := 0
	for _, a := range answers {
		if a.Status == 200 {
			signed++
			continue
		}
		a.refused(409, "SLIP_SIGNED")
	}
	if n := f.Number("SELECT COUNT(*) FROM bills WHERE source = 'slip'"); n != 1 || signed != 4 {
		t.Errorf("%d bills, %d signatures taken", n, signed)
	}
	f.slipsAgree()
}

func TestSlipPages(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	for range 3 {
		id := f.slip(h.Room, true)
		p.send("POST", "/slips/"+id+"/decline", object{"reason": "不要"}).must(200)
	}
	first := p.get("/rooms/" + h.Room.ID + "/slips?limit=2")
	rest := p.get("/rooms/" + h.Room.ID + "/slips?limit=2&cursor=" + first.text("next_cursor"))
	if len(first.list("slips")) != 2 || len(rest.list("slips")) != 1 || rest.text("next_cursor") != "" ||
		first.text("slips", 0, "no") != "FW20260315-003" || rest.text("slips", 0, "no") != "FW20260315-001" {
		t.Errorf("pages %v and %v", first, rest)
	}
}
