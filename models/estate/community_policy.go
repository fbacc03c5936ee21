package estate

import (
	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// The order in which money settles one bill, the settlement of a [Community]. For
// example, 50 yuan for a bill of 100 yuan with 8 yuan of late fee leave 58 yuan of
// principal with LateFeeFirst, and 50 yuan of principal and 8 yuan of late fee with
// PrincipalFirst. Without an agreement LateFeeFirst is the order of article 561 of
// the Civil Code (民法典第五百六十一条).
const (
	LateFeeFirst   = "late_fee_first"
	PrincipalFirst = "principal_first"
)

// ErrSettlement says that a settlement is none of those there are.
var ErrSettlement = models.Invalid("SETTLEMENT", "冲抵顺序应为 late_fee_first（先违约金）或 principal_first（先本金）")

// SetBillDay sets the day of the month (1-28) on which the community's bills are
// issued; 0 means only when asked. An unknown community is [models.ErrNotFound].
func SetBillDay(tx *store.Tx, by models.Actor, communityID string, day int) error {
	c, err := CommunityByID(tx, communityID)
	if err != nil {
		return err
	}
	if err := setOfCommunity(tx, communityID, "bill_day", day); err != nil {
		return err
	}
	return office.Audit(tx, by, "community.bill_day", "community", communityID, map[string]any{"bill_day": [2]int{c.BillDay, day}})
}

// SetSettlement sets the order in which money settles the bills of a community from
// now on: [LateFeeFirst] or [PrincipalFirst], else [ErrSettlement]. What was settled
// before stays as it is. An unknown community is [models.ErrNotFound].
func SetSettlement(tx *store.Tx, by models.Actor, communityID, settlement string) error {
	if settlement != LateFeeFirst && settlement != PrincipalFirst {
		return ErrSettlement
	}
	if _, err := CommunityByID(tx, communityID); err != nil {
		return err
	}
	if err := setOfCommunity(tx, communityID, "settlement", settlement); err != nil {
		return err
	}
	return office.Audit(tx, by, "community.settlement", "community", communityID, map[string]string{"settlement": settlement})
}

// setOfCommunity is not guarded by the number of rows: setting what holds already may
// change none.
func setOfCommunity(tx *store.Tx, communityID, column string, value any) error {
	_, err := store.G[Community](tx).Where("id = ?", communityID).
		Set(clause.Assignments(map[string]any{column: value, "updated_at": tx.Now})).Update(tx.Context())
	return err
}

// Settlement returns the order in which money settles a bill of the community.
func Settlement(tx *store.Tx, communityID string) (string, error) {
	return store.Row[string](tx, "SELECT settlement FROM communities WHERE id = ?", communityID)
}
