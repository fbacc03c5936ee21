package money_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// A refund is read as it was written, by each of the doors; a form asks once.
func TestRefundRoundTrip(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	p := newPayment(t, db, modelstest.Room(t, db))
	form := models.NewID()
	want := newRefund(t, db, p, func(r *money.Refund) { r.FormKey, r.RequestID = &form, models.NewID() })
	modelstest.Write(t, db, func(tx *store.Tx) error {
		locked, err := money.LockRefund(tx, want.No)
		if diff := cmp.Diff(want, locked); diff != "" {
			t.Error(diff)
		}
		return err
	})
	for door, find := range map[string]func() (money.Refund, error){
		"number": func() (money.Refund, error) { return money.RefundByNo(view(db), want.No) },
		"form":   func() (money.Refund, error) { return money.RefundByForm(view(db), form) },
	} {
		got, err := find()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("by %s: %v\n%s", door, err, diff)
		}
	}
	for door, find := range map[string]func() ([]money.Refund, error){
		"order":   func() ([]money.Refund, error) { return money.RefundsOfOrder(view(db), want.OrderNo) },
		"request": func() ([]money.Refund, error) { return money.RefundsOfRequest(view(db), want.RequestID) },
	} {
		got, err := find()
		if diff := cmp.Diff([]money.Refund{want}, got); diff != "" || err != nil {
			t.Errorf("of the %s: %v\n%s", door, err, diff)
		}
	}
	by, err := money.RefundsOfOrders(view(db), []string{want.OrderNo, models.NewID()})
	if diff := cmp.Diff(map[string][]money.Refund{want.OrderNo: {want}}, by); diff != "" || err != nil {
		t.Errorf("RefundsOfOrders: %v\n%s", err, diff)
	}
	if by, err := money.RefundsOfOrders(view(db), nil); len(by) != 0 || err != nil {
		t.Errorf("of no order: %v, %v", by, err)
	}
	again := want
	again.No = models.NewID()
	is(t, "the form again", write(db, func(tx *store.Tx) error { return money.InsertRefund(tx, &again, nil) }), money.ErrRefundExists)
	_, err = money.RefundByNo(view(db), "退款单")
	is(t, "no number", err, models.ErrNotFound)
	_, err = money.RefundByForm(view(db), "another")
	is(t, "no form", err, models.ErrNotFound)
	_, err = money.LockRefund(view(db), models.NewID())
	is(t, "no refund", err, models.ErrNotFound)
}

// SaveRefund keeps all that may change, and only from the state that was read.
func TestSaveRefund(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := newRefund(t, db, newPayment(t, db, modelstest.Room(t, db)))
	part, id := 3, "5030"
	r.Status, r.Decided, r.Note, r.DecidedAt = money.RefundSending, models.Actor{Kind: models.ActorStaff, ID: "s2", Name: "乙"}, "同意",
		db.Now()
	r.Part, r.RefundID, r.Request, r.Fault, r.Checks, r.NextCheckAt = &part, &id, "{}", "FREQ", 2, db.Now()
	r.SentAt, r.HandName, r.HandNote = db.Now(), "丙", "现金"
	save := func(was string) error {
		return write(db, func(tx *store.Tx) error { return money.SaveRefund(tx, was, &r) })
	}
	if err := save(money.RefundProcessing); err == nil {
		t.Error("saved from a state that it was not in")
	}
	is(t, "from the state read", save(money.RefundAsked), nil)
	got, err := money.RefundByNo(view(db), r.No)
	if diff := cmp.Diff(r, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return money.PostponeRefund(tx, r.No, r.Status, "SLOW", models.At(tx.Now.Add(time.Hour)))
	})
	if got, err = money.RefundByNo(view(db), r.No); got.Checks != 3 || got.Fault != "SLOW" ||
		got.NextCheckAt != models.At(db.Now().Add(time.Hour)) || err != nil {
		t.Errorf("postponed: %+v, %v", got, err)
	}
}

