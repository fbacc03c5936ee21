package models

import (
	"errors"

	"github.com/shopspring/decimal"
)

// The order in which money settles one bill.
const (
	LateFeeFirst   = "late_fee_first"
	PrincipalFirst = "principal_first"
)

// LateRule is how late fee 违约金 grows: a daily rate on the principal still
// unpaid, after grace days, up to a share of the original principal.
type LateRule struct {
	Rate      decimal.Decimal     `gorm:"column:late_rate"` // per day, 0.003 is 3‰
	GraceDays int                 `gorm:"column:grace_days"`
	Cap       decimal.NullDecimal `gorm:"column:late_cap"` // share of the principal; not valid: no cap
}

// DefaultLateRule is what a community starts with: 3‰ a day, no grace, no cap.
func DefaultLateRule() LateRule { return LateRule{Rate: decimal.New(3, -3)} }

// capText is how a cap is kept: empty means none.
func (r LateRule) capText() string {
	if !r.Cap.Valid {
		return ""
	}
	return r.Cap.Decimal.String()
}

func lateRule(rate string, grace int, limit string) (LateRule, error) {
	d, err := decimal.NewFromString(rate)
	if err != nil {
		return LateRule{}, err
	}
	r := LateRule{Rate: d, GraceDays: grace}
	if limit != "" {
		c, err := decimal.NewFromString(limit)
		if err != nil {
			return LateRule{}, err
		}
		r.Cap = decimal.NewNullDecimal(c)
	}
	return r, nil
}

// Community is a 小区 whose fees are collected.
type Community struct {
	ID         string
	Name       string
	LateRate   string // the default late-fee rule, for bills without a tariff
	GraceDays  int
	LateCap    string
	Settlement string // LateFeeFirst or PrincipalFirst
	Merchant   string // key in wechatpay.merchants; empty: the only or first one
	BillDay    int    // day of the month, 1-28, on which its bills are issued; 0: only when asked
	CreatedAt  Time
	UpdatedAt  Time
}

// LateRule is the community's default rule.
func (c Community) LateRule() (LateRule, error) { return lateRule(c.LateRate, c.GraceDays, c.LateCap) }

// EnsureCommunity finds a community by name, or makes it with the default rules;
// added tells which.
func (tx *Tx) EnsureCommunity(by Actor, name string) (c Community, added bool, err error) {
	c, err = tx.CommunityByName(name)
	if !errors.Is(err, ErrNotFound) {
		return c, false, err
	}
	rule := DefaultLateRule()
	c = Community{ID: NewID(), Name: name, LateRate: rule.Rate.String(), GraceDays: rule.GraceDays, LateCap: rule.capText(),
		Settlement: LateFeeFirst, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	if err := tx.create(&c); err != nil {
		return c, false, err
	}
	return c, true, tx.Audit(by, "community.added", "community", c.ID, map[string]string{"name": name})
}

// CommunityByName finds a community by its exact name.
func (tx *Tx) CommunityByName(name string) (Community, error) {
	return tx.communityWhere("name = ?", name)
}

// CommunityByID finds a community.
func (tx *Tx) CommunityByID(id string) (Community, error) { return tx.communityWhere("id = ?", id) }

func (tx *Tx) communityWhere(where string, arg any) (Community, error) {
	var c Community
	res := tx.g().Where(where, arg).Limit(1).Find(&c)
	if res.Error == nil && res.RowsAffected == 0 {
		return c, ErrNotFound
	}
	return c, res.Error
}

// Communities lists the communities whose name contains the text, by name, up to
// limit.
func (tx *Tx) Communities(contains string, limit int) ([]Community, error) {
	var out []Community
	err := tx.g().Where("name LIKE ? ESCAPE '!'", "%"+likeText(contains)+"%").Order("name").Limit(limit).Find(&out).Error
	return out, err
}

// LockCommunity holds the community until the transaction ends, so that imports
// and billing runs of the same community come one after the other. Payments do
// not take this lock.
func (tx *Tx) LockCommunity(id string) error {
	var got string
	return tx.one([]any{&got}, "SELECT id FROM communities WHERE id = ?"+forUpdate, id)
}

// SetBillDay says on which day of the month (1-28) the community's bills are issued;
// 0: only when asked.
func (tx *Tx) SetBillDay(by Actor, communityID string, day int) error {
	c, err := tx.CommunityByID(communityID)
	if err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE communities SET bill_day = ?, updated_at = ? WHERE id = ?", day, tx.Now, communityID); err != nil {
		return err
	}
	return tx.Audit(by, "community.bill_day", "community", communityID, map[string]any{"bill_day": [2]int{c.BillDay, day}})
}
