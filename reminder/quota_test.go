package reminder_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
	"wuyepay/reminder"
)

func TestAnswersOfThePhone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t, monday)
	u := w.person(nil)
	for _, answers := range []map[string]string{
		{"overdue": "accept", "due_soon": "reject", "payment_received": "accept"},
		{"overdue": "accept", "due_soon": "ban", "payment_received": "filter"},
		{"overdue": "reject", "bill_ready": "acceptWithAudio", "request_decided": ""},
		{},
	} {
		if err := w.svc.RecordAnswers(ctx, u.ID, answers); err != nil {
			t.Fatal(err)
		}
	}
	list, err := w.svc.Subscriptions(ctx, u.ID)
	if err != nil {
		t.Fatal(err)
	}
	id := w.sb.Credentials().Templates
	want := []reminder.Subscription{
		{Key: "bill_ready", TemplateID: id["bill_ready"], Remaining: 0},
		{Key: "due_soon", TemplateID: id["due_soon"], Remaining: 0},
		{Key: "overdue", TemplateID: id["overdue"], Remaining: 2},
		{Key: "payment_received", TemplateID: id["payment_received"], Remaining: 1},
		{Key: "request_decided", TemplateID: id["request_decided"], Remaining: 0},
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("want (-), have (+)\n%s", diff)
	}
	w.left(u, "overdue")

	err = w.svc.RecordAnswers(ctx, u.ID, map[string]string{"bill_ready": "accept", "tmpl-id-1": "accept"})
	refusal, ok := models.AsError(err)
	if !ok || refusal.Kind != models.KindInvalid || !cmp.Equal(refusal.Details, []any{map[string]string{"template": "tmpl-id-1"}}) {
		t.Errorf("unknown key: %#v", err)
	}
	if w.left(u, "bill_ready") != 0 {
		t.Error("a refused answer granted something")
	}
}

