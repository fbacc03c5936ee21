package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/delivery"
	"wuyepay/models"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/sandbox"
	"wuyepay/wechat"
	"wuyepay/wechat/wechattest"
)

// world is a database, WeChat's side and the service between them; only the test
// moves real time.
type world struct {
	t    *testing.T
	db   *store.DB
	box  *sandbox.Server
	real *modelstest.Clock
	svc  *delivery.Service
}

var ctx = context.Background()

func newWorld(t *testing.T, cfg delivery.Config) *world {
	t.Helper()
	w := &world{t: t, db: modelstest.Open(t), real: modelstest.NewClock(time.Now())}
	var err error
	if w.box, err = sandbox.Start(ctx, sandbox.Config{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.box.Close() })
	c := w.box.Credentials()
	mini, err := wechat.New(wechat.Config{AppID: c.AppID, AppSecret: c.AppSecret, BaseURL: w.box.URL(), Timeout: 5 * time.Minute},
		wechattest.NewTokens())
	if err != nil {
		t.Fatal(err)
	}
	w.svc = delivery.New(w.db, mini, cfg, slog.New(slog.DiscardHandler))
	w.svc.SetRealNow(func() models.Time { return models.At(w.real.Now()) })
	return w
}

// paid books a payment of somebody's in the eyes of the outbox; seeded orders are
// paid at WeChat.
func (w *world) paid(no, transaction, openID string) {
	w.t.Helper()
	modelstest.Write(w.t, w.db, func(tx *store.Tx) error {
		return w.svc.PaymentBooked(tx, &money.Order{No: no, OpenID: openID}, &money.Payment{TransactionID: &transaction})
	})
}

// seeds returns paid orders of WeChat.
func (w *world) seeds(n int) []sandbox.Transaction {
	w.t.Helper()
	day := time.Now().In(models.Shanghai).AddDate(0, 0, -1).Format(time.DateOnly)
	if err := w.box.SeedOrders(sandbox.Seed{Date: day, Prefix: "SHIP", Count: n, TotalFen: 100}); err != nil {
		w.t.Fatal(err)
	}
	return w.box.Transactions(day)
}

func (w *world) drain(want delivery.Result) {
	w.t.Helper()
	have, err := w.svc.Drain(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(want, have); diff != "" {
		w.t.Fatalf("drain (-want +got):\n%s", diff)
	}
}

func (w *world) state(no string) string {
	w.t.Helper()
	s, err := messages.ShipmentOf(w.db.View(ctx), no)
	if err != nil {
		w.t.Fatal(err)
	}
	return fmt.Sprintf("%s %s %d", s.Status, s.Reason, s.ErrCode)
}

var on = delivery.Config{Enabled: true, Item: "物业费"}

// A payment is reported once, a minute after it, however often it is notified.
func TestShippedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, on)
	list := w.seeds(3)
	for range 2 {
		for _, o := range list {
			w.paid(o.OutTradeNo, o.TransactionID, o.OpenID)
		}
	}
	w.drain(delivery.Result{}) // WeChat does not know them yet
	w.real.Advance(time.Minute)
	w.drain(delivery.Result{Sent: 3})
	w.drain(delivery.Result{})
	for _, o := range list {
		if have, err := w.box.Order(o.OutTradeNo); err != nil || have.Shipped != 1 {
			t.Errorf("shipped %d times, %v", have.Shipped, err)
		}
		if s := w.state(o.OutTradeNo); s != "sent  0" {
			t.Errorf("state %s", s)
		}
	}
}

// Off, nothing is queued and nothing sent.
func TestOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, delivery.Config{})
	w.paid("A", "42", "o")
	if list, err := messages.ShipmentPage(w.db.View(ctx), messages.ShipmentFilter{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("queued: %v, %v", list, err)
	}
	w.drain(delivery.Result{})
}

