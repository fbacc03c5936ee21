package handlers_test

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/receipt"
)

// bound is a phone that is bound to a room in a role.
func (f *front) bound(name string, r estate.Room, role string) *phone {
	f.t.Helper()
	u := f.User(name)
	modelstest.Write(f.t, f.Db, func(tx *store.Tx) error { return estate.Bind(tx, modelstest.Actor, u.ID, r.ID, role, "test") })
	return f.as(u)
}

// byShare has somebody with a phone number pay a bill by a share of the owner's.
func byShare(f *front, h *paymenttest.Home, owner *phone, label string, bill int) (friend *phone, no string) {
	f.t.Helper()
	u := f.User("friend")
	modelstest.Write(f.t, f.Db, func(tx *store.Tx) error { return estate.SetUserPhone(tx, u.ID, "13712345678") })
	friend = f.as(u)
	token := owner.send("POST", "/rooms/"+h.Room.ID+"/shares",
		object{"bill_ids": []string{h.Bills[bill].ID}, "valid_hours": 1, "label": label}).must(201).text("token")
	no = friend.order("/shares/"+token+"/orders", object{"expected_total_fen": h.Due(bill)}).must(201).text("order", "no")
	f.PaysAtWechat(no)
	f.Drain()
	return friend, no
}

// A receipt has names in full for the owner alone: the family reads the name masked, and
// who paid by a share reads the room masked too. Nobody reads what the owner calls the payer.
func TestReceiptIsFor(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	owner := f.as(h.User)
	friend, no := byShare(f, h, owner, "女儿", 0)
	pending := h.Order(0, 1).Order.No
	owner.send("GET", "/orders/"+pending+"/receipt", nil).refused(409, "ORDER_NOT_PAID")
	for name, x := range map[string]struct {
		p    *phone
		edit func(*receipt.Document)
	}{
		"owner":  {owner, func(*receipt.Document) {}},
		"family": {f.bound("family", h.Room, estate.RoleFamily), func(d *receipt.Document) { d.Owner = "王**" }},
		"payer":  {f.bound("payer", h.Room, estate.RolePayer), func(d *receipt.Document) { d.Owner = "王**" }},
		"friend": {friend, func(d *receipt.Document) { d.Owner, d.Room = "王**", "1栋****" }},
	} {
		f.run(name, func(t *testing.T) {
			d := f.Receipt(no)
			if d.Party.Payer == "" {
				t.Fatal("the receipt knows no payer")
			}
			x.edit(d)
			d.Party.Payer = ""
			var want bytes.Buffer
			if err := d.WritePDF(&want); err != nil {
				t.Fatal(err)
			}
			a := x.p.send("GET", "/orders/"+no+"/receipt", nil)
			if a.Status != 200 || a.Body != want.String() {
				t.Errorf("status %d, and not the receipt of %s at %s", a.Status, d.Owner, d.Room)
			}
			file := "attachment; filename=\"receipt.pdf\"; filename*=UTF-8''" + url.PathEscape("收据-"+d.Number()+".pdf")
			if a.Header.Get("Content-Type") != "application/pdf" || a.Header.Get("Content-Disposition") != file {
				t.Errorf("headers %v", a.Header)
			}
		})
	}
}

// The timeline tells the payer by what the reader may know of them.
func TestTimelineIsFor(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	owner, family := f.as(h.User), f.bound("family", h.Room, estate.RoleFamily)
	friend, no := byShare(f, h, owner, "女儿", 0)
	own := h.PaidOrder(0, 1).No
	f.Receipt(no) // it is numbered when somebody wants it
	f.Receipt(own)
	for name, x := range map[string]struct {
		p        *phone
		no, want string
	}{
		"own order":                 {owner, own, `{"role":"me","label":"","phone_masked":""}`},
		"of somebody else bound":    {family, own, `{"role":"bound","label":"","phone_masked":""}`},
		"by a share, to the payer":  {friend, no, `{"role":"me","label":"","phone_masked":""}`},
		"by a share, to the sharer": {owner, no, `{"role":"share","label":"女儿","phone_masked":"137****5678"}`},
		"by a share, to the family": {family, no, `{"role":"share","label":"","phone_masked":"137****5678"}`},
	} {
		f.run(name, func(t *testing.T) {
			body := x.p.get("/orders/" + x.no + "/timeline")
			object(body.at("payer").(map[string]any)).wants(t, x.want)
			var kinds []string
			for _, e := range body.list("events") {
				kinds = append(kinds, e.text("kind"))
				if !strings.HasPrefix(e.text("at"), "2026-03-15T10:00:0") || e.text("text") == "" {
					t.Errorf("event %v", e)
				}
			}
			if have := strings.Join(kinds, " "); have != "ordered placed charged told booked receipt" {
				t.Errorf("events %s", have)
			}
		})
	}
}

