package billing_test

import (
	"errors"
	"testing"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// Bills that go to different merchants cannot be in one plan: no order could pay a
// part of it.
func TestPlanOfOneMerchant(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	water := modelstest.Bill(t, o.db, o.room, func(b *fees.Bill) { b.Item = "水费" })
	a := o.asks(fees.RequestInstalment)
	a.BillIDs = []string{o.due.ID, water.ID}
	a.Parts[1].AmountFen += 12949
	rule := func(item, merchant string) {
		modelstest.Write(t, o.db, func(tx *store.Tx) error {
			return estate.SetMerchantRule(tx, modelstest.Actor, o.room.CommunityID, item, merchant)
		})
	}
	rule("水费", "water")
	if _, err := o.svc.SubmitAsStaff(billingtest.Ctx, billingtest.Finance, a); !errors.Is(err, billing.ErrPlanMerchants) {
		t.Errorf("asked: %v", err)
	}
	rule("", "water")
	if _, err := o.svc.SubmitAsStaff(billingtest.Ctx, billingtest.Finance, a); err != nil {
		t.Errorf("asked: %v", err)
	}
}
