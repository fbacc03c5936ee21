package reminder_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/reminder"
	"wuyepay/sandbox"
	"wuyepay/wechat"
	"wuyepay/wechat/wechattest"
)

func TestMain(m *testing.M) {
	// The SDK's one transport keeps idle connections for the life of the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"))
}

// keywords are those of the sandbox's templates.
var keywords = map[string]map[string]string{
	"bill_ready":       {"room": "thing1", "item": "thing2", "amount": "amount3", "due_on": "date4"},
	"due_soon":         {"room": "thing1", "amount": "amount2", "due_on": "date3", "note": "thing4"},
	"overdue":          {"room": "thing1", "amount": "amount2", "days": "number3", "note": "thing4"},
	"payment_received": {"room": "thing1", "amount": "amount2", "paid_at": "time3", "order_no": "character_string4"},
	"request_decided":  {"kind": "thing1", "result": "phrase2", "note": "thing3"},
}

// world is a database, a sandbox and a service between them, with a business and a
// real clock that only the test moves.
type world struct {
	t     testing.TB
	cfg   store.Config
	db    *store.DB
	clock *modelstest.Clock
	real  *modelstest.Clock
	sb    *sandbox.Server
	conf  reminder.Config
	svc   *reminder.Service

	patience time.Duration // with WeChat, of services made from now on
}

// hangs is how long a test waits for what comes, however slow the machine is.
const hangs = 5 * time.Minute

// monday is within the hours.
const monday = "2026-03-16 10:00"

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, models.Shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

func newWorld(t testing.TB, now string, options ...reminder.Option) *world {
	t.Helper()
	w := &world{
		t: t, cfg: modelstest.NewConfig(t), clock: modelstest.NewClock(at(now)), real: modelstest.NewClock(time.Now()), patience: hangs,
	}
	w.db = modelstest.OpenConfig(t, w.cfg, w.clock.Now)
	var err error
	if w.sb, err = sandbox.Start(context.Background(), sandbox.Config{Now: w.clock.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.sb.Close() })
	w.conf = reminder.Config{Templates: map[string]reminder.Template{}}
	for key, id := range w.sb.Credentials().Templates {
		w.conf.Templates[key] = reminder.Template{ID: id, Keywords: keywords[key]}
	}
	if faults := w.conf.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	w.svc = w.service(w.db, options...)
	return w
}

// service makes another service, as another process would.
func (w *world) service(db *store.DB, options ...reminder.Option) *reminder.Service {
	w.t.Helper()
	c := w.sb.Credentials()
	mini, err := wechat.New(wechat.Config{AppID: c.AppID, AppSecret: c.AppSecret, BaseURL: w.sb.URL(), Timeout: w.patience},
		wechattest.NewTokens())
	if err != nil {
		w.t.Fatal(err)
	}
	svc := reminder.New(db, mini, w.conf, append([]reminder.Option{reminder.Logger(slog.New(slog.DiscardHandler))}, options...)...)
	svc.SetRealClock(w.real.Now)
	return svc
}

var people atomic.Int64

// person is bound to the rooms; the agreements count on both sides.
func (w *world) person(agreed map[string]int, rooms ...estate.Room) estate.User {
	w.t.Helper()
	openID := w.sb.OpenID(fmt.Sprintf("person-%d", people.Add(1)))
	var u estate.User
	modelstest.Write(w.t, w.db, func(tx *store.Tx) (err error) {
		if u, err = estate.EnsureUser(tx, "wxtest", openID, ""); err != nil {
			return err
		}
		for _, r := range rooms {
			if err := estate.Bind(tx, modelstest.Actor, u.ID, r.ID, estate.RoleOwner, "test"); err != nil {
				return err
			}
		}
		return nil
	})
	for template, n := range agreed {
		for range n {
			w.agree(u, template)
		}
	}
	return u
}

// agree is one tap on 允许.
func (w *world) agree(u estate.User, template string) {
	w.t.Helper()
	if err := w.sb.GrantSubscription(u.OpenID, w.conf.Templates[template].ID, 1); err != nil {
		w.t.Fatal(err)
	}
	if err := w.svc.RecordAnswers(context.Background(), u.ID, map[string]string{template: "accept"}); err != nil {
		w.t.Fatal(err)
	}
}

// bill is unpaid, 110.02 yuan, due on a day and known since a month before.
func (w *world) bill(r estate.Room, due string, with ...func(*fees.Bill)) fees.Bill {
	w.t.Helper()
	return modelstest.Bill(w.t, w.db, r, append([]func(*fees.Bill){func(b *fees.Bill) {
		b.DueOn = models.MustDate(due)
		b.CreatedAt = models.At(b.DueOn.Start().AddDate(0, -1, 0))
	}}, with...)...)
}

// pay settles a part of a bill as money at the desk would.
func (w *world) pay(b fees.Bill, fen models.Fen) {
	w.t.Helper()
	modelstest.Write(w.t, w.db, func(tx *store.Tx) error {
		left, err := billing.Apply(tx, billing.Money{
			PaymentID: models.NewID(), RoomID: b.RoomID, CommunityID: b.CommunityID, Debit: money.AccountWechat,
			Settlement: estate.LateFeeFirst, EffectiveOn: tx.Today(),
		}, []billing.Portion{{BillID: b.ID, Amount: fen}})
		if err == nil && left != 0 {
			err = fmt.Errorf("%d fen too many", left)
		}
		return err
	})
}

func (w *world) pass() reminder.PassResult {
	w.t.Helper()
	r, err := w.svc.Pass(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) drain() reminder.DrainResult {
	w.t.Helper()
	r, err := w.svc.Drain(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) queue() reminder.PassResult {
	w.t.Helper()
	r, err := w.svc.QueueOnly(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// got is what reached the phones, as template and note, oldest first.
func (w *world) got() []string {
	out := []string{}
	for _, m := range w.sb.Messages("") {
		out = append(out, m.Key)
	}
	return out
}

func (w *world) wantGot(want ...string) {
	w.t.Helper()
	if have := w.got(); !slices.Equal(have, want) {
		w.t.Fatalf("messages on the phones: want %q, have %q", want, have)
	}
}

// left is what a user has left of a template; the ledger must add up.
func (w *world) left(u estate.User, template string) int {
	w.t.Helper()
	wrongQuotas(w.t, w.db)
	m, err := messages.Subscriptions(w.db.View(context.Background()), u.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return m[template]
}

// notices returns a room's messages, oldest first, as step, status and reason.
func (w *world) notices(r estate.Room) []string {
	w.t.Helper()
	list, err := messages.NoticesOfRoom(w.db.View(context.Background()), r.ID, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	slices.SortFunc(list, func(a, b messages.Notice) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	out := []string{}
	for _, n := range list {
		out = append(out, n.Step+" "+n.Status+" "+n.Reason)
	}
	return out
}

func (w *world) inject(f sandbox.Fault) {
	w.t.Helper()
	f.Route = sandbox.RouteSubscribe
	if _, err := w.sb.Inject(f); err != nil {
		w.t.Fatal(err)
	}
}

// wrongQuotas fails the test where an agreement's ledger does not add up. The
// tests here make orders without payments, so the other rules are not asked.
func wrongQuotas(t testing.TB, db *store.DB) {
	t.Helper()
	found, err := proof.Check(db.View(context.Background()))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		if strings.Contains(v.Rule, "agreement to messages") {
			t.Errorf("%s", v)
		}
	}
}