// What WeChat answers decides whether a report is tried again; a report that is
// there already is no fault.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]struct {
		result delivery.Result
		state  string
	}{
		10060001:  {delivery.Result{Deferred: 1}, "queued order_unknown 10060001"},
		10060002:  {delivery.Result{Sent: 1}, "sent  0"},
		10060003:  {delivery.Result{Sent: 1}, "sent  0"},
		10060023:  {delivery.Result{Sent: 1}, "sent  0"},
		10060004:  {delivery.Result{Skipped: 1}, "skipped state 10060004"},
		10060031:  {delivery.Result{Failed: 1}, "failed openid 10060031"},
		268485216: {delivery.Result{Failed: 1}, "failed field 268485216"},
		-1:        {delivery.Result{Deferred: 1}, "queued unavailable -1"},
		48001:     {delivery.Result{Failed: 1}, "failed refused 48001"},
	} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, on)
			o := w.seeds(1)[0]
			w.paid(o.OutTradeNo, o.TransactionID, o.OpenID)
			w.real.Advance(time.Minute)
			if _, err := w.box.Inject(sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RouteShipping, ErrCode: code}); err != nil {
				t.Fatal(err)
			}
			w.drain(want.result)
			if s := w.state(o.OutTradeNo); s != want.state {
				t.Errorf("state %s, want %s", s, want.state)
			}
			if want.result.Deferred == 1 {
				w.drain(delivery.Result{}) // not before its time
				w.real.Advance(time.Minute)
				w.drain(delivery.Result{Sent: 1})
			}
		})
	}
}

// WeChat away for long: the report is given up in the end, and staff can have it
// tried again.
func TestGivenUpAndRetried(t *testing.T) {
	t.Parallel()
	w := newWorld(t, on)
	o := w.seeds(1)[0]
	w.paid(o.OutTradeNo, o.TransactionID, o.OpenID)
	if _, err := w.box.Inject(sandbox.Fault{Kind: sandbox.FaultSystemErrorAfter, Route: sandbox.RouteShipping, Times: 14}); err != nil {
		t.Fatal(err)
	}
	by := models.Actor{Kind: models.ActorStaff, ID: "s", Name: "财务"}
	if err := delivery.Retry(ctx, w.db, by, o.OutTradeNo); err == nil {
		t.Error("retried what was not given up")
	}
	for range 14 {
		w.real.Advance(4 * time.Hour)
		if _, err := w.svc.Drain(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if s := w.state(o.OutTradeNo); s != "failed unavailable -1" {
		t.Fatalf("state %s", s)
	}
	if err := delivery.Retry(ctx, w.db, by, o.OutTradeNo); err != nil {
		t.Fatal(err)
	}
	w.real.Advance(time.Minute)
	w.drain(delivery.Result{Sent: 1})
}

// A process that dies over a report leaves it to be tried again.
func TestClaimOutlivesTheDead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, on)
	o := w.seeds(1)[0]
	w.paid(o.OutTradeNo, o.TransactionID, o.OpenID)
	w.real.Advance(time.Minute)
	modelstest.Write(t, w.db, func(tx *store.Tx) error {
		due, err := messages.DueShipments(tx, models.At(w.real.Now()), 1)
		if err != nil || len(due) != 1 {
			return fmt.Errorf("%d due, %w", len(due), err)
		}
		stale := due[0]
		if ok, err := messages.ClaimShipment(tx, &due[0], models.At(w.real.Now().Add(time.Minute))); err != nil || !ok {
			return fmt.Errorf("claimed %v, %w", ok, err)
		}
		if ok, err := messages.ClaimShipment(tx, &stale, models.At(w.real.Now())); err != nil || ok {
			return fmt.Errorf("claimed twice, %w", err)
		}
		return nil
	})
	w.drain(delivery.Result{})
	w.real.Advance(2 * time.Minute)
	w.drain(delivery.Result{Sent: 1})
}

func TestConfig(t *testing.T) {
	t.Parallel()
	long := make([]rune, 121)
	for i := range long {
		long[i] = '费'
	}
	for i, tt := range []struct {
		cfg    delivery.Config
		faults int
	}{
		{delivery.Config{}, 0}, {on, 0}, {delivery.Config{Enabled: true}, 1},
		{delivery.Config{Enabled: true, Item: string(long)}, 1},
		{delivery.Config{Enabled: true, Item: string(long[:120])}, 0},
	} {
		if faults := tt.cfg.Validate(); len(faults) != tt.faults {
			t.Errorf("%d: %v", i, faults)
		}
	}
}
