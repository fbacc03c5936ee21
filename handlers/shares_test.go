package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"wuyepay/models/estate"
)

// A share tells who has its token what is to be paid, and nothing of who lives where.
func TestSharedView(t *testing.T) {
	f := newFront(t)
	h := f.Home(1, january)
	owner, friend := f.as(h.User), f.as(f.User("friend"))
	made := owner.send("POST", "/rooms/"+h.Room.ID+"/shares",
		object{"bill_ids": []string{h.Bills[0].ID}, "valid_hours": 720, "label": "女儿"}).must(201)
	token := made.text("token")
	made.wants(t, named(`{"id":"$id","token":"$token","expires_at":"2026-04-14T10:00:00+08:00",
		"mini_program_path":"pages/share/index?token=$token"}`, "id", made.text("id"), "token", token))
	open := named(`{"status":"open","room_masked":"测试小区 1栋****","owner_masked":"王**","total_fen":12949,
		"expires_at":"2026-04-14T10:00:00+08:00","bills":[{"id":"$bill","item":"物业服务费","period_start":"2026-01-01",
		"period_end":"2026-01-31","due_on":"2026-01-15","status":"unpaid","principal_fen":11002,"outstanding_fen":11002,
		"late_fee":{"rate":"0.003","grace_days":0,"days":59,"segments":[{"from":"2026-01-16","to":"2026-03-15","days":59,
		"principal_fen":11002,"amount":"19.47354"}],"accrued_fen":1947,"cap_fen":null,"waived_fen":0,"paid_fen":0,"due_fen":1947},
		"due_fen":12949,"overdue_days":59}]}`, "bill", h.Bills[0].ID)
	seen := friend.send("GET", "/shares/"+token, nil)
	seen.must(200).wants(t, open)
	for _, secret := range []string{"王小明", h.Room.ID, h.Room.Number, "女儿", "137.52"} {
		if strings.Contains(seen.Body, secret) {
			t.Errorf("a stranger with the token learns %q", secret)
		}
	}
	code := friend.send("GET", "/shares/"+token+"/code", nil)
	if kind := http.DetectContentType([]byte(code.Body)); code.Status != 200 || code.Header.Get("Content-Type") != kind ||
		!strings.HasPrefix(kind, "image/") {
		t.Errorf("the code of %s: %d %v", kind, code.Status, code.Header)
	}
	placed := friend.order("/shares/"+token+"/orders", object{"expected_total_fen": 12949}).must(201)
	f.PaysAtWechat(placed.text("order", "no"))
	f.Drain()
	paid := friend.get("/shares/" + token)
	if paid.text("status") != "paid" || paid.fen("total_fen") != 0 || paid.fen("bills", 0, "due_fen") != 0 ||
		paid.text("bills", 0, "status") != "paid" {
		t.Errorf("paid %v", paid)
	}
	friend.order("/shares/"+token+"/orders", object{"expected_total_fen": 12949}).refused(409, "BILL_ALREADY_PAID")
	if rooms := friend.get("/rooms").list("rooms"); len(rooms) != 0 {
		t.Errorf("whoever paid is bound to %v", rooms)
	}
}

// The list of shares is the user's own, and says how each stands and who paid by it.
func TestListedShares(t *testing.T) {
	f := newFront(t)
	h := f.Home(3)
	owner := f.as(h.User)
	path := "/rooms/" + h.Room.ID + "/shares"
	owner.get(path).wants(t, `{"shares":[]}`)
	share := func(bill, hours int, label string) object {
		f.Clock.Advance(time.Second)
		return owner.send("POST", path, object{"bill_ids": []string{h.Bills[bill].ID}, "valid_hours": hours, "label": label}).must(201)
	}
	short, ended := share(0, 1, ""), share(1, 720, "弟弟")
	owner.send("DELETE", path+"/"+ended.text("id"), nil).must(204)
	f.Clock.Advance(time.Hour)
	f.Clock.Advance(time.Second)
	_, no := byShare(f, h, owner, "女儿", 2)
	list := owner.get(path).list("shares")
	if len(list) != 3 {
		t.Fatalf("%d shares", len(list))
	}
	view := `{"id":"$id","status":"$status","label":"$label","bill_ids":["$bill"],"created_at":"$from",
		"expires_at":"$to","orders":[$orders]}`
	list[0].wants(t, named(view, "id", list[0].text("id"), "status", "open", "label", "女儿", "bill", h.Bills[2].ID,
		"from", "2026-03-15T11:00:03+08:00", "to", "2026-03-15T12:00:03+08:00", "orders", named(`{"no":"$no","status":"paid",
		"amount_fen":12949,"paid_at":"2026-03-15T11:00:03+08:00","phone_masked":"137****5678"}`, "no", no)))
	list[1].wants(t, named(view, "id", ended.text("id"), "status", "revoked", "label", "弟弟", "bill", h.Bills[1].ID,
		"from", "2026-03-15T10:00:02+08:00", "to", "2026-04-14T10:00:02+08:00", "orders", ""))
	list[2].wants(t, named(view, "id", short.text("id"), "status", "expired", "label", "", "bill", h.Bills[0].ID,
		"from", "2026-03-15T10:00:01+08:00", "to", "2026-03-15T11:00:01+08:00", "orders", ""))
	f.bound("family", h.Room, estate.RoleFamily).get(path).wants(t, `{"shares":[]}`)
}