// Whether money may be moving, and whether WeChat's word is missing.
func TestRefundStates(t *testing.T) {
	t.Parallel()
	later := models.At(modelstest.Start)
	for _, tt := range []struct {
		r                  money.Refund
		underWay, doubtful bool
	}{
		{money.Refund{Status: money.RefundAsked}, false, false},
		{money.Refund{Status: money.RefundRejected}, false, false},
		{money.Refund{Status: money.RefundSending}, true, false},
		{money.Refund{Status: money.RefundProcessing}, true, false},
		{money.Refund{Status: money.RefundAbnormal}, true, false},
		{money.Refund{Status: money.RefundSuccess, NextCheckAt: later}, false, false},
		{money.Refund{Status: money.RefundClosed, NextCheckAt: later}, false, true},
		{money.Refund{Status: money.RefundClosed}, false, false},
		{money.Refund{Status: money.RefundClosed, NextCheckAt: later, Channel: money.ChannelHand}, false, false},
		{money.Refund{Status: money.RefundClosed, NextCheckAt: later, Fault: money.RefundFaultClosed}, false, false},
	} {
		if tt.r.UnderWay() != tt.underWay || tt.r.Doubtful() != tt.doubtful {
			t.Errorf("%+v: under way %v, doubtful %v", tt.r, tt.r.UnderWay(), tt.r.Doubtful())
		}
	}
}

// Lines are numbered from 1, can be replaced, and count as held while their refund may
// still take them.
func TestRefundLines(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	b := modelstest.Bill(t, db, r)
	p := newPayment(t, db, r, func(p *money.Payment) { p.AmountFen = 1000 })
	asked := newRefund(t, db, p)
	lines := []money.RefundLine{{BillID: b.ID, PrincipalFen: 60, LateFeeFen: 10}, {Item: "水费", PrepaidFen: 30}}
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.ReplaceRefundLines(tx, asked.No, lines) })
	got, err := money.RefundLines(view(db), asked.No)
	want := []money.RefundLine{
		{RefundNo: asked.No, Number: 1, BillID: b.ID, PrincipalFen: 60, LateFeeFen: 10}, {RefundNo: asked.No, Number: 2, Item: "水费",
			PrepaidFen: 30},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil || got[0].TotalFen() != 70 || got[1].TotalFen() != 30 {
		t.Errorf("%v\n%s", err, diff)
	}
	newRefund(t, db, p, func(r *money.Refund) { r.Status = money.RefundClosed })
	newRefund(t, db, p, func(r *money.Refund) { r.Status = money.RefundSuccess })
	sending := newRefund(t, db, p, func(r *money.Refund) { r.Status = money.RefundSending })
	for but, want := range map[string][]string{
		"":         {asked.No + " asked", asked.No + " asked", sending.No + " sending"},
		asked.No:   {sending.No + " sending"},
		sending.No: {asked.No + " asked", asked.No + " asked"},
	} {
		held, err := money.HeldLines(view(db), p.ID, but)
		var have []string
		for _, h := range held {
			have = append(have, h.RefundNo+" "+h.Status)
		}
		if diff := cmp.Diff(want, have); diff != "" || err != nil {
			t.Errorf("but %q: %v\n%s", but, err, diff)
		}
	}
	if moving, err := money.BillRefunding(view(db), b.ID); moving || err != nil {
		t.Errorf("asked for: moving %v, %v", moving, err)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return money.ReplaceRefundLines(tx, sending.No, []money.RefundLine{{BillID: b.ID, PrincipalFen: 100}})
	})
	if moving, err := money.BillRefunding(view(db), b.ID); !moving || err != nil {
		t.Errorf("sending: moving %v, %v", moving, err)
	}
	for no, want := range map[string]bool{sending.No: true, p.ID: false, "": false} {
		if borne, err := money.BorneByCompany(view(db), no); borne != want || err != nil {
			t.Errorf("%q: borne %v, %v", no, borne, err)
		}
	}
}

