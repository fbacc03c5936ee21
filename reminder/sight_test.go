package reminder_test

import (
	"context"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
)

// gotBy is how many messages reached a person, with the sum of the last.
func (w *world) gotBy(u estate.User) (n int, amount string) {
	list := w.sb.Messages(u.OpenID)
	if len(list) > 0 {
		amount = list[len(list)-1].Values["amount2"]
	}
	return len(list), amount
}

func (w *world) ownerOf(r estate.Room) estate.Owner {
	w.t.Helper()
	list, err := estate.RoomOwners(w.db.View(context.Background()), r.ID, w.db.Today())
	if err != nil || len(list) == 0 {
		w.t.Fatalf("%v %v", list, err)
	}
	return list[0]
}

// After a transfer the former owner is reminded of what they owe, and the new one
// of nothing that was before.
func TestTransferDividesReminders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	owner := w.ownerOf(room)
	former := w.person(map[string]int{"overdue": 1}, room)
	w.bill(room, "2026-03-15", func(b *fees.Bill) {
		b.OwnerID, b.PeriodStart, b.PeriodEnd = owner.ID, models.MustDate("2026-02-01"), models.MustDate("2026-02-28")
	})
	if _, err := billing.Transfer(context.Background(), w.db, modelstest.Actor, billing.TransferRequest{
		RoomID: room.ID, On: models.MustDate("2026-03-01"), Name: "李新", Phone: "13700000001", PrepaidTo: estate.PrepaidStays,
	}); err != nil {
		t.Fatal(err)
	}
	buyer := w.person(map[string]int{"overdue": 1}, room)
	r := w.pass()
	if n, amount := w.gotBy(former); n != 1 || amount != "110.35元" {
		t.Errorf("the former owner got %d messages, %s", n, amount)
	}
	if n, _ := w.gotBy(buyer); n != 0 || r.Unreachable != 0 {
		t.Errorf("the new owner got %d messages; %+v", n, r)
	}
}

// What is in the outbox when a room changes hands does not reach the wrong person.
func TestTransferBetweenQueueAndSend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	owner := w.ownerOf(room)
	former := w.person(map[string]int{"overdue": 1}, room)
	w.bill(room, "2026-03-15", func(b *fees.Bill) {
		b.OwnerID, b.PeriodStart, b.PeriodEnd = owner.ID, models.MustDate("2026-03-05"), models.MustDate("2026-03-31")
	})
	w.queue()
	if _, err := billing.Transfer(context.Background(), w.db, modelstest.Actor, billing.TransferRequest{
		RoomID: room.ID, On: models.MustDate("2026-03-01"), Name: "李新", PrepaidTo: estate.PrepaidStays,
	}); err != nil {
		t.Fatal(err)
	}
	if r := w.drain(); r.Skipped["settled"] != 1 {
		t.Errorf("%+v", r)
	}
	if n, _ := w.gotBy(former); n != 0 {
		t.Error("the former owner was reminded of the new owner's bill")
	}
}

// The tenant is told first of what they pay; the owner, who stays liable, hears of
// it with the final notice, or at once where the tenant cannot be told.
func TestTenantIsRemindedFirst(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name          string
		on            string
		tenantAgreed  int
		tenant, owner int
	}{
		{"first notice", "2026-03-16 10:00", 1, 1, 0},
		{"second notice", "2026-03-24 10:00", 1, 1, 0},
		{"final notice", "2026-03-30 10:00", 1, 1, 1},
		{"the tenant cannot be told", "2026-03-16 10:00", 0, 0, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.on)
			room := modelstest.Room(t, w.db)
			holder := w.ownerOf(room)
			owner := w.person(map[string]int{"overdue": 1}, room)
			bill := func(item string) {
				w.bill(room, "2026-03-15", func(b *fees.Bill) {
					b.OwnerID, b.Item, b.PeriodStart, b.PeriodEnd = holder.ID, item,
						models.MustDate("2026-03-01"), models.MustDate("2026-03-31")
				})
			}
			bill("水费")
			if _, err := billing.AddTenant(context.Background(), w.db, modelstest.Actor, billing.TenantRequest{
				RoomID: room.ID, Name: "赵租", Phone: "13700000005", From: models.MustDate("2026-01-01"), Items: []string{"水费"},
			}); err != nil {
				t.Fatal(err)
			}
			tenant := w.person(nil)
			if err := billing.BindByPhone(context.Background(), w.db, tenant.ID, "13700000005"); err != nil {
				t.Fatal(err)
			}
			for range tt.tenantAgreed {
				w.agree(tenant, "overdue")
			}
			w.pass()
			if n, _ := w.gotBy(tenant); n != tt.tenant {
				t.Errorf("the tenant got %d messages, want %d", n, tt.tenant)
			}
			if n, _ := w.gotBy(owner); n != tt.owner {
				t.Errorf("the owner got %d messages, want %d", n, tt.owner)
			}
		})
	}
}

// A tenant is never told of what the owner pays.
func TestTenantIsNotRemindedOfTheOwnersBills(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	holder := w.ownerOf(room)
	owner := w.person(map[string]int{"overdue": 1}, room)
	for _, item := range []string{"物业服务费", "水费"} {
		w.bill(room, "2026-03-15", func(b *fees.Bill) {
			b.OwnerID, b.Item, b.PeriodStart, b.PeriodEnd = holder.ID, item, models.MustDate("2026-03-01"), models.MustDate("2026-03-31")
		})
	}
	if _, err := billing.AddTenant(context.Background(), w.db, modelstest.Actor, billing.TenantRequest{
		RoomID: room.ID, Name: "赵租", Phone: "13700000005", From: models.MustDate("2026-01-01"), Items: []string{"水费"},
	}); err != nil {
		t.Fatal(err)
	}
	tenant := w.person(nil)
	if err := billing.BindByPhone(context.Background(), w.db, tenant.ID, "13700000005"); err != nil {
		t.Fatal(err)
	}
	w.agree(tenant, "overdue")
	w.pass()
	if n, amount := w.gotBy(tenant); n != 1 || amount != "110.35元" {
		t.Errorf("the tenant got %d messages, %s", n, amount)
	}
	if n, amount := w.gotBy(owner); n != 1 || amount != "220.70元" {
		t.Errorf("the owner got %d messages, %s", n, amount)
	}
}