// Two processes on one database pass at once, again and again: exactly one message
// a room, and each agreement is spent once.
func TestTwoPassesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	const rooms = 12
	var users []estate.User
	for range rooms {
		room := modelstest.Room(t, w.db)
		users = append(users, w.person(map[string]int{"overdue": 2}, room))
		w.bill(room, "2026-03-15")
	}
	other := modelstest.OpenConfig(t, w.cfg, w.clock.Now)
	var group sync.WaitGroup
	for _, svc := range []*reminder.Service{w.svc, w.service(other), w.service(other)} {
		for range 2 {
			group.Go(func() {
				if _, err := svc.Pass(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()
	for _, u := range users {
		if n := len(w.sb.Messages(u.OpenID)); n != 1 {
			t.Errorf("%d messages to one person", n)
		}
		if left := w.left(u, "overdue"); left != 1 {
			t.Errorf("left %d, want 1", left)
		}
	}
}

// One agreement, two rooms in arrears, two processes: one message, and nothing
// below zero.
func TestTheLastAgreementIsSpentOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	first, second := modelstest.Room(t, w.db), modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 1}, first, second)
	w.bill(first, "2026-03-15")
	w.bill(second, "2026-03-15")
	if r := w.queue(); r.Queued != 2 {
		t.Fatalf("%+v", r)
	}
	other := w.service(modelstest.OpenConfig(t, w.cfg, w.clock.Now))
	var group sync.WaitGroup
	for _, svc := range []*reminder.Service{w.svc, other} {
		group.Go(func() {
			if _, err := svc.Drain(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	w.wantGot("overdue")
	if w.left(u, "overdue") != 0 {
		t.Errorf("left %d", w.left(u, "overdue"))
	}
	// The other room's step is still open: it is done once they agree again.
	w.agree(u, "overdue")
	w.pass()
	w.wantGot("overdue", "overdue")
	w.pass()
	w.wantGot("overdue", "overdue")
}

// Our count is higher than WeChat's: 43101 brings it to nothing and is not
// repeated; a new agreement opens the step again.
func TestUsedUpAtWeChat(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(nil, room)
	w.bill(room, "2026-03-15")
	for range 3 {
		if err := w.svc.RecordAnswers(ctx, u.ID, map[string]string{"overdue": "accept"}); err != nil {
			t.Fatal(err)
		}
	}
	r := w.pass()
	if r.Skipped["not_subscribed"] != 1 || w.left(u, "overdue") != 0 {
		t.Errorf("%+v, left %d", r, w.left(u, "overdue"))
	}
	entries, err := messages.SubscriptionEntries(w.db.View(ctx), u.ID, "overdue")
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range entries {
		have = append(have, e.Reason)
	}
	if diff := cmp.Diff([]string{"granted", "granted", "granted", "reserved", "used_up"}, have); diff != "" {
		t.Error(diff)
	}
	if r := w.pass(); r.Queued != 0 || r.Unreachable != 1 {
		t.Errorf("%+v", r)
	}
	w.wantGot()
	w.agree(u, "overdue")
	w.pass()
	w.wantGot("overdue")
}

// Who gets a room's reminder: everybody bound who agreed, of whatever role, at one
// time; who agrees later, the next day; nobody twice.
func TestEverybodyBoundIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	parent := w.person(map[string]int{"overdue": 2}, room)
	child := w.person(map[string]int{"overdue": 2})
	late := w.person(nil, room)
	modelstest.Write(t, w.db, func(tx *store.Tx) error {
		return estate.Bind(tx, modelstest.Actor, child.ID, room.ID, estate.RolePayer, "test")
	})
	w.bill(room, "2026-03-15")
	r := w.pass()
	if r.Due != 1 || r.Queued != 2 || r.Sent != 2 {
		t.Errorf("%+v", r)
	}
	w.agree(late, "overdue")
	if r := w.pass(); r.Queued != 0 || r.Limited != 1 {
		t.Errorf("%+v", r)
	}
	w.clock.Advance(24 * time.Hour)
	w.pass()
	w.pass()
	for name, u := range map[string]estate.User{"parent": parent, "child": child, "late": late} {
		if n := len(w.sb.Messages(u.OpenID)); n != 1 {
			t.Errorf("%s: %d messages", name, n)
		}
	}
}

func TestUnreachableRoomsAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	alone, silent, wrong, fine := modelstest.Room(t, w.db), modelstest.Room(t, w.db), modelstest.Room(t, w.db), modelstest.Room(t, w.db)
	w.person(nil, silent)
	w.person(map[string]int{"due_soon": 1}, wrong) // of another template
	w.person(map[string]int{"overdue": 1}, fine)
	for _, r := range []estate.Room{alone, silent, wrong, fine} {
		w.bill(r, "2026-03-15")
	}
	modelstest.Room(t, w.db) // owes nothing
	r := w.pass()
	if r.Due != 4 || r.Unreachable != 3 || r.Queued != 1 || r.Sent != 1 {
		t.Errorf("%+v", r)
	}
	if r := w.pass(); r.Unreachable != 3 { // the one that was told is not among them
		t.Errorf("%+v", r)
	}
}

// Whatever happens in whatever order, the ledger's sum is what is left, and it is
// never negative.
func TestLedgerSumIsWhatIsLeft(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := modelstest.Open(t)
	rapid.Check(t, func(rt *rapid.T) {
		u := modelstest.User(t, db)
		want := 0
		for range rapid.IntRange(1, 12).Draw(rt, "events") {
			event := rapid.IntRange(0, 4).Draw(rt, "event")
			rollback := errors.New("roll back")
			err := db.Write(ctx, func(tx *store.Tx) error {
				switch event {
				case 0:
					return messages.AddSubscription(tx, u.ID, "overdue", 1, messages.QuotaGranted, "")
				case 1:
					return messages.AddSubscription(tx, u.ID, "overdue", 1, messages.QuotaReturned, "n")
				case 2:
					ok, err := messages.TakeSubscription(tx, u.ID, "overdue", "n")
					if ok != (want > 0) {
						rt.Fatalf("taken %v with %d left", ok, want)
					}
					return err
				case 3:
					return messages.EmptySubscription(tx, u.ID, "overdue", "n")
				}
				if _, err := messages.TakeSubscription(tx, u.ID, "overdue", "n"); err != nil {
					return err
				}
				return rollback
			})
			if err != nil && !errors.Is(err, rollback) {
				rt.Fatal(err)
			}
			switch event {
			case 0, 1:
				want++
			case 2:
				want = max(0, want-1)
			case 3:
				want = 0
			}
			left, err := messages.Subscriptions(db.View(ctx), u.ID)
			if err != nil || left["overdue"] != want {
				rt.Fatalf("want %d, have %v, %v", want, left, err)
			}
			entries, err := messages.SubscriptionEntries(db.View(ctx), u.ID, "overdue")
			sum := 0
			for _, e := range entries {
				sum += e.Delta
			}
			if err != nil || sum != want {
				rt.Fatalf("the ledger says %d, want %d, %v", sum, want, err)
			}
		}
	})
	wrongQuotas(t, db)
}
