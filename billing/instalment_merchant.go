package billing

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// ErrPlanMerchants is the refusal of a plan whose bills are paid to different
// merchants, because one order could not pay a part of it.
var ErrPlanMerchants = models.Refusal(models.KindConflict, "PLAN_MERCHANTS", "所选账单由不同的收款商户收取，请按商户分别申请分期")

// oneMerchant refuses bills whose fee items are paid to different merchants.
func oneMerchant(tx *store.Tx, communityID string, states []BillState) error {
	rules, err := estate.MerchantRulesOf(tx, communityID)
	if err != nil || len(rules.ByItem) == 0 {
		return err
	}
	for i := range states {
		if rules.For(states[i].Item) != rules.For(states[0].Item) {
			return ErrPlanMerchants
		}
	}
	return nil
}
