package estate

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// MerchantRule says to which merchant a community's fee item is paid. Item empty:
// every item without a line of its own, and prepayment for any item.
type MerchantRule struct {
	ID          string
	CommunityID string
	Item        string
	Merchant    string
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

// MerchantRules is all of them of one community.
type MerchantRules struct {
	Fallback string // the community's own merchant; empty: the only or first one
	ByItem   map[string]string
}

// For gives the merchant of a fee item; empty: the only or first one.
func (r MerchantRules) For(item string) string {
	if m, ok := r.ByItem[item]; ok {
		return m
	}
	if m, ok := r.ByItem[""]; ok {
		return m
	}
	return r.Fallback
}

var (
	sqlMerchantRules     = store.Hot("SELECT item, merchant FROM merchant_rules WHERE community_id = ?")
	sqlCommunityMerchant = "SELECT merchant FROM communities WHERE id = ?"
)

// MerchantRulesOf gives a community's rules.
func MerchantRulesOf(tx *store.Tx, communityID string) (MerchantRules, error) {
	r := MerchantRules{ByItem: map[string]string{}}
	err := tx.QueryRow([]any{&r.Fallback}, sqlCommunityMerchant, communityID)
	if err != nil {
		return r, err
	}
	return r, tx.QueryRows(func(scan func(...any) error) error {
		var item, merchant string
		err := scan(&item, &merchant)
		r.ByItem[item] = merchant
		return err
	}, sqlMerchantRules, communityID)
}

// AllMerchantRules gives the rules of all communities.
func AllMerchantRules(tx *store.Tx) ([]MerchantRule, error) {
	var out []MerchantRule
	return out, tx.Gorm().Order("community_id, item").Find(&out).Error
}

// SetMerchantRule makes or changes a rule. Orders that are open keep their merchant.
func SetMerchantRule(tx *store.Tx, by models.Actor, communityID, item, merchant string) error {
	if _, err := CommunityByID(tx, communityID); err != nil {
		return err
	}
	was := ""
	err := tx.QueryRow([]any{&was}, "SELECT merchant FROM merchant_rules WHERE community_id = ? AND item = ?"+store.ForUpdate, communityID, item)
	switch {
	case errors.Is(err, models.ErrNotFound):
		err = tx.Create(&MerchantRule{ID: models.NewID(), CommunityID: communityID, Item: item, Merchant: merchant, CreatedAt: tx.Now, UpdatedAt: tx.Now})
	case err == nil:
		_, err = tx.Exec("UPDATE merchant_rules SET merchant = ?, updated_at = ? WHERE community_id = ? AND item = ?", merchant, tx.Now, communityID, item)
	}
	if err != nil {
		return err
	}
	return office.Audit(tx, by, "merchant_rule.set", "community", communityID, map[string]any{"item": item, "merchant": [2]string{was, merchant}})
}

// DropMerchantRule ends a rule; false if there is none.
func DropMerchantRule(tx *store.Tx, by models.Actor, communityID, item string) (bool, error) {
	ok, err := tx.ExecGuarded("DELETE FROM merchant_rules WHERE community_id = ? AND item = ?", communityID, item)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "merchant_rule.dropped", "community", communityID, map[string]any{"item": item})
}
