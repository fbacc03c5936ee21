package billing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// TestFurtherPhonesGiveNoRights adds a number, labels it, and tries to bind by it: only
// the registered number binds. Made the registered one, it does.
func TestFurtherPhonesGiveNoRights(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	ctx := context.Background()
	held, err := estate.RoomOwners(h.DB.View(ctx), h.Room.ID, h.DB.Today())
	billingtest.NoError(t, err)
	owner := held[0]
	registered, err := estate.OwnerPhone(h.DB.View(ctx), owner)
	billingtest.NoError(t, err)
	q := billing.PhoneEdit{RoomID: h.Room.ID, OwnerID: owner.ID, Phone: "13912345678", Label: "子女", Reason: "业主来电"}
	for name, tt := range map[string]struct {
		change func(q *billing.PhoneEdit)
		want   error
	}{
		"no number":          {func(q *billing.PhoneEdit) { q.Phone = "123" }, billing.ErrOwnerPhone},
		"the registered one": {func(q *billing.PhoneEdit) { q.Phone = registered }, estate.ErrPhoneThere},
		"nobody's":           {func(q *billing.PhoneEdit) { q.Label = "" }, billing.ErrPhoneLabel},
		"no reason":          {func(q *billing.PhoneEdit) { q.Reason = "" }, billing.ErrNoReason},
		"somebody else":      {func(q *billing.PhoneEdit) { q.OwnerID = models.NewID() }, billing.ErrPhoneOwner},
		"no room":            {func(q *billing.PhoneEdit) { q.RoomID = models.NewID() }, models.ErrNotFound},
	} {
		wrong := q
		tt.change(&wrong)
		if err := billing.AddPhone(ctx, h.DB, billingtest.Cashier, wrong); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	billingtest.NoError(t, billing.AddPhone(ctx, h.DB, billingtest.Cashier, q))
	if err := billing.AddPhone(ctx, h.DB, billingtest.Cashier, q); !errors.Is(err, estate.ErrPhoneThere) {
		t.Errorf("twice: %v", err)
	}
	further, err := estate.FurtherPhones(h.DB.View(ctx), []string{owner.ID})
	if err != nil || len(further[owner.ID]) != 1 {
		t.Fatal(further, err)
	}
	p := further[owner.ID][0]
	if strings.Contains(string(p.PhoneCipher), "139") || p.PhoneLast4 != "5678" {
		t.Errorf("the number is kept in clear: %+v", p)
	}
	if bound := roomsOf(t, h.DB, "13912345678"); len(bound) != 0 {
		t.Errorf("a further number binds %v", bound)
	}
	q.PhoneID, q.State = p.ID, "loud"
	if err := billing.LabelPhone(ctx, h.DB, billingtest.Cashier, q); !errors.Is(err, billing.ErrPhoneState) {
		t.Errorf("%v", err)
	}
	q.State = estate.PhoneStopped
	billingtest.NoError(t, billing.LabelPhone(ctx, h.DB, billingtest.Cashier, q))
	if err := billing.RegisterPhone(ctx, h.DB, billingtest.Cashier, q); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a cashier registers a number: %v", err)
	}
	billingtest.NoError(t, billing.RegisterPhone(ctx, h.DB, billingtest.Manager, q))
	if bound := roomsOf(t, h.DB, "13912345678"); bound[h.Room.ID].OwnerID != owner.ID {
		t.Errorf("the registered number binds %v", bound)
	}
	if bound := roomsOf(t, h.DB, registered); len(bound) != 0 {
		t.Errorf("the old number binds %v", bound)
	}
	further, err = estate.FurtherPhones(h.DB.View(ctx), []string{owner.ID})
	if err != nil || len(further[owner.ID]) != 1 || further[owner.ID][0].Label != "原登记号码" {
		t.Fatalf("%+v, %v", further, err)
	}
	q.PhoneID = further[owner.ID][0].ID
	billingtest.NoError(t, billing.DropPhone(ctx, h.DB, billingtest.Cashier, q))
	log := strings.Join(historyOf(t, h.DB, h.Room.ID), "\n")
	if strings.Count(log, "\n") != 3 || strings.Contains(log, "12345678") || !strings.Contains(log, "139****5678 子女 停机") {
		t.Errorf("the history is\n%s", log)
	}
	audit, err := office.AuditEntries(h.DB.View(ctx), office.AuditFilter{Subject: "room", SubjectID: h.Room.ID, Limit: 9})
	for _, e := range audit {
		if strings.Contains(e.Detail, "12345678") || strings.Contains(e.Detail, registered) {
			t.Errorf("the audit log has a number: %s", e.Detail)
		}
	}
	billingtest.NoError(t, err)
}

func roomsOf(t *testing.T, db *store.DB, phone string) map[string]estate.Tenure {
	t.Helper()
	out, err := estate.TenuresOfPhone(db.View(context.Background()), phone, db.Today())
	billingtest.NoError(t, err)
	return out
}

// TestKeepFurtherPhone takes a file's second number once, however often the file comes.
func TestKeepFurtherPhone(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	held, err := estate.RoomOwners(h.DB.View(context.Background()), h.Room.ID, h.DB.Today())
	billingtest.NoError(t, err)
	for i, want := range []bool{true, false} {
		modelstest.Write(t, h.DB, func(tx *store.Tx) error {
			added, err := estate.KeepFurtherPhone(tx, held[0], "01012345678", "联系电话")
			if added != want {
				t.Errorf("time %d: added %t", i, added)
			}
			return err
		})
	}
}
