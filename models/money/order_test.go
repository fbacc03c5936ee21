package money_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// An order and its lines are read as they were written, by each of the doors.
func TestOrderRoundTrip(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	bills := []fees.Bill{modelstest.Bill(t, db, r), modelstest.Bill(t, db, r)}
	want := newOrder(t, db, r, bills, func(o *money.Order) { o.PrepayItem, o.SubMchID, o.ClosedAtWechat, o.Checks = "水费", "sub", true, 3 })
	got, err := money.OrderByNo(view(db), want.No)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("OrderByNo: %v\n%s", err, diff)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		locked, err := money.LockOrder(tx, want.No)
		if diff := cmp.Diff(want, locked); diff != "" {
			t.Error(diff)
		}
		return err
	})
	lines, err := money.OrderLines(view(db), want.No)
	if err != nil || len(lines) != 2 || lines[0].BillID != bills[0].ID || lines[0].TotalFen() != bills[0].PrincipalFen ||
		*lines[1].OpenBillID != bills[1].ID {
		t.Errorf("%+v, %v", lines, err)
	}
	by, err := money.LinesOfOrders(view(db), []money.Order{want})
	if diff := cmp.Diff(map[string][]money.OrderLine{want.No: lines}, by); diff != "" || err != nil {
		t.Errorf("LinesOfOrders: %v\n%s", err, diff)
	}
	settle, settlement, err := money.LinesToSettle(view(db), want.No)
	if diff := cmp.Diff(lines, settle); diff != "" || settlement == "" || err != nil {
		t.Errorf("LinesToSettle: %q, %v\n%s", settlement, err, diff)
	}
	_, err = money.OrderByNo(view(db), "业主")
	is(t, "a number that none can be", err, models.ErrNotFound)
	_, err = money.LockOrder(view(db), models.NewID())
	is(t, "no order", err, models.ErrNotFound)
}

// A bill is in one open order at most; when that ends it is free.
func TestBillIsInOneOpenOrder(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	b := modelstest.Bill(t, db, r)
	first := newOrder(t, db, r, []fees.Bill{b})
	second := first
	second.No = models.NewID()
	again := func(tx *store.Tx) error {
		return money.InsertOrder(tx, &second, []money.OrderLine{{BillID: b.ID, PrincipalFen: 1}})
	}
	is(t, "while the first is open", write(db, again), money.ErrBillClaimed)
	if _, err := money.OrderByNo(view(db), second.No); err == nil {
		t.Error("the refused order was kept")
	}
	claims, err := money.ClaimsOn(view(db), []string{b.ID})
	if diff := cmp.Diff([]string{first.No}, claims); diff != "" || err != nil {
		t.Errorf("ClaimsOn: %v\n%s", err, diff)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.ReleaseClaims(tx, first.No) })
	modelstest.Write(t, db, again)
	claims, err = money.ClaimsOn(view(db), []string{b.ID})
	if diff := cmp.Diff([]string{second.No}, claims); diff != "" || err != nil {
		t.Errorf("ClaimsOn: %v\n%s", err, diff)
	}
	if none, err := money.ClaimsOn(view(db), nil); len(none) != 0 || err != nil {
		t.Errorf("of no bill: %v, %v", none, err)
	}
}

// Each move starts from its own state, and from no other.
func TestOrderMoves(t *testing.T) {
	t.Parallel()
	states := []string{
		money.OrderPending, money.OrderPaid, money.OrderClosed, money.OrderException, money.OrderRefunding, money.OrderRefunded,
		money.OrderPartRefunded,
	}
	for name, m := range map[string]struct {
		from, to string
		move     func(tx *store.Tx, no string) (bool, error)
	}{
		"close": {money.OrderPending, money.OrderClosed, func(tx *store.Tx, no string) (bool, error) {
			return money.CloseOrder(tx, no,
				true, tx.Now)
		}},
		"exception": {money.OrderPending, money.OrderException, money.MarkException},
		"end":       {money.OrderException, money.OrderClosed, money.EndException},
		"prepay id": {money.OrderPending, money.OrderPending, func(tx *store.Tx, no string) (bool, error) {
			return money.KeepPrepayID(tx,
				no, "wx")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			r := modelstest.Room(t, db)
			for _, state := range states {
				o := newOrder(t, db, r, nil, func(o *money.Order) { o.Status = state })
				var moved bool
				modelstest.Write(t, db, func(tx *store.Tx) (err error) {
					moved, err = m.move(tx, o.No)
					return err
				})
				want := state
				if state == m.from {
					want = m.to
				}
				now, err := money.OrderByNo(view(db), o.No)
				if moved != (state == m.from) || now.Status != want || err != nil {
					t.Errorf("from %s: moved %v, now %s, %v", state, moved, now.Status, err)
				}
			}
		})
	}
}

// PayOrder pays from the state that was read; if that has changed, nothing is kept.
func TestPayOrder(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	o := newOrder(t, db, r, nil)
	stale := o
	pay := func(o *money.Order, transaction string) error {
		return write(db, func(tx *store.Tx) error { return money.PayOrder(tx, o, transaction, tx.Now) })
	}
	if err := pay(&o, "4200"); err != nil {
		t.Fatal(err)
	}
	now, err := money.OrderByNo(view(db), o.No)
	if diff := cmp.Diff(o, now); diff != "" || err != nil || now.Status != money.OrderPaid || now.TransactionID != "4200" {
		t.Errorf("%v\n%s", err, diff)
	}
	if err := pay(&stale, "4201"); err == nil {
		t.Error("an order was paid from a state that it had left")
	}
	if now, _ := money.OrderByNo(view(db), o.No); now.TransactionID != "4200" {
		t.Errorf("the transaction is %s", now.TransactionID)
	}
}

