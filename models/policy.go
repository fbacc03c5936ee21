package models

// ErrSettlement says that a policy is none of those there are.
var ErrSettlement = Invalid("SETTLEMENT", "冲抵顺序应为 late_fee_first（先违约金）或 principal_first（先本金）")

// SetSettlement says in which order money settles the bills of a community from now
// on: [LateFeeFirst] or [PrincipalFirst]. What was settled before stays as it is.
func (tx *Tx) SetSettlement(by Actor, communityID, settlement string) error {
	if settlement != LateFeeFirst && settlement != PrincipalFirst {
		return ErrSettlement
	}
	if _, err := tx.CommunityByID(communityID); err != nil {
		return err
	}
	// Not guarded by the number of rows: to say what holds already changes none.
	if _, err := tx.exec("UPDATE communities SET settlement = ?, updated_at = ? WHERE id = ?", settlement, tx.Now, communityID); err != nil {
		return err
	}
	return tx.Audit(by, "community.settlement", "community", communityID, map[string]string{"settlement": settlement})
}

// Settlement is the order in which money settles a bill of the community.
func (tx *Tx) Settlement(communityID string) (string, error) {
	var s string
	return s, tx.one([]any{&s}, "SELECT settlement FROM communities WHERE id = ?", communityID)
}