// A tax invoice is asked for by anybody who sees the order, and its answer is for the user
// who asked and for those who are bound to the room.
func TestInvoices(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	owner := f.as(h.User)
	friend, no := byShare(f, h, owner, "女儿", 0)
	path := "/orders/" + no + "/invoice"
	pending := "/orders/" + h.Order(0, 1).Order.No + "/invoice"
	owner.send("GET", path, nil).refused(404, "NOT_FOUND")
	owner.send("GET", pending, nil).refused(404, "NOT_FOUND")
	ask := object{"kind": "company", "title": "福州某某科技有限公司", "tax_no": "91350100M000100Y43"}
	owner.send("POST", pending, ask).refused(409, "ORDER_NOT_PAID")
	view := `{"status":"$status","kind":"company","title":"福州某某科技有限公司","tax_no":"91350100M000100Y43","amount_fen":12949,
		"invoice_no":"$no","reason":"$reason","created_at":"2026-03-15T10:00:00+08:00","decided_at":$at}`
	asked := named(view, "status", "asked", "no", "", "reason", "", "at", "null")
	owner.send("POST", path, ask).must(201).wants(t, asked)
	owner.get(path).wants(t, asked)
	f.bound("family", h.Room, estate.RoleFamily).get(path).wants(t, asked)
	friend.send("GET", path, nil).refused(404, "NOT_FOUND") // paid, but did not ask
	friend.send("POST", path, object{"kind": "personal", "title": "王小明"}).refused(409, "INVOICE_ALREADY_ASKED")
	decide := func(d receipt.InvoiceDecision) {
		t.Helper()
		p, err := receipts.InvoiceRequests(f.Db.View(t.Context()), receipts.InvoiceFilter{Scope: office.AllRooms(), Limit: 9})
		if err != nil {
			t.Fatal(err)
		}
		d.ID, d.Scope = p[0].ID, office.AllRooms()
		f.Clock.Advance(time.Hour)
		if err := f.API.Pay.Receipts.DecideInvoice(context.Background(), models.SystemActor("test"), d); err != nil {
			t.Fatal(err)
		}
	}
	decide(receipt.InvoiceDecision{Reason: "税号不符"})
	owner.get(path).wants(t, named(view, "status", "refused", "no", "", "reason", "税号不符", "at", `"2026-03-15T11:00:00+08:00"`))
	mine := friend.send("POST", path, object{"kind": "personal", "title": "王小明"}).must(201)
	if mine.text("status") != "asked" || mine.text("created_at") != "2026-03-15T11:00:00+08:00" {
		t.Errorf("asked %v", mine)
	}
	friend.get(path).wants(t, mustJSON(t, mine))
	decide(receipt.InvoiceDecision{InvoiceNo: "26352000000012345678"})
	for _, p := range []*phone{friend, owner} { // the latest of the order
		if v := p.get(path); v.text("status") != "issued" || v.text("invoice_no") != "26352000000012345678" || v.text("title") != "王小明" {
			t.Errorf("issued %v", v)
		}
	}
	for name, x := range map[string]object{
		"a company without a number":  {"kind": "company", "title": "某某公司"},
		"a number that is none":       {"kind": "company", "title": "某某公司", "tax_no": "91350100M000100Y44"},
		"a person's number":           {"kind": "personal", "title": "王小明", "tax_no": "91350100M000100Y43"},
		"a title that is only spaces": {"kind": "personal", "title": "   "},
	} {
		f.run(name, func(t *testing.T) {
			if a := owner.send("POST", path, x); a.Status != 400 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
}
