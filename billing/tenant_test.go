package billing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/statement"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func tenant(h *billingtest.Home, phone, from, to string, items ...string) (estate.Tenure, error) {
	h.T.Helper()
	req := billing.TenantRequest{RoomID: h.Room.ID, Name: "赵租", Phone: phone, From: models.MustDate(from), Items: items}
	if to != "" {
		req.To = models.MustDate(to)
	}
	return billing.AddTenant(context.Background(), h.DB, modelstest.Actor, req)
}

// A tenant sees the bills of their items that begin in the tenancy; the owner, who
// stays liable, sees all.
func TestTenantSeesWhatWasAgreed(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	owner := h.Owner("2026-01-01")
	bill := func(item, from, to string) fees.Bill {
		return h.Bill(owner, from, to, func(b *fees.Bill) { b.Item = item })
	}
	water, before := bill("水费", "2026-02-01", "2026-02-28"), bill("水费", "2026-01-31", "2026-02-10")
	after := bill("水费", "2026-04-01", "2026-04-30")
	fee := bill("物业服务费", "2026-02-01", "2026-02-28")
	early := phone(h, "13700000005") // WeChat vouched for the number before
	tenure, err := tenant(h, "13700000005", "2026-02-01", "2026-03-31", "水费")
	if err != nil {
		t.Fatal(err)
	}
	late := phone(h, "13700000005")
	for name, u := range map[string]estate.User{"bound at once": early, "bound by phone": late} {
		if diff := cmp.Diff(ids(water), sees(h, u)); diff != "" {
			t.Errorf("%s sees (want -, have +):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(ids(water, before, after, fee), sees(h, h.User)); diff != "" {
		t.Errorf("the owner sees (want -, have +):\n%s", diff)
	}
	view := h.DB.View(context.Background())
	room, err := estate.BoundRoomOf(view, late.ID, h.Room.ID)
	if err != nil || room.Role != estate.RoleTenant || room.Owns(view.Today()) {
		t.Errorf("%+v, %v", room.BillVisibility, err)
	}
	s, err := statement.Of(view, room.Room, room.BillVisibility, models.MustDate("2026-01-01"), view.Today())
	arrears, err2 := billing.VisibleArrears(view, room)
	if err != nil || err2 != nil || s.ClosingFen != arrears.TotalFen || len(s.Lines) != 1 {
		t.Errorf("%+v %v %v", s, err, err2)
	}
	// A sale does not break the lease, and the lease outlives the sale.
	h.Transfer("2026-03-01")
	if diff := cmp.Diff(ids(water), sees(h, late)); diff != "" {
		t.Error(diff)
	}
	// Ended early: what began before is still theirs to pay.
	if err := billing.EndTenant(context.Background(), h.DB, modelstest.Actor, h.Room.ID, tenure.ID,
		models.MustDate("2026-03-10")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ids(water), sees(h, late)); diff != "" {
		t.Error(diff)
	}
	h.CheckBooks()
}

func TestTenantRefusals(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	owner := h.Owner("2026-01-01")
	modelstest.Write(t, h.DB, func(tx *store.Tx) error { return estate.SetOwnerPhone(tx, &owner, "13700000009") })
	for _, item := range []string{"水费", "电费", "物业服务费"} {
		h.Bill(owner, "2026-01-01", "2026-01-31", func(b *fees.Bill) { b.Item = item })
	}
	first, err := tenant(h, "13700000005", "2026-01-01", "2026-06-30", "水费", "电费")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, phone, from, to string
		items                 []string
		want                  error
	}{
		{name: "赵租", phone: "1370", from: "2026-07-01", to: "", items: nil, want: billing.ErrOwnerPhone},
		{name: "赵租", phone: "", from: "2026-07-01", to: "", items: nil, want: billing.ErrOwnerPhone},
		{name: "", phone: "13700000006", from: "2026-07-01", to: "", items: nil, want: billing.ErrOwnerName},
		{name: "赵租", phone: "13700000006", from: "2026-07-01", to: "2026-06-30", items: nil, want: billing.ErrTenantDates},
		{name: "赵租", phone: "13700000006", from: "2026-07-01", to: "", items: []string{"空气费"}, want: billing.ErrTenantItem},
		{name: "钱租", phone: "13700000006", from: "2026-06-30", to: "", items: []string{"水费"}, want: billing.ErrTenantClash},
		{name: "钱租", phone: "13700000006", from: "2026-03-01", to: "2026-03-31", items: nil, want: billing.ErrTenantClash},
		{name: "王小明", phone: "13700000009", from: "2026-07-01", to: "", items: nil, want: billing.ErrTenantOwner},
		// twice from one day on
		{name: "赵租", phone: "13700000005", from: "2026-01-01", to: "2026-01-31", items: []string{"物业服务费"}, want: billing.ErrTenantClash},
		{name: "钱租", phone: "13700000006", from: "2026-03-01", to: "", items: []string{"物业服务费"}, want: nil},
		{name: "孙租", phone: "13700000007", from: "2026-07-01", to: "", items: []string{"水费"}, want: nil},
	} {
		req := billing.TenantRequest{RoomID: h.Room.ID, Name: tt.name, Phone: tt.phone, From: models.MustDate(tt.from), Items: tt.items}
		if tt.to != "" {
			req.To = models.MustDate(tt.to)
		}
		if _, err := billing.AddTenant(context.Background(), h.DB, modelstest.Actor, req); !errors.Is(err, tt.want) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	for last, want := range map[string]error{
		"2025-12-31": billing.ErrTenantEnded, "2026-06-30": billing.ErrTenantEnded, "2026-07-01": billing.ErrTenantEnded,
	} {
		if err := billing.EndTenant(context.Background(), h.DB, modelstest.Actor, h.Room.ID, first.ID,
			models.MustDate(last)); !errors.Is(err, want) {
			t.Errorf("ended on %s: %v", last, err)
		}
	}
	if err := billing.EndTenant(context.Background(), h.DB, modelstest.Actor, h.Room.ID, "nothing",
		models.MustDate("2026-03-31")); !errors.Is(err, models.ErrNotFound) {
		t.Error(err)
	}
	list, err := billing.Tenancies(h.DB.View(context.Background()), h.Room.ID)
	if err != nil || len(list) != 3 || list[0].Person.Name != "孙租" {
		t.Errorf("%+v, %v", list, err)
	}
}
