package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// Ways to compute a charge 计费方式.
const (
	MethodArea   = "area"    // 按面积: area x price x months
	MethodFixed  = "fixed"   // 固定: price x months
	MethodMeter  = "meter"   // 按表: usage x price, tiers allowed
	MethodShared = "shared"  // 公摊: a total cost over the rooms
	MethodOneOff = "one_off" // 一次性
)

// Cycles 缴费周期.
const (
	CycleMonth    = "month"
	CycleQuarter  = "quarter"
	CycleHalfYear = "half_year"
	CycleYear     = "year"
)

// Tariff is a 收费标准: what an item costs, for which rooms, from when to when (no
// end: still). RoomID names a single room and goes before RoomKind, which goes
// before neither: all rooms. Tiers are kept as `0-15:3.45;15-25:4.83;25-:5.83`.
// Shares are decimal text; empty is the usual one.
type Tariff struct {
	ID            string
	CommunityID   string
	Item          string
	RoomKind      string
	RoomID        string
	Method        string
	Price         string
	Tiers         string
	Cycle         string
	CycleStart    int // month in which the year of its cycles begins, 1-12
	DueDay        int
	DueAfterDays  int // due so many days after issue; 0: on DueDay
	LateRate      string
	GraceDays     int
	LateCap       string
	VacantShare   string // of the price, on approved vacant days; empty: 0.7 by area, 1 otherwise
	UnsoldShare   string // of the price, for unsold rooms; empty: 1
	DiscountShare string // off, for a year paid up to DiscountUntil; empty: none
	DiscountUntil string // MM-DD in the year that the cycle begins in
	FromOn        models.Date
	ToOn          models.Date
	CreatedAt     models.Time
	UpdatedAt     models.Time
}

// LateRule is the late-fee rule of the tariff.
func (t Tariff) LateRule() (estate.LateRule, error) {
	return estate.ParseLateRule(t.LateRate, t.GraceDays, t.LateCap)
}

// Tariffs lists a community's tariffs, newest first within an item and kind.
func Tariffs(tx *store.Tx, communityID string) ([]Tariff, error) {
	var out []Tariff
	err := tx.Gorm().Where("community_id = ?", communityID).Order("item, room_kind, room_id, from_on DESC").Find(&out).Error
	return out, err
}

// InsertTariff adds a tariff.
func InsertTariff(tx *store.Tx, t *Tariff) error { return tx.Create(t) }

// UpdateTariff writes what a tariffs file may change about a version of a tariff.
// Bills already issued keep the price and the rule they were issued with.
func UpdateTariff(tx *store.Tx, t Tariff) error {
	return tx.ExecOne(`UPDATE tariffs SET method = ?, price = ?, tiers = ?, cycle = ?, cycle_start = ?, due_day = ?, due_after_days = ?, late_rate = ?,
		grace_days = ?, late_cap = ?, vacant_share = ?, unsold_share = ?, discount_share = ?, discount_until = ?, to_on = ?, updated_at = ? WHERE id = ?`,
		t.Method, t.Price, t.Tiers, t.Cycle, t.CycleStart, t.DueDay, t.DueAfterDays, t.LateRate, t.GraceDays, t.LateCap,
		t.VacantShare, t.UnsoldShare, t.DiscountShare, t.DiscountUntil, t.ToOn, tx.Now, t.ID)
}

// TariffByID finds a version of a tariff.
func TariffByID(tx *store.Tx, id string) (Tariff, error) {
	var t Tariff
	res := tx.Gorm().Where("id = ?", id).Limit(1).Find(&t)
	if res.Error == nil && res.RowsAffected == 0 {
		return t, models.ErrNotFound
	}
	return t, res.Error
}

// EndTariff gives a version its last day; false when the end is no longer what was
// read.
func EndTariff(tx *store.Tx, t Tariff, lastDay models.Date) (bool, error) {
	return tx.ExecGuarded("UPDATE tariffs SET to_on = ?, updated_at = ? WHERE id = ? AND to_on = ?", lastDay, tx.Now, t.ID, t.ToOn)
}
