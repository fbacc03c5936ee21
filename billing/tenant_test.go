package billing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func (h *home) tenant(phone, from, to string, items ...string) (estate.Tenure, error) {
	h.t.Helper()
	req := billing.TenantRequest{RoomID: h.room.ID, Name: "赵租", Phone: phone, From: models.MustDate(from), Items: items}
	if to != "" {
		req.To = models.MustDate(to)
	}
	return billing.AddTenant(context.Background(), h.db, modelstest.Actor, req)
}

// A tenant sees the bills of their items that begin in the tenancy; the owner, who
// stays liable, sees all.
func TestTenantSeesWhatWasAgreed(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	owner := h.owner("2026-01-01")
	bill := func(item, from, to string) fees.Bill {
		return h.bill(owner, from, to, func(b *fees.Bill) { b.Item = item })
	}
	water, before := bill("水费", "2026-02-01", "2026-02-28"), bill("水费", "2026-01-31", "2026-02-10")
	after := bill("水费", "2026-04-01", "2026-04-30")
	fee := bill("物业服务费", "2026-02-01", "2026-02-28")
	early := h.phone("13700000005") // WeChat vouched for the number before
	tenure, err := h.tenant("13700000005", "2026-02-01", "2026-03-31", "水费")
	if err != nil {
		t.Fatal(err)
	}
	late := h.phone("13700000005")
	for name, u := range map[string]estate.User{"bound at once": early, "bound by phone": late} {
		if diff := cmp.Diff(ids(water), h.sees(u)); diff != "" {
			t.Errorf("%s sees (want -, have +):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(ids(water, before, after, fee), h.sees(h.user)); diff != "" {
		t.Errorf("the owner sees (want -, have +):\n%s", diff)
	}
	view := h.db.View(context.Background())
	room, err := estate.BoundRoomOf(view, late.ID, h.room.ID)
	if err != nil || room.Role != estate.RoleTenant || room.Owns(view.Today()) {
		t.Errorf("%+v, %v", room.BillVisibility, err)
	}
	s, err := billing.StatementOf(view, room.Room, room.BillVisibility, models.MustDate("2026-01-01"), view.Today())
	arrears, err2 := billing.SeenArrears(view, room)
	if err != nil || err2 != nil || s.ClosingFen != arrears.TotalFen || len(s.Lines) != 1 {
		t.Errorf("%+v %v %v", s, err, err2)
	}
	// A sale does not break the lease, and the lease outlives the sale.
	h.transfer("2026-03-01")
	if diff := cmp.Diff(ids(water), h.sees(late)); diff != "" {
		t.Error(diff)
	}
	// Ended early: what began before is still theirs to pay.
	if err := billing.EndTenant(context.Background(), h.db, modelstest.Actor, h.room.ID, tenure.ID, models.MustDate("2026-03-10")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ids(water), h.sees(late)); diff != "" {
		t.Error(diff)
	}
	h.agree()
}

func TestTenantRefusals(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	owner := h.owner("2026-01-01")
	modelstest.Write(t, h.db, func(tx *store.Tx) error { return estate.SetOwnerPhone(tx, &owner, "13700000009") })
	for _, item := range []string{"水费", "电费", "物业服务费"} {
		h.bill(owner, "2026-01-01", "2026-01-31", func(b *fees.Bill) { b.Item = item })
	}
	first, err := h.tenant("13700000005", "2026-01-01", "2026-06-30", "水费", "电费")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, phone, from, to string
		items                 []string
		want                  error
	}{
		{"赵租", "1370", "2026-07-01", "", nil, billing.ErrOwnerPhone},
		{"赵租", "", "2026-07-01", "", nil, billing.ErrOwnerPhone},
		{"", "13700000006", "2026-07-01", "", nil, billing.ErrOwnerName},
		{"赵租", "13700000006", "2026-07-01", "2026-06-30", nil, billing.ErrTenantDates},
		{"赵租", "13700000006", "2026-07-01", "", []string{"空气费"}, billing.ErrTenantItem},
		{"钱租", "13700000006", "2026-06-30", "", []string{"水费"}, billing.ErrTenantClash},
		{"钱租", "13700000006", "2026-03-01", "2026-03-31", nil, billing.ErrTenantClash},
		{"王小明", "13700000009", "2026-07-01", "", nil, billing.ErrTenantOwner},
		{"赵租", "13700000005", "2026-01-01", "2026-01-31", []string{"物业服务费"}, billing.ErrTenantClash}, // twice from one day on
		{"钱租", "13700000006", "2026-03-01", "", []string{"物业服务费"}, nil},
		{"孙租", "13700000007", "2026-07-01", "", []string{"水费"}, nil},
	} {
		req := billing.TenantRequest{RoomID: h.room.ID, Name: tt.name, Phone: tt.phone, From: models.MustDate(tt.from), Items: tt.items}
		if tt.to != "" {
			req.To = models.MustDate(tt.to)
		}
		if _, err := billing.AddTenant(context.Background(), h.db, modelstest.Actor, req); !errors.Is(err, tt.want) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	for last, want := range map[string]error{"2025-12-31": billing.ErrTenantEnded, "2026-06-30": billing.ErrTenantEnded, "2026-07-01": billing.ErrTenantEnded} {
		if err := billing.EndTenant(context.Background(), h.db, modelstest.Actor, h.room.ID, first.ID, models.MustDate(last)); !errors.Is(err, want) {
			t.Errorf("ended on %s: %v", last, err)
		}
	}
	if err := billing.EndTenant(context.Background(), h.db, modelstest.Actor, h.room.ID, "nothing", models.MustDate("2026-03-31")); !errors.Is(err, models.ErrNotFound) {
		t.Error(err)
	}
	list, err := billing.Tenancies(h.db.View(context.Background()), h.room.ID)
	if err != nil || len(list) != 3 || list[0].Person.Name != "孙租" {
		t.Errorf("%+v, %v", list, err)
	}
}
