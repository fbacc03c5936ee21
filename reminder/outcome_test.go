package reminder_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
	"wuyepay/reminder"
	"wuyepay/sandbox"
)

// dun is a world with one room in arrears and one person with two agreements.
func dun(t *testing.T) (*world, estate.Room, estate.User) {
	t.Helper()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 2}, room)
	w.bill(room, "2026-03-15")
	return w, room, u
}

// Whether WeChat took the message is not known: it is never sent again, and the
// agreement stays spent.
func TestUnknownOutcomeIsNeverRepeated(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind    sandbox.FaultKind
		arrived int
	}{
		{sandbox.FaultTimeoutAfter, 1}, {sandbox.FaultTimeoutBefore, 0}, {sandbox.FaultCutAfter, 1}, {sandbox.FaultCutBefore, 0},
		{sandbox.FaultTruncated, 1}, {sandbox.FaultBadGatewayAfter, 1},
	}
	for _, tt := range tests {
		t.Run(string(tt.kind), func(t *testing.T) {
			t.Parallel()
			w, room, u := dun(t)
			w.inject(sandbox.Fault{Kind: tt.kind, Delay: hangs})
			patient := w.svc
			if tt.kind == sandbox.FaultTimeoutAfter || tt.kind == sandbox.FaultTimeoutBefore {
				w.patience = 5 * time.Second // by then the message has long arrived
				w.svc = w.service(w.db)
			}
			r := w.pass()
			w.svc = patient
			if r.Failed["unknown"] != 1 || r.Sent != 0 {
				t.Errorf("%+v", r)
			}
			for range 4 { // the same afternoon and the next days of the same step
				w.real.Advance(3 * time.Hour)
				w.drain()
				w.pass()
				w.clock.Advance(24 * time.Hour)
			}
			if n := len(w.sb.Messages(u.OpenID)); n != tt.arrived {
				t.Errorf("%d messages, want %d", n, tt.arrived)
			}
			if w.left(u, "overdue") != 1 {
				t.Errorf("left %d", w.left(u, "overdue"))
			}
			if diff := cmp.Diff([]string{"overdue_1 failed unknown"}, w.notices(room)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An errcode proves that the message was not taken: the agreement is given back
// and the message is tried again later, and arrives once.
func TestCertainFailureIsTriedAgain(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		fault sandbox.Fault
	}{
		{"busy", sandbox.Fault{Kind: sandbox.FaultSystemError}},
		{"too many calls", sandbox.Fault{Kind: sandbox.FaultFrequency}},
		{"two at once to one person", sandbox.Fault{Kind: sandbox.FaultError, ErrCode: 43108}},
		{"address not on the list", sandbox.Fault{Kind: sandbox.FaultError, ErrCode: 40164}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, room, u := dun(t)
			w.inject(tt.fault)
			w.pass()
			w.wantGot()
			if w.left(u, "overdue") != 2 {
				t.Errorf("left %d", w.left(u, "overdue"))
			}
			w.drain() // too early
			w.pass()
			w.wantGot()
			w.real.Advance(2 * time.Minute)
			if r := w.drain(); r.Sent != 1 {
				t.Errorf("%+v", r)
			}
			w.wantGot("overdue")
			if w.left(u, "overdue") != 1 {
				t.Errorf("left %d", w.left(u, "overdue"))
			}
			if diff := cmp.Diff([]string{"overdue_1 sent "}, w.notices(room)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// WeChat is busy all day: the tries end, nothing is spent, and the next day's pass
// makes up for it.
func TestTriesEndAndTheNextDayMakesUp(t *testing.T) {
	t.Parallel()
	w, room, u := dun(t)
	w.inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Times: 6})
	w.pass()
	for range 8 {
		w.real.Advance(time.Hour)
		w.drain()
	}
	w.pass()
	w.wantGot()
	if diff := cmp.Diff([]string{"overdue_1 failed unavailable"}, w.notices(room)); diff != "" {
		t.Error(diff)
	}
	if n := w.sb.Calls(sandbox.RouteSubscribe); n != 6 {
		t.Errorf("%d calls, want 6", n)
	}
	w.clock.Advance(24 * time.Hour)
	w.pass()
	w.wantGot("overdue")
	if w.left(u, "overdue") != 1 {
		t.Errorf("left %d", w.left(u, "overdue"))
	}
}

func TestRejectedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	w, _, u := dun(t)
	w.pass()
	w.clock.Set(at("2026-03-24 10:00"))
	w.sb.InvalidateTokens(40001)
	if r := w.pass(); r.Sent != 1 {
		t.Errorf("%+v", r)
	}
	if n := w.sb.Calls(sandbox.RouteSubscribe); n != 3 { // one, the rejected one, one
		t.Errorf("%d calls", n)
	}
	w.wantGot("overdue", "overdue")
	if w.left(u, "overdue") != 0 {
		t.Errorf("left %d", w.left(u, "overdue"))
	}
}

// Faults of configuration: failed, the agreement given back, one try a day, and
// what is put right is sent the next day.
func TestTemplateFaults(t *testing.T) {
	t.Parallel()
	w, room, u := dun(t)
	second := modelstest.Room(t, w.db)
	w.person(map[string]int{"overdue": 1}, second)
	w.bill(second, "2026-03-15")
	right := w.conf.Templates["overdue"]
	w.conf.Templates["overdue"] = reminder.Template{ID: "no-such-template", Keywords: right.Keywords}
	w.svc = w.service(w.db, reminder.Workers(1))
	r := w.pass()
	if r.Failed["template"] != 1 || r.Queued != 2 { // after the first the template rests
		t.Errorf("%+v", r)
	}
	if n := w.sb.Calls(sandbox.RouteSubscribe); n != 1 {
		t.Errorf("%d calls", n)
	}
	if w.left(u, "overdue") != 2 {
		t.Errorf("left %d", w.left(u, "overdue"))
	}
	w.conf.Templates["overdue"] = right
	w.svc = w.service(w.db)
	w.pass()
	w.wantGot("overdue") // the second room
	w.clock.Advance(24 * time.Hour)
	w.pass()
	w.wantGot("overdue", "overdue")
	if diff := cmp.Diff([]string{"overdue_1 failed template", "overdue_1 sent "}, w.notices(room)); diff != "" {
		t.Error(diff)
	}
}

func TestValueNotAccepted(t *testing.T) {
	t.Parallel()
	w, room, u := dun(t)
	w.inject(sandbox.Fault{Kind: sandbox.FaultError, ErrCode: 47003})
	if r := w.pass(); r.Failed["template"] != 1 || w.left(u, "overdue") != 2 {
		t.Errorf("%+v, left %d", r, w.left(u, "overdue"))
	}
	if diff := cmp.Diff([]string{"overdue_1 failed template"}, w.notices(room)); diff != "" {
		t.Error(diff)
	}
}

// A process dies between claim and outcome: the claim runs out as unknown, and the
// message is not sent by anybody else.
func TestCrashBetweenClaimAndOutcome(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w, room, u := dun(t)
	w.queue()
	dead := w.service(w.db)
	if ok, err := dead.ClaimOnly(ctx, "overdue"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	w.pass()
	w.wantGot()
	if diff := cmp.Diff([]string{"overdue_1 sending "}, w.notices(room)); diff != "" {
		t.Error(diff)
	}
	w.real.Advance(3 * time.Minute)
	if r := w.pass(); r.Failed["unknown"] != 1 || r.Queued != 0 {
		t.Errorf("%+v", r)
	}
	w.clock.Advance(24 * time.Hour)
	w.pass()
	w.wantGot()
	if w.left(u, "overdue") != 1 {
		t.Errorf("left %d", w.left(u, "overdue"))
	}
	if diff := cmp.Diff([]string{"overdue_1 failed unknown"}, w.notices(room)); diff != "" {
		t.Error(diff)
	}
}

// An outage spends three messages at most; the others wait and go out afterwards.
func TestOutageSpendsFewAgreements(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday, reminder.Workers(1))
	const rooms = 10
	for range rooms {
		room := modelstest.Room(t, w.db)
		w.person(map[string]int{"overdue": 1}, room)
		w.bill(room, "2026-03-15")
	}
	w.inject(sandbox.Fault{Kind: sandbox.FaultCutBefore, Times: 100})
	if r := w.pass(); r.Failed["unknown"] != 3 || r.Queued != rooms {
		t.Errorf("%+v", r)
	}
	w.drain()
	if n := w.sb.Calls(sandbox.RouteSubscribe); n != 3 {
		t.Errorf("%d calls during the outage", n)
	}
	w.real.Advance(2 * time.Minute)
	if r := w.drain(); r.Failed["unknown"] != 1 { // one tries its luck
		t.Errorf("%+v", r)
	}
	w.sb.ClearFaults()
	w.real.Advance(2 * time.Minute)
	if r := w.drain(); r.Sent != rooms-4 {
		t.Errorf("%+v", r)
	}
}

// Two processes saw different bills and queued different steps for a room: the
// person gets one message that day all the same.
func TestTwoStepsQueuedForOneDay(t *testing.T) {
	t.Parallel()
	w, room, u := dun(t)
	w.bill(room, "2026-03-14")
	w.queue()
	modelstest.Write(t, w.db, func(tx *store.Tx) error {
		return messages.QueueNotice(tx, &messages.Notice{
			Dedupe: "another", Template: "overdue", Step: "overdue_1", DueOn: models.MustDate("2026-03-14"), UserID: u.ID, RoomID: room.ID,
		})
	})
	if r := w.drain(); r.Sent != 1 || r.Skipped["limited"] != 1 {
		t.Errorf("%+v", r)
	}
	w.wantGot("overdue")
	if w.left(u, "overdue") != 1 {
		t.Errorf("left %d", w.left(u, "overdue"))
	}
}

// The whole of WeChat is away before a token could be had: nothing is spent.
func TestNoTokenSpendsNothing(t *testing.T) {
	t.Parallel()
	w, room, u := dun(t)
	for range 2 {
		if _, err := w.sb.Inject(sandbox.Fault{Kind: sandbox.FaultCutBefore, Route: sandbox.RouteStableToken}); err != nil {
			t.Fatal(err)
		}
	}
	if r := w.pass(); r.Deferred["unavailable"] != 1 || w.left(u, "overdue") != 2 {
		t.Errorf("%+v, left %d, %q", r, w.left(u, "overdue"), w.notices(room))
	}
	w.sb.ClearFaults()
	w.real.Advance(2 * time.Minute)
	w.drain()
	w.wantGot("overdue")
}

func TestDatabaseFailureIsReported(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	svc := w.service(modelstest.Broken(t))
	if _, err := svc.Pass(context.Background()); err == nil {
		t.Error("Pass on a broken database succeeded")
	}
	if _, err := svc.Drain(context.Background()); err == nil {
		t.Error("Drain on a broken database succeeded")
	}
	if _, err := svc.Subscriptions(context.Background(), "u"); err == nil {
		t.Error("Subscriptions on a broken database succeeded")
	}
}