// A share that has ended says so to who has its token, and takes no order.
func TestEndedShares(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	owner, friend := f.as(h.User), f.as(f.User("friend"))
	path := "/rooms/" + h.Room.ID + "/shares"
	revoked, expired := owner.shares(h, 0), owner.shares(h, 1)
	f.bound("family", h.Room, estate.RoleFamily).send("DELETE", path+"/"+revoked.text("id"), nil).refused(404, "NOT_FOUND")
	owner.send("DELETE", "/rooms/"+h.W.Home(0).Room.ID+"/shares/"+revoked.text("id"), nil).refused(404, "NOT_FOUND")
	friend.get("/shares/" + revoked.text("token"))
	owner.send("DELETE", path+"/"+revoked.text("id"), nil).must(204)
	owner.send("DELETE", path+"/"+revoked.text("id"), nil).must(204) // once more is as well
	friend.send("GET", "/shares/"+revoked.text("token"), nil).refused(404, "SHARE_ENDED")
	f.Clock.Advance(time.Hour)
	for _, s := range []object{revoked, expired} {
		friend.send("GET", "/shares/"+s.text("token"), nil).refused(404, "SHARE_ENDED")
		friend.send("GET", "/shares/"+s.text("token")+"/code", nil).refused(404, "SHARE_ENDED")
		friend.order("/shares/"+s.text("token")+"/orders", object{"expected_total_fen": 1}).refused(404, "SHARE_ENDED")
	}
}

// Who tries many tokens is stopped, also from a right one.
func TestGuessedTokens(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	token := f.as(h.User).shares(h, 0).text("token")
	guesser := f.as(f.User("guesser"))
	for range 20 {
		guesser.send("GET", "/shares/guess", nil).refused(404, "NOT_FOUND")
	}
	for _, path := range []string{"/shares/" + token, "/shares/" + token + "/code"} {
		guesser.send("GET", path, nil).refused(429, "TOO_MANY_ATTEMPTS")
	}
	guesser.order("/shares/"+token+"/orders", object{"expected_total_fen": 1}).refused(429, "TOO_MANY_ATTEMPTS")
	f.as(f.User("friend")).get("/shares/" + token)
}

// Some bills of a share may be paid alone; others than its own may not.
func TestSomeBillsOfAShare(t *testing.T) {
	f := newFront(t)
	h := f.Home(3)
	token := f.as(h.User).shares(h, 0, 1).text("token")
	friend := f.as(f.User("friend"))
	ask := func(total, bill int) answer {
		return friend.order("/shares/"+token+"/orders", object{"expected_total_fen": total, "bill_ids": []string{h.Bills[bill].ID}})
	}
	ask(12949, 2).refused(404, "NOT_FOUND")
	ask(25898, 0).refused(409, "AMOUNT_CHANGED")
	o := ask(12949, 0).must(201)
	if o.text("order", "lines", 0, "bill_id") != h.Bills[0].ID || o.fen("order", "amount_fen") != 12949 ||
		o.text("order", "room_id") != h.Room.ID {
		t.Errorf("placed %v", o)
	}
	f.WantOrder(o.text("order", "no"), "pending", "NOTPAY")
}