// Held and refunded together are never more than the payment.
func TestRefundSum(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	p := newPayment(t, db, modelstest.Room(t, db))
	if s, err := money.RefundSumOf(view(db), p); (s != money.RefundSum{PaymentID: p.ID, AmountFen: 100}) || s.FreeFen() != 100 ||
		err != nil {
		t.Errorf("never asked for: %+v, %v", s, err)
	}
	hold := func(n models.Fen) func(tx *store.Tx) (bool, error) {
		return func(tx *store.Tx) (bool, error) { return money.HoldRefund(tx, p, n) }
	}
	free := func(n models.Fen) func(tx *store.Tx) (bool, error) {
		return func(tx *store.Tx) (bool, error) {
			err := money.FreeRefund(tx, &money.Refund{PaymentID: p.ID, AmountFen: n})
			return err == nil, nil
		}
	}
	paid := func(n models.Fen) func(tx *store.Tx) (bool, error) {
		return func(tx *store.Tx) (bool, error) {
			err := money.CountRefunded(tx, &money.Refund{PaymentID: p.ID, AmountFen: n})
			return err == nil, nil
		}
	}
	for i, step := range []struct {
		do             func(tx *store.Tx) (bool, error)
		want           bool
		held, refunded models.Fen
	}{
		{hold(101), false, 0, 0}, {hold(60), true, 60, 0}, {hold(41), false, 60, 0}, {hold(40), true, 100, 0},
		{paid(60), true, 40, 60}, {free(41), false, 40, 60}, {free(40), true, 0, 60}, {paid(1), false, 0, 60}, {hold(41), false, 0, 60},
		{hold(40), true, 40, 60},
	} {
		var ok bool
		modelstest.Write(t, db, func(tx *store.Tx) (err error) {
			ok, err = step.do(tx)
			return err
		})
		s, err := money.RefundSumOf(view(db), p)
		if ok != step.want || s.HeldFen != step.held || s.RefundedFen != step.refunded || s.FreeFen() != 100-step.held-step.refunded ||
			err != nil {
			t.Errorf("step %d: %v, %+v, %v", i, ok, s, err)
		}
	}
	byHand := money.Payment{ID: models.NewID(), AmountFen: 100}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		held, err := money.HoldRefund(tx, byHand, 1)
		if held {
			t.Error("held of a payment without an order")
		}
		return err
	})
}

// An order is divided into 50 refunds at most, and two are not sent within a minute.
func TestRefundPartsAndSlots(t *testing.T) {
	t.Parallel()
	clock := modelstest.NewClock(modelstest.Start)
	db := modelstest.OpenAt(t, clock.Now)
	p := newPayment(t, db, modelstest.Room(t, db), func(p *money.Payment) { p.AmountFen = 300 })
	sending := func(r *money.Refund) { r.Status = money.RefundSending }
	first, second := newRefund(t, db, p, sending), newRefund(t, db, p, sending)
	for want := 1; want <= money.RefundParts+1; want++ {
		modelstest.Write(t, db, func(tx *store.Tx) error {
			n, err := money.TakeRefundPart(tx, p.ID)
			if n != want%(money.RefundParts+1) {
				t.Errorf("part %d, want %d or none", n, want)
			}
			return err
		})
	}
	for i, step := range []struct {
		r     *money.Refund
		after time.Duration
		want  bool
	}{
		{&first, 0, true}, {&second, 0, false}, {&second, money.RefundPause - time.Millisecond, false}, {&second, time.Millisecond, true},
		{&second, money.RefundPause, false}, // it has its slot
	} {
		clock.Advance(step.after)
		modelstest.Write(t, db, func(tx *store.Tx) error {
			ok, err := money.ClaimRefundSlot(tx, step.r)
			if ok != step.want || ok && step.r.SentAt != tx.Now {
				t.Errorf("step %d: %v, sent at %v", i, ok, step.r.SentAt)
			}
			return err
		})
	}
}

