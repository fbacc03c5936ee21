package models

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

// Tariff is a 收费标准: what an item costs, for which kind of room (empty: all),
// from when to when (no end: still). Tiers are kept as `0-15:3.45;15-25:4.83;25-:5.83`.
type Tariff struct {
	ID          string
	CommunityID string
	Item        string
	RoomKind    string
	Method      string
	Price       string
	Tiers       string
	Cycle       string
	DueDay      int
	LateRate    string
	GraceDays   int
	LateCap     string
	FromOn      Date
	ToOn        Date
	CreatedAt   Time
	UpdatedAt   Time
}

// LateRule is the late-fee rule of the tariff.
func (t Tariff) LateRule() (LateRule, error) { return lateRule(t.LateRate, t.GraceDays, t.LateCap) }

// Tariffs lists a community's tariffs, newest first within an item and kind.
func (tx *Tx) Tariffs(communityID string) ([]Tariff, error) {
	var out []Tariff
	err := tx.g().Where("community_id = ?", communityID).Order("item, room_kind, from_on DESC").Find(&out).Error
	return out, err
}

// InsertTariff adds a tariff.
func (tx *Tx) InsertTariff(t *Tariff) error { return tx.create(t) }

// UpdateTariff writes what a tariffs file may change about a version of a tariff.
// Bills already issued keep the price and the rule they were issued with.
func (tx *Tx) UpdateTariff(t Tariff) error {
	return tx.must(`UPDATE tariffs SET method = ?, price = ?, tiers = ?, cycle = ?, due_day = ?, late_rate = ?, grace_days = ?,
		late_cap = ?, to_on = ?, updated_at = ? WHERE id = ?`,
		t.Method, t.Price, t.Tiers, t.Cycle, t.DueDay, t.LateRate, t.GraceDays, t.LateCap, t.ToOn, tx.Now, t.ID)
}
