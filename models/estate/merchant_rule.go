package estate

import (
	"errors"

	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// MerchantRule names the merchant to which a community's fee item is paid. An empty
// Item stands for every item without a rule of its own, and for prepayment for any
// item.
type MerchantRule struct {
	ID          string
	CommunityID string
	Item        string
	Merchant    string // key in wechatpay.merchants, never empty
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

var merchantRuleTable = store.NewTable[MerchantRule]("merchant_rules")

// MerchantRules are all rules of one community.
type MerchantRules struct {
	Fallback string // the community's own merchant; empty: the only or first one
	ByItem   map[string]string
}

// For returns the merchant of a fee item; empty means the only or first one. The rule
// of the item takes precedence over that of every item, and that over the Fallback.
func (r MerchantRules) For(item string) string {
	if m, ok := r.ByItem[item]; ok {
		return m
	}
	if m, ok := r.ByItem[""]; ok {
		return m
	}
	return r.Fallback
}

var sqlMerchantRules = store.Hot(merchantRuleTable.Select("WHERE community_id = ?"))

// MerchantRulesOf returns a community's rules; [models.ErrNotFound] if there is no such
// community.
func MerchantRulesOf(tx *store.Tx, communityID string) (MerchantRules, error) {
	r := MerchantRules{ByItem: map[string]string{}}
	var err error
	if r.Fallback, err = store.Row[string](tx, "SELECT merchant FROM communities WHERE id = ?", communityID); err != nil {
		return r, err
	}
	return r, store.Each(tx, func(rule *MerchantRule) error {
		r.ByItem[rule.Item] = rule.Merchant
		return nil
	}, sqlMerchantRules, communityID)
}

// AllMerchantRules returns the rules of all communities, by community and item.
func AllMerchantRules(tx *store.Tx) ([]MerchantRule, error) {
	return store.G[MerchantRule](tx).Order("community_id, item").Find(tx.Context())
}

// SetMerchantRule makes a rule or changes it. Open orders keep their merchant. An
// unknown community is [models.ErrNotFound].
func SetMerchantRule(tx *store.Tx, by models.Actor, communityID, item, merchant string) error {
	if _, err := CommunityByID(tx, communityID); err != nil {
		return err
	}
	if item != "" {
		var err error
		if item, err = KeepItem(tx, communityID, item); err != nil {
			return err
		}
	}
	was, err := merchantRuleTable.Row(tx, "WHERE community_id = ? AND item = ?"+store.ForUpdate, communityID, item)
	switch {
	case errors.Is(err, models.ErrNotFound):
		err = store.G[MerchantRule](tx).Create(tx.Context(), &MerchantRule{
			ID: models.NewID(), CommunityID: communityID, Item: item, Merchant: merchant, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		})
	case err == nil:
		_, err = store.G[MerchantRule](tx).Where("id = ?", was.ID).
			Set(clause.Assignments(map[string]any{"merchant": merchant, "updated_at": tx.Now})).Update(tx.Context())
	}
	if err != nil {
		return err
	}
	return office.Audit(tx, by, "merchant_rule.set", "community", communityID,
		map[string]any{"item": item, "merchant": [2]string{was.Merchant, merchant}})
}

// DropMerchantRule ends a rule, and reports whether there was one.
func DropMerchantRule(tx *store.Tx, by models.Actor, communityID, item string) (bool, error) {
	names, err := FeeItems(tx, communityID)
	if err != nil {
		return false, err
	}
	item = names.Of(item)
	n, err := store.G[MerchantRule](tx).Where("community_id = ? AND item = ?", communityID, item).Delete(tx.Context())
	if err != nil || n == 0 {
		return false, err
	}
	return true, office.Audit(tx, by, "merchant_rule.dropped", "community", communityID, map[string]any{"item": item})
}