// A prepay id that comes late is kept with an order that has ended, too.
func TestSetPrepayIDKeepsTheState(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	o := newOrder(t, db, modelstest.Room(t, db), nil, func(o *money.Order) { o.Status = money.OrderPaid })
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.SetPrepayID(tx, o.No, "wx1") })
	if now, err := money.OrderByNo(view(db), o.No); now.PrepayID != "wx1" || now.Status != money.OrderPaid || now.PlacedAt.IsZero() ||
		err != nil {
		t.Errorf("%+v, %v", now, err)
	}
}

// A paid order is in the state that its refunds make of it.
func TestOrderRefundState(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	type refund struct {
		status string
		amount models.Fen
	}
	for _, tt := range []struct {
		want    string
		refunds []refund
	}{
		{money.OrderPaid, nil},
		{money.OrderPaid, []refund{{money.RefundAsked, 300}}},
		{money.OrderPaid, []refund{{money.RefundClosed, 300}, {money.RefundRejected, 300}}},
		{money.OrderRefunding, []refund{{money.RefundSending, 100}}},
		{money.OrderRefunding, []refund{{money.RefundSuccess, 200}, {money.RefundAbnormal, 100}}},
		{money.OrderPartRefunded, []refund{{money.RefundSuccess, 299}}},
		{money.OrderRefunded, []refund{{money.RefundSuccess, 299}, {money.RefundSuccess, 1}}},
	} {
		p := newPayment(t, db, r, func(p *money.Payment) { p.AmountFen = 300 })
		o := newOrder(t, db, r, nil, func(o *money.Order) { o.No, o.AmountFen, o.Status = *p.OrderNo, 300, money.OrderPaid })
		for _, x := range tt.refunds {
			newRefund(t, db, p, func(r *money.Refund) { r.Status, r.AmountFen, r.PrepaidFen = x.status, x.amount, x.amount })
		}
		modelstest.Write(t, db, func(tx *store.Tx) error { return money.OrderRefundState(tx, &o) })
		if now, err := money.OrderByNo(view(db), o.No); now.Status != tt.want || o.Status != tt.want || !now.WasPaid() || err != nil {
			t.Errorf("%v: %s, want %s, %v", tt.refunds, now.Status, tt.want, err)
		}
	}
}

// Whether an order's money is booked.
func TestWasPaid(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]bool{
		money.OrderPending: false, money.OrderClosed: false, money.OrderException: false,
		money.OrderPaid: true, money.OrderRefunding: true, money.OrderRefunded: true, money.OrderPartRefunded: true,
	} {
		if o := (money.Order{Status: state}); o.WasPaid() != want {
			t.Errorf("%s: %v", state, !want)
		}
	}
}

// An order is overtaken when a bill of it is settled, void or owes less than it pays.
func TestOrderOvertaken(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	for _, tt := range []struct {
		name string
		set  string // of the bill, after the order
		want bool
	}{
		{"as ordered", "updated_at = 1", false},
		{"settled", "status = 'paid', paid_principal_fen = principal_fen", true},
		{"void", "status = 'void'", true},
		{"a fen was paid", "status = 'partial', paid_principal_fen = 1", true},
		{"a fen was given up", "discount_fen = 1", true},
		{"owes more", "principal_fen = principal_fen + 1", false},
	} {
		b := modelstest.Bill(t, db, r)
		o := newOrder(t, db, r, []fees.Bill{b})
		set(t, db, "UPDATE bills SET "+tt.set+" WHERE id = ?", b.ID)
		if got, err := money.OrderOvertaken(view(db), o.No); got != tt.want || err != nil {
			t.Errorf("%s: %v, %v", tt.name, got, err)
		}
	}
}

// A user sees what the owner's other phone paid, a tenant only bills of their time, and
// nobody the order of another owner.
func TestOrderInSight(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	payer, family, stranger := modelstest.User(t, db, r), modelstest.User(t, db, r), modelstest.User(t, db, modelstest.Room(t, db))
	tenant := modelstest.User(t, db)
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return estate.Bind(tx, modelstest.Actor, tenant.ID, r.ID, estate.RoleTenant, "test")
	})
	of := func(o *money.Order) { o.UserID = payer.ID }
	billed := newOrder(t, db, r, []fees.Bill{modelstest.Bill(t, db, r)}, of)
	prepaid := newOrder(t, db, r, nil, of)
	for name, tt := range map[string]struct {
		user string
		want []string // newest first
	}{
		"payer":    {payer.ID, []string{prepaid.No, billed.No}},
		"family":   {family.ID, []string{prepaid.No, billed.No}},
		"stranger": {stranger.ID, nil},
	} {
		list, err := money.OrdersOfUser(view(db), tt.user, "", 10)
		if diff := cmp.Diff(tt.want, ordersNos(list)); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	for name, tt := range map[string]struct {
		user, no string
		want     bool
	}{
		"family, bill": {family.ID, billed.No, true}, "family, prepayment": {family.ID, prepaid.No, true},
		"stranger": {stranger.ID, billed.No, false}, "tenant, prepayment": {tenant.ID, prepaid.No, false},
		"no order": {family.ID, models.NewID(), false},
	} {
		if got, err := money.OrderInSight(view(db), tt.user, tt.no); got != tt.want || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	page, err := money.OrdersOfUser(view(db), payer.ID, prepaid.No, 10)
	if diff := cmp.Diff([]string{billed.No}, ordersNos(page)); diff != "" || err != nil {
		t.Errorf("after the newest: %v\n%s", err, diff)
	}
}
