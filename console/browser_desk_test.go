package console_test

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"

	"wuyepay/console/consoletest"
	"wuyepay/models/estate"
	"wuyepay/models/office"
)

// TestDeskInABrowser takes money, closes a day and goes through bank collection in
// Chromium, on a desk and on a phone.
func TestDeskInABrowser(t *testing.T) {
	bin := os.Getenv("TEST_CHROMIUM")
	if bin == "" {
		t.Skip("SKIPPED: no browser. Set TEST_CHROMIUM to the path of a Chromium.")
	}
	w := consoletest.New(t)
	n := w.Town()
	batch := bankBatch(w, n.Other)
	address, err := launcher.New().Bin(bin).NoSandbox(true).Set("lang", "zh-CN").Launch()
	if err != nil {
		t.Fatal(err)
	}
	browser := rod.New().ControlURL(address).MustConnect()
	defer browser.MustClose()
	for _, screen := range []struct {
		name          string
		width, height int
	}{{"desk", 1280, 900}, {"phone", 390, 844}} {
		t.Run(screen.name, func(t *testing.T) {
			v := newVisit(t, w, browser.MustIncognito(), screen.name, screen.width, screen.height)
			v.signIn()
			v.takeMoney(n.Room)
			for name, path := range map[string]string{"desk-find": "/staff/desk?q=1201", "desk-payments": "/staff/desk/payments",
				"dayclose": "/staff/dayclose", "takings": "/staff/takings",
				"collections": "/staff/collection", "collection": batch, "mandates": "/staff/mandates", "desk-account": "/staff/rooms/" +
					n.Room.ID} {
				v.open(path)
				v.look(name)
			}
			v.faults(0)
		})
	}
}

// bankBatch makes a batch of a room and returns the path of its page.
func bankBatch(w *consoletest.World, r estate.Room) string {
	w.T.Helper()
	b := w.As(w.Staff[office.RoleFinance])
	b.Post("/staff/mandates", url.Values{"community": {r.CommunityID}, "room": {r.Code}, "agreement": {"XY-1"},
		"bank": {"中国建设银行股份有限公司上海分行"}, "holder": {"王小明"}, "account": {"6227000000000001"}})
	a := b.Post("/staff/collection", url.Values{"community": {r.CommunityID}, "due_by": {"2026-03-31"}})
	if a.Status != http.StatusSeeOther {
		w.T.Fatalf("status %d: %s", a.Status, a.Body)
	}
	b.Post(a.Location()+"/file", url.Values{"format": {"csv"}})
	return a.Location()
}

// takeMoney enters an amount, looks at the split and books it, then undoes it.
func (v *visit) takeMoney(r estate.Room) {
	v.t.Helper()
	v.open("/staff/rooms/" + r.ID + "/desk")
	v.look("desk-room")
	v.page.MustElement("#amount").MustInput("5000")
	v.page.MustElement("#note").MustInput("业主之子代缴")
	v.press("button[value=preview]")
	v.page.MustElementR(".card-title", "将这样入账")
	v.look("desk-preview")
	v.press("button[value=book]")
	v.page.MustElementR(".flash", "收款已入账")
	v.look("desk-payment")
	v.page.MustElement("#reason").MustInput("录错房号")
	v.press(".btn-danger")
	v.page.MustElementR(".flash", "已冲正")
	v.look("desk-reversed")
	v.open("/staff/rooms/" + r.ID + "/desk")
	v.page.MustElement("#amount").MustInput("100")
	v.press("button[value=preview]")
	v.press("button[value=book]")
	if !strings.Contains(v.page.MustInfo().URL, "/staff/desk/payments/") {
		v.t.Errorf("at %s", v.page.MustInfo().URL)
	}
}

// press presses a button and waits for the page that follows.
func (v *visit) press(selector string) {
	v.t.Helper()
	wait := v.page.MustWaitNavigation()
	v.page.MustElement(selector).MustClick()
	wait()
}