// Each filter of the staff's list chooses its refunds.
func TestListedRefunds(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	mine := modelstest.Room(t, db, func(r *estate.Room) { r.Steward = "管家" })
	other := modelstest.Room(t, db)
	id := "50300000"
	asked := newRefund(t, db, newPayment(t, db, mine))
	done := newRefund(t, db, newPayment(t, db, mine), func(r *money.Refund) { r.Status, r.RefundID = money.RefundSuccess, &id })
	stuck := newRefund(t, db, newPayment(t, db, other), func(r *money.Refund) { r.Status = money.RefundAbnormal })
	all := office.AllRooms()
	for name, tt := range map[string]struct {
		filter money.RefundFilter
		want   []string
	}{
		"all":            {money.RefundFilter{Scope: all}, []string{stuck.No, done.No, asked.No}},
		"the page after": {money.RefundFilter{Scope: all, After: stuck.No}, []string{done.No, asked.No}},
		"a page":         {money.RefundFilter{Scope: all, Limit: 1}, []string{stuck.No}},
		"state":          {money.RefundFilter{Scope: all, Status: money.RefundAsked}, []string{asked.No}},
		"open":           {money.RefundFilter{Scope: all, Open: true}, []string{stuck.No, asked.No}},
		"number":         {money.RefundFilter{Scope: all, Number: asked.No}, []string{asked.No}},
		"order":          {money.RefundFilter{Scope: all, Number: stuck.OrderNo}, []string{stuck.No}},
		"WeChat's id":    {money.RefundFilter{Scope: all, Number: id}, []string{done.No}},
		"no number":      {money.RefundFilter{Scope: all, Number: "王小明"}, nil},
		"room":           {money.RefundFilter{Scope: all, RoomID: other.ID}, []string{stuck.No}},
		"steward":        {money.RefundFilter{Scope: steward.Scope()}, []string{done.No, asked.No}},
		"nobody":         {money.RefundFilter{}, nil},
	} {
		f := tt.filter
		if f.Limit == 0 {
			f.Limit = 10
		}
		list, err := money.ListedRefunds(view(db), f)
		var nos []string
		for _, r := range list {
			nos = append(nos, r.No)
			if r.Room.ID != r.RoomID || r.Room.Code == "" {
				t.Errorf("%s: the room of %s is %+v", name, r.No, r.Room)
			}
		}
		if diff := cmp.Diff(tt.want, nos); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	if got, err := money.ScopedRefund(view(db), steward.Scope(), asked.No); err != nil || cmp.Diff(asked, got.Refund) != "" {
		t.Errorf("%+v, %v", got, err)
	}
	_, err := money.ScopedRefund(view(db), steward.Scope(), stuck.No)
	is(t, "another's", err, models.ErrNotFound)
}

// WeChat is asked about refunds under way and those closed without its word, but by hand
// nobody is; and the dashboard counts those that wait for somebody.
func TestRefundsToCheckAndWaiting(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	now := db.Now()
	in := func(status string, with ...func(*money.Refund)) money.Refund {
		return newRefund(t, db, newPayment(t, db, r), append([]func(*money.Refund){func(r *money.Refund) {
			r.Status, r.NextCheckAt, r.DecidedAt = status, now, now
		}}, with...)...)
	}
	in(money.RefundAsked)
	in(money.RefundSuccess)
	in(money.RefundClosed, func(r *money.Refund) { r.Fault = money.RefundFaultClosed })
	in(money.RefundSending, func(r *money.Refund) { r.Channel = money.ChannelHand })
	in(money.RefundProcessing, func(r *money.Refund) { r.NextCheckAt = models.At(now.Add(time.Millisecond)) })
	in(money.RefundAbnormal, func(r *money.Refund) { r.NextCheckAt = models.Time{} })
	day := 24 * time.Hour
	sending := in(money.RefundSending, func(r *money.Refund) { r.DecidedAt = models.At(now.Add(-day)) })
	stuck := in(money.RefundSending, func(r *money.Refund) { r.DecidedAt = models.At(now.Add(-day - time.Millisecond)) })
	closed := in(money.RefundClosed, func(r *money.Refund) { r.NextCheckAt = models.At(now.Add(-time.Minute)) })

	nos, err := money.RefundsToCheck(view(db), now, 10)
	if diff := cmp.Diff([]string{closed.No, sending.No, stuck.No}, nos); diff != "" || err != nil {
		t.Errorf("RefundsToCheck: %v\n%s", err, diff)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.ConfirmRefundClosed(tx, closed.No) })
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.ConfirmRefundClosed(tx, sending.No) }) // it is not closed
	nos, err = money.RefundsToCheck(view(db), now, 1)
	if diff := cmp.Diff([]string{sending.No}, nos); diff != "" || err != nil {
		t.Errorf("the first, after WeChat's word on another: %v\n%s", err, diff)
	}
	waiting, err := money.CountWaitingRefunds(view(db))
	if (waiting != money.WaitingRefunds{Asked: 1, ByHand: 1, Abnormal: 1, Stuck: 1}) || waiting.Total() != 4 || err != nil {
		t.Errorf("CountWaitingRefunds: %+v, %v", waiting, err)
	}
}

