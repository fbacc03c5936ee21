package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/billing/issuing"
	"wuyepay/console/consoletest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

// billedEstate is a community with something on every page about billing.
type billedEstate struct {
	room    estate.Room
	bill    fees.Bill // overdue
	run     string    // pages
	charge  string
	request string
	tariff  string
	sheet   string
	formers string // of a room that changed hands
}

// billEstate sets the pages up as people would, by their forms.
func billEstate(w *consoletest.World) billedEstate {
	w.T.Helper()
	ctx := context.Background()
	m := w.Estate()
	finance, manager := w.As(w.Staff[office.RoleFinance]), w.As(w.Staff[office.RoleManager])
	var d billedEstate
	d.room = w.RoomOfCode("1-1-101")
	other := w.RoomOfCode("1-1-102")
	consoletest.MetersOf(w.T, w, d.room)
	old := func(b *fees.Bill) {
		b.Item, b.PrincipalFen = "车位费", 45000
		b.PeriodStart, b.PeriodEnd, b.DueOn = models.MustDate("2023-04-01"), models.MustDate("2023-04-30"), models.MustDate("2023-04-15")
	}
	modelstest.Bill(w.T, w.DB, d.room, old)
	d.bill = modelstest.Bill(w.T, w.DB, d.room)
	modelstest.Bill(w.T, w.DB, other, old)
	w.Prepay(d.room, 30000)
	w.Prepay(other, 12000)
	water := fees.Tariff{CommunityID: m.ID, Item: "水费", Method: fees.MethodMeter, Tiers: "0-15:3.45;15-25:4.83;25-:5.83",
		Cycle: fees.CycleMonth, CycleStart: 1, DueDay: 25, LateRate: "0.0005", GraceDays: 5, LateCap: "0.3",
		FromOn: models.MustDate("2025-01-01")}
	if _, err := issuing.AddTariff(ctx, w.DB, modelstest.Actor, water); err != nil {
		w.T.Fatal(err)
	}
	d.run = finance.Post("/staff/billing", url.Values{"community": {m.ID}, "period": {"2026-03"}}).Want(w.T, http.StatusSeeOther).Location()
	d.request = w.Ask(finance, d.room.ID, url.Values{"kind": {"waiver"}, "bill": {d.bill.ID}, "amount": {"10.00"}, "text": {"住院期间未能缴费"}})
	levy := url.Values{"kind": {"shared"}, "community": {m.ID}, "item": {"电梯电费"}, "reason": {"二月电梯电费"}, "from": {"2026-02-01"},
		"to": {"2026-02-28"}, "amount": {"100.00"}, "share_by": {"household"}, "scope": {"all"}, "do": {"preview"}}
	preview := finance.Post("/staff/charges/new", levy).Want(w.T, http.StatusOK, "电梯电费")
	levy.Set("seen", consoletest.FindAll(preview.Body, `name="seen" value="([0-9a-f]+)"`)[0])
	levy.Set("do", "charge")
	d.charge = finance.Post("/staff/charges/new", levy).Want(w.T, http.StatusSeeOther).Location()
	manager.Post("/staff/vacancies", url.Values{"community": {m.ID}, "room": {"1-1-102"}, "from": {"2026-04-01"}, "to": {"2026-06-30"},
		"reason": {"出租前装修"}}).Want(w.T, http.StatusSeeOther)
	manager.Post("/staff/rooms/"+d.room.ID+"/tenants", url.Values{"name": {"陈租"}, "phone": {"13700000009"}, "from": {"2026-01-01"},
		"items": {"水费"}})
	d.formers = "/staff/rooms/" + other.ID
	manager.Post(d.formers+"/transfer", url.Values{"on": {"2026-03-10"}, "name": {"李新"}, "phone": {"13700000001"},
		"prepaid_to": {"former"}}).Want(w.T, http.StatusSeeOther)
	list, err := fees.Tariffs(w.DB.View(ctx), m.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	d.tariff = "/staff/tariffs/" + list[0].ID
	d.sheet = "/staff/meters/sheet?" + url.Values{"community": {m.ID}, "building": {d.room.Building}, "item": {"水费"},
		"on": {"2026-03-15"}}.Encode()
	return d
}

// TestBillingInABrowser looks at every page of billing, with something on it and
// empty, on a desk and on a phone.
func TestBillingInABrowser(t *testing.T) {
	browser := newBrowser(t)
	full, empty := consoletest.New(t), consoletest.New(t)
	d := billEstate(full)
	room := "/staff/rooms/" + d.room.ID
	pages := map[string]string{
		"billing": "/staff/billing", "run": d.run, "tariffs": "/staff/tariffs", "tariff": d.tariff, "newtariff": "/staff/tariffs/new",
		"charges": "/staff/charges", "charge": d.charge, "newcharge": "/staff/charges/new", "vacancies": "/staff/vacancies",
		"requests": "/staff/requests", "request": d.request, "ask": room + "/ask?kind=waiver&bill=" + d.bill.ID,
		"arrears": "/staff/arrears", "sums": "/staff/arrears/sums", "limitation": "/staff/limitation", "reports": "/staff/reports",
		"meters": "/staff/meters", "sheet": d.sheet, "roommeters": room + "/meters", "prepaid": room + "/prepaid",
		"allocation": room + "/allocation?amount=500", "former-allocation": d.formers + "/allocation?amount=500",
		"statement": room + "/statement", "tenants": room + "/tenants", "transfer": room + "/transfer?on=2026-03-10",
		"transfers": "/staff/transfers", "rename": room + "/owner", "pastday": room + "?on=2026-02-15", "billing-account": room,
		"dashboard-billing": "/staff/", "audit-billing": "/staff/audit",
	}
	eachScreen(t, func(t *testing.T, name string, width, height int) {
		v := newVisit(t, full, browser.MustIncognito(), name, width, height)
		v.enter()
		for name, path := range pages {
			v.open(path)
			v.chinese(name)
			v.look(name)
		}
		v.faults(0)
		bare := newVisit(t, empty, browser.MustIncognito(), name, width, height)
		bare.enter()
		for name, path := range pages {
			if strings.HasPrefix(path, room) || strings.HasPrefix(path, d.formers) || strings.Contains(path, "?") || path == d.run ||
				path == d.charge || path == d.request || path == d.tariff {
				continue
			}
			bare.open(path)
			bare.chinese("no-" + name)
			bare.look("no-" + name)
		}
		bare.faults(0)
	})
}

// enter signs in.
func (v *visit) enter() {
	v.open("/staff/login")
	v.page.MustElement("#username").MustInput("admin")
	v.page.MustElement("#password").MustInput(consoletest.Password)
	wait := v.page.MustWaitNavigation()
	v.page.MustElement("button[type=submit]").MustClick()
	wait()
}

// chinese fails the test if a page shows a word of ours in English: a code without a word in
// Chinese is shown as it is kept.
func (v *visit) chinese(name string) {
	v.t.Helper()
	v.page.MustElement("h1")
	found := v.page.MustEval(`() => (document.querySelector("main") || document.body).innerText.match(/\b[a-z][a-z_]{2,}\b/g) || []`).Arr()
	for _, word := range found {
		switch w := word.Str(); w {
		case "finance", "manager", "admin", "cashier", "steward", "test": // names of accounts here
		default:
			v.t.Errorf("%s on a %s says %q", name, v.name, w)
		}
	}
}

// eachScreen does something at a desk and on a phone.
func eachScreen(t *testing.T, do func(t *testing.T, name string, width, height int)) {
	for _, screen := range []struct {
		name          string
		width, height int
	}{{"desk", 1280, 900}, {"phone", 390, 844}} {
		t.Run(screen.name, func(t *testing.T) { do(t, screen.name, screen.width, screen.height) })
	}
}
