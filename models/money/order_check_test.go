package money_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// WeChat is asked about pending orders and closed ones without its word, once their time
// has come, the longest overdue first.
func TestOrdersToCheck(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	now := db.Now()
	at := func(d time.Duration, status string, closed bool) money.Order {
		return newOrder(t, db, r, nil, func(o *money.Order) {
			o.NextCheckAt, o.Status, o.ClosedAtWechat = models.At(now.Add(d)), status, closed
		})
	}
	due := at(0, money.OrderPending, false)
	overdue := at(-time.Minute, money.OrderClosed, false)
	at(time.Millisecond, money.OrderPending, false)
	at(-time.Hour, money.OrderClosed, true)
	at(-time.Hour, money.OrderPaid, false)
	at(-time.Hour, money.OrderException, false)
	check := func(what string, limit int, want ...string) {
		t.Helper()
		nos, err := money.OrdersToCheck(view(db), now, limit)
		if diff := cmp.Diff(want, nos); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", what, err, diff)
		}
	}
	check("all", 10, overdue.No, due.No)
	check("one", 1, overdue.No)
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.PostponeCheck(tx, due.No, models.At(now.Add(time.Hour))) })
	check("one postponed", 10, overdue.No)
	if o, err := money.OrderByNo(view(db), due.No); o.Checks != 1 || err != nil {
		t.Errorf("%d checks, %v", o.Checks, err)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.ConfirmClosed(tx, overdue.No) })
	check("the other confirmed", 10)
}

// Open orders on bills that something else has settled are asked about at once.
func TestHurryOrders(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	b := modelstest.Bill(t, db, r)
	later := func(o *money.Order) { o.NextCheckAt = models.At(db.Now().Add(time.Hour)) }
	on := newOrder(t, db, r, []fees.Bill{b}, later)
	placed := newOrder(t, db, r, nil, later, func(o *money.Order) { o.PrepayID = "wx" })
	due := func() []string {
		nos, err := money.OrdersToCheck(view(db), db.Now(), 10)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(nos)
		return nos
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.HurryOrdersOn(tx, nil) })
	if list := due(); len(list) != 0 {
		t.Errorf("no bill hurried %v", list)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.HurryOrdersOn(tx, []string{b.ID}) })
	if diff := cmp.Diff([]string{on.No}, due()); diff != "" {
		t.Error(diff)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		n, err := money.HurryPending(tx)
		if n != 1 { // WeChat knows only the one that it has answered
			t.Errorf("%d hurried, want 1", n)
		}
		return err
	})
	if diff := cmp.Diff([]string{on.No, placed.No}, due()); diff != "" {
		t.Error(diff)
	}
}

// The orders of a room, and those on a bill, by which money may be on its way.
func TestOrdersWithMoneyOnItsWay(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	bills := []fees.Bill{modelstest.Bill(t, db, r), modelstest.Bill(t, db, r), modelstest.Bill(t, db, r)}
	in := func(status string, atWechat bool, b ...fees.Bill) money.Order {
		o := newOrder(t, db, r, b, func(o *money.Order) { o.Status, o.ClosedAtWechat = status, atWechat })
		if status != money.OrderPending {
			modelstest.Write(t, db, func(tx *store.Tx) error { return money.ReleaseClaims(tx, o.No) })
		}
		return o
	}
	doubtful := in(money.OrderClosed, false, bills[0])
	pending := in(money.OrderPending, false, bills[0])
	exception := in(money.OrderException, false, bills[1])
	in(money.OrderClosed, true, bills[2])
	in(money.OrderPaid, false)
	in(money.OrderRefunded, false)
	newOrder(t, db, modelstest.Room(t, db), nil)

	open, err := money.OpenOrdersOfRoom(view(db), r.ID)
	if diff := cmp.Diff([]string{pending.No}, open); diff != "" || err != nil {
		t.Errorf("OpenOrdersOfRoom: %v\n%s", err, diff)
	}
	unsettled, err := money.UnsettledOrders(view(db), r.ID)
	want := []money.UnsettledOrder{
		{No: doubtful.No, Status: money.OrderClosed}, {No: pending.No, Status: money.OrderPending},
		{No: exception.No, Status: money.OrderException},
	}
	if diff := cmp.Diff(want, unsettled); diff != "" || err != nil {
		t.Errorf("UnsettledOrders: %v\n%s", err, diff)
	}
	ids := []string{bills[0].ID, bills[1].ID, bills[2].ID}
	atWechat, err := money.OrdersAtWechatOn(view(db), ids)
	if diff := cmp.Diff([]string{doubtful.No, pending.No}, atWechat); diff != "" || err != nil {
		t.Errorf("OrdersAtWechatOn: %v\n%s", err, diff)
	}
	if none, err := money.OrdersAtWechatOn(view(db), nil); len(none) != 0 || err != nil {
		t.Errorf("on no bill: %v, %v", none, err)
	}
}

// The metrics count orders by state and know the oldest pending one.
func TestOrderCounts(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	if counts, oldest, err := money.OrderCounts(view(db)); len(counts) != 0 || !oldest.IsZero() || err != nil {
		t.Errorf("of none: %v, %v, %v", counts, oldest, err)
	}
	r := modelstest.Room(t, db)
	old := newOrder(t, db, r, nil, func(o *money.Order) { o.CreatedAt = models.At(db.Now().Add(-time.Hour)) })
	newOrder(t, db, r, nil)
	newOrder(t, db, r, nil, func(o *money.Order) { o.Status, o.CreatedAt = money.OrderPaid, models.At(db.Now().Add(-2*time.Hour)) })
	counts, oldest, err := money.OrderCounts(view(db))
	if diff := cmp.Diff(map[string]int64{money.OrderPending: 2, money.OrderPaid: 1}, counts); diff != "" ||
		!oldest.Equal(old.CreatedAt.Time) || err != nil {
		t.Errorf("oldest %v, %v\n%s", oldest, err, diff)
	}
}
