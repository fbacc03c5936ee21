package estate

import (
	"errors"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
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

// CapText is how a cap is kept: empty means none.
func (r LateRule) CapText() string {
	if !r.Cap.Valid {
		return ""
	}
	return r.Cap.Decimal.String()
}

func ParseLateRule(rate string, grace int, limit string) (LateRule, error) {
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
	CreatedAt  models.Time
	UpdatedAt  models.Time
}

// LateRule is the community's default rule.
func (c Community) LateRule() (LateRule, error) {
	return ParseLateRule(c.LateRate, c.GraceDays, c.LateCap)
}

// EnsureCommunity finds a community by name, or makes it with the default rules;
// added tells which.
func EnsureCommunity(tx *store.Tx, by models.Actor, name string) (c Community, added bool, err error) {
	c, err = CommunityByName(tx, name)
	if !errors.Is(err, models.ErrNotFound) {
		return c, false, err
	}
	rule := DefaultLateRule()
	c = Community{ID: models.NewID(), Name: name, LateRate: rule.Rate.String(), GraceDays: rule.GraceDays, LateCap: rule.CapText(),
		Settlement: LateFeeFirst, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	if err := tx.Create(&c); err != nil {
		return c, false, err
	}
	return c, true, office.Audit(tx, by, "community.added", "community", c.ID, map[string]string{"name": name})
}

// CommunityByName finds a community by its exact name.
func CommunityByName(tx *store.Tx, name string) (Community, error) {
	return communityWhere(tx, "name = ?", name)
}

// CommunityByID finds a community.
func CommunityByID(tx *store.Tx, id string) (Community, error) {
	return communityWhere(tx, "id = ?", id)
}

func communityWhere(tx *store.Tx, where string, arg any) (Community, error) {
	var c Community
	res := tx.Gorm().Where(where, arg).Limit(1).Find(&c)
	if res.Error == nil && res.RowsAffected == 0 {
		return c, models.ErrNotFound
	}
	return c, res.Error
}

// Communities lists the communities whose name contains the text, by name, up to
// limit.
func Communities(tx *store.Tx, contains string, limit int) ([]Community, error) {
	var out []Community
	err := tx.Gorm().Where("name LIKE ? ESCAPE '!'", "%"+store.Like(contains)+"%").Order("name").Limit(limit).Find(&out).Error
	return out, err
}

// LockCommunity holds the community until the transaction ends, so that imports
// and billing runs of the same community come one after the other. Payments do
// not take this lock.
func LockCommunity(tx *store.Tx, id string) error {
	var got string
	return tx.QueryRow([]any{&got}, "SELECT id FROM communities WHERE id = ?"+store.ForUpdate, id)
}

// SetBillDay says on which day of the month (1-28) the community's bills are issued;
// 0: only when asked.
func SetBillDay(tx *store.Tx, by models.Actor, communityID string, day int) error {
	c, err := CommunityByID(tx, communityID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE communities SET bill_day = ?, updated_at = ? WHERE id = ?", day, tx.Now, communityID); err != nil {
		return err
	}
	return office.Audit(tx, by, "community.bill_day", "community", communityID, map[string]any{"bill_day": [2]int{c.BillDay, day}})
}

// SetSettlement says in which order money settles the bills of a community from now
// on: [LateFeeFirst] or [PrincipalFirst]. What was settled before stays as it is.
func SetSettlement(tx *store.Tx, by models.Actor, communityID, settlement string) error {
	if settlement != LateFeeFirst && settlement != PrincipalFirst {
		return ErrSettlement
	}
	if _, err := CommunityByID(tx, communityID); err != nil {
		return err
	}
	// Not guarded by the number of rows: to say what holds already changes none.
	if _, err := tx.Exec("UPDATE communities SET settlement = ?, updated_at = ? WHERE id = ?", settlement, tx.Now, communityID); err != nil {
		return err
	}
	return office.Audit(tx, by, "community.settlement", "community", communityID, map[string]string{"settlement": settlement})
}

// Settlement is the order in which money settles a bill of the community.
func Settlement(tx *store.Tx, communityID string) (string, error) {
	var s string
	return s, tx.QueryRow([]any{&s}, "SELECT settlement FROM communities WHERE id = ?", communityID)
}