// Reconciliation sees refunds by the day on which WeChat accepted them, in its words.
func TestRefundsOfADay(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	id := "50301"
	accepted := func(at time.Time, status string, with ...func(*money.Refund)) money.Refund {
		x := newRefund(t, db, newPayment(t, db, r), append(with, func(r *money.Refund) { r.Status = status })...)
		modelstest.Write(t, db, func(tx *store.Tx) error { return money.NoteRefundAccepted(tx, x.No, models.At(at)) })
		return x
	}
	start, end := today.Start(), (today + 1).Start()
	first := accepted(start, money.RefundSuccess, func(r *money.Refund) { r.RefundID = &id })
	last := accepted(end.Add(-time.Millisecond), money.RefundSending)
	byHand := accepted(start, money.RefundSuccess, func(r *money.Refund) { r.HandName = "丙" })
	accepted(end, money.RefundProcessing)
	accepted(start, money.RefundSuccess, func(r *money.Refund) { r.Merchant = "branch" })
	accepted(start, money.RefundSending, func(r *money.Refund) { r.Channel = money.ChannelHand })
	asked := newRefund(t, db, newPayment(t, db, r))
	sent := newRefund(t, db, newPayment(t, db, r), func(r *money.Refund) { r.Status = money.RefundClosed })

	modelstest.Write(t, db, func(tx *store.Tx) error { return money.NoteRefundAccepted(tx, first.No, models.At(end)) }) // known already
	want := map[string]money.RefundOfDay{
		first.No:  {RefundNo: first.No, RefundID: id, OrderNo: first.OrderNo, AmountFen: 100, Status: "SUCCESS", On: today},
		last.No:   {RefundNo: last.No, OrderNo: last.OrderNo, AmountFen: 100, Status: "PROCESSING", On: today},
		byHand.No: {RefundNo: byHand.No, OrderNo: byHand.OrderNo, AmountFen: 100, Status: "ABNORMAL", On: today},
	}
	seen := map[string]money.RefundOfDay{}
	err := money.EachRefundOfDay(view(db), "main", today, func(r money.RefundOfDay) error {
		seen[r.RefundNo] = r
		return nil
	})
	if diff := cmp.Diff(want, seen); diff != "" || err != nil {
		t.Errorf("EachRefundOfDay: %v\n%s", err, diff)
	}
	one, err := money.RefundOfDayByNo(view(db), sent.No)
	if (one != money.RefundOfDay{RefundNo: sent.No, OrderNo: sent.OrderNo, AmountFen: 100, Status: "CLOSED"}) || err != nil {
		t.Errorf("of an unknown day: %+v, %v", one, err)
	}
	for name, no := range map[string]string{"never sent": asked.No, "none": models.NewID(), "no number": "退款"} {
		_, err := money.RefundOfDayByNo(view(db), no)
		is(t, name, err, models.ErrNotFound)
	}
}
