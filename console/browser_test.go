package console_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"

	"wuyepay/console/consoletest"
)

// TestInABrowser walks through the console in Chromium, on a desk and on a phone:
// no fault in the browser's log, none against the content policy, no page wider
// than its screen. With TEST_SCREENSHOTS set it leaves pictures in that folder.
func TestInABrowser(t *testing.T) {
	browser := newBrowser(t)
	w := consoletest.New(t)
	n := w.Town()
	for _, screen := range []struct {
		name          string
		width, height int
	}{{"desk", 1280, 900}, {"phone", 390, 844}} {
		t.Run(screen.name, func(t *testing.T) {
			v := newVisit(t, w, browser.MustIncognito(), screen.name, screen.width, screen.height)
			v.signIn()
			v.search(n.Room.ID)
			v.reconcile()
			strange := consoletest.FindingID(t, w, "OFFLINE-1")
			for name, path := range map[string]string{
				"orders": "/staff/orders", "order": "/staff/orders/" + n.Pending.No, "paid": "/staff/orders/" + n.Paid.No,
				"events": "/staff/events", "findings": "/staff/findings", "finding": "/staff/findings/" + strange,
				"suspense": "/staff/suspense", "merchants": "/staff/merchants", "audit": "/staff/audit", "people": "/staff/people",
				"newperson": "/staff/people/new", "settings": "/staff/settings", "password": "/staff/password",
				"notfound": "/staff/nothing", "empty": "/staff/orders?status=refunded", "rooms-none": "/staff/rooms?q=xyz",
			} {
				v.open(path)
				v.look(name)
			}
			v.refunds(n.Paid.No)
			v.menu()
			v.faults(0)
		})
	}
}

// newBrowser starts a browser for a test, or skips it where there is none.
func newBrowser(t *testing.T) *rod.Browser {
	t.Helper()
	bin := os.Getenv("TEST_CHROMIUM")
	if bin == "" {
		t.Skip("SKIPPED: no browser. Set TEST_CHROMIUM to the path of a Chromium.")
	}
	address, err := launcher.New().Bin(bin).NoSandbox(true).Set("lang", "zh-CN").Launch()
	if err != nil {
		t.Fatal(err)
	}
	browser := rod.New().ControlURL(address).MustConnect()
	t.Cleanup(browser.MustClose)
	return browser
}

// visit is a page of the browser and what its log said.
type visit struct {
	t    *testing.T
	base string
	page *rod.Page
	name string

	mu  sync.Mutex
	log []string
}

func newVisit(t *testing.T, w *consoletest.World, b *rod.Browser, name string, width, height int) *visit {
	v := &visit{t: t, base: w.Server.URL, page: b.MustPage().Timeout(10 * time.Minute), name: name}
	v.page.MustSetViewport(width, height, 1, width < 700)
	note := func(text string) {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.log = append(v.log, text)
	}
	if err := (proto.LogEnable{}).Call(v.page); err != nil {
		t.Fatal(err)
	}
	go v.page.EachEvent(func(e *proto.LogEntryAdded) {
		// A page that is not found is one on purpose.
		if e.Entry.Level == proto.LogLogEntryLevelError && !strings.Contains(e.Entry.Text, "404") {
			note(e.Entry.Text)
		}
	}, func(e *proto.RuntimeConsoleAPICalled) {
		if e.Type == proto.RuntimeConsoleAPICalledTypeError {
			note("console.error")
		}
	}, func(e *proto.RuntimeExceptionThrown) { note(e.ExceptionDetails.Text) })()
	return v
}

// faults fails the test if the browser's log has more than so many faults.
func (v *visit) faults(allowed int) {
	v.t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.log) > allowed {
		v.t.Errorf("the browser's log: %v", v.log)
	}
}

func (v *visit) open(path string) {
	v.t.Helper()
	v.page.MustNavigate(v.base + path).MustWaitLoad()
}

// look checks that nothing sticks out of the screen, and keeps a picture.
func (v *visit) look(name string) {
	v.t.Helper()
	if wide := v.page.MustEval(`() => document.documentElement.scrollWidth - document.documentElement.clientWidth`).Int(); wide > 0 {
		v.t.Errorf("%s on a %s is %d pixels too wide", name, v.name, wide)
	}
	if dir := os.Getenv("TEST_SCREENSHOTS"); dir != "" {
		picture := v.page.MustScreenshotFullPage()
		if err := os.WriteFile(filepath.Join(dir, name+"-"+v.name+".png"), picture, 0o600); err != nil {
			v.t.Fatal(err)
		}
	}
}

