package billing_test

import (
	"errors"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// Bills that go to different merchants cannot be in one plan: no order could pay a
// part of it.
func TestPlanOfOneMerchant(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	water := modelstest.Bill(t, o.db, o.room, func(b *models.Bill) { b.Item = "水费" })
	a := o.asks(models.RequestInstalment)
	a.BillIDs = []string{o.due.ID, water.ID}
	a.Parts[1].AmountFen += 12949
	rule := func(item, merchant string) {
		modelstest.Write(t, o.db, func(tx *models.Tx) error {
			return tx.SetMerchantRule(modelstest.Actor, o.room.CommunityID, item, merchant)
		})
	}
	rule("水费", "water")
	if _, err := o.svc.AskAsStaff(bg, finance, a); !errors.Is(err, billing.ErrPlanMerchants) {
		t.Errorf("asked: %v", err)
	}
	rule("", "water")
	if _, err := o.svc.AskAsStaff(bg, finance, a); err != nil {
		t.Errorf("asked: %v", err)
	}
}