func (v *visit) signIn() {
	v.open("/staff/rooms")
	v.page.MustElement("#username").MustInput("admin")
	v.page.MustElement("#password").MustInput("wrong password")
	wait := v.page.MustWaitNavigation()
	v.page.MustElement("button[type=submit]").MustClick()
	wait()
	v.page.MustElementR(".alert-danger", "用户名或密码不正确")
	v.look("login")
	v.mu.Lock()
	v.log = nil // the browser notes the 401
	v.mu.Unlock()
	v.page.MustElement("#password").MustInput(consoletest.Password)
	wait = v.page.MustWaitNavigation()
	v.page.MustElement("button[type=submit]").MustClick()
	wait()
	v.page.MustElementR("h1", "房产与业主")
	v.look("rooms")
	v.open("/staff/")
	v.look("dashboard")
}

// search types into the list of rooms and waits for it to narrow by itself, then
// opens a room's account.
func (v *visit) search(roomID string) {
	v.open("/staff/rooms")
	v.page.MustElement("#q").MustInput("3栋2单元")
	v.page.MustWait(`() => document.querySelectorAll("#list tbody tr").length === 1 && location.search.includes("q=")`)
	v.faults(0)
	v.open("/staff/rooms/" + roomID)
	v.page.MustEval(`() => document.querySelectorAll("details.bill").forEach((d, i) => { if (i < 2) d.open = true })`)
	v.look("account")
}

// reconcile opens the calendar, a day by its link, and has it reconciled again.
func (v *visit) reconcile() {
	v.open("/staff/reconcile?month=2026-03")
	v.look("calendar")
	wait := v.page.MustWaitNavigation()
	v.page.MustElement(`a.day[href$="2026-03-13"]`).MustClick()
	wait()
	v.page.MustElementR(".finding", "微信有收款，我方无此订单|后一次对账时已一致")
	v.look("day")
	wait = v.page.MustWaitNavigation()
	v.page.MustElementR("button", "重新对账").MustClick()
	wait()
	v.page.MustElementR(".flash", "对账完成")
	v.look("day-again")
	v.open("/staff/reconcile?month=2026-03")
	v.page.MustElement("select[name=month]").MustSelect("2026年2月") // the month follows without the button
	v.page.MustElementR(".card-title", "2026年2月")
}

// menu opens the menu as a finger would on a phone, and signs out.
func (v *visit) menu() {
	v.open("/staff/")
	if button := v.page.MustElement(".menu-button"); button.MustVisible() {
		button.MustClick()
		v.page.MustElement(".sider").MustWaitStable() // it slides in
		v.look("menu")
		wait := v.page.MustWaitNavigation()
		v.page.MustElementR(".sider a", "员工").MustClick()
		wait()
		v.page.MustElementR("h1", "员工")
	}
	v.page.MustElement(".me summary").MustClick()
	v.look("me")
	wait := v.page.MustWaitNavigation()
	v.page.MustElementR(".me button", "退出登录").MustClick()
	wait()
	v.page.MustElementR(".flash", "已退出登录")
}

// refunds looks at the pages of a refund: the form, its effect, the refund, the list.
func (v *visit) refunds(no string) {
	v.open("/staff/orders/" + no + "/refund")
	v.look("refundform")
	v.page.MustElement(`input[value="amount"]`).MustClick()
	v.page.MustElement("#amount").MustInput("10.50")
	v.page.MustElement("#reason").MustInput("重复缴费，业主申请退回")
	wait := v.page.MustWaitNavigation()
	v.page.MustElement(`button[value="preview"]`).MustClick()
	wait()
	v.look("refundeffect")
	wait = v.page.MustWaitNavigation()
	v.page.MustElement(`button[value="send"]`).MustClick()
	wait()
	v.look("refund")
	v.open("/staff/refunds")
	v.look("refunds")
	v.open("/staff/orders/" + no)
	v.look("refundedorder")
}
