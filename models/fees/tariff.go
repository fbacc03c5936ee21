package fees

import (
	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// Cycles 缴费周期.
const (
	CycleMonth    = "month"
	CycleQuarter  = "quarter"
	CycleHalfYear = "half_year"
	CycleYear     = "year"
)

// Tariff is a version of a 收费标准: what an item costs, for which rooms, from FromOn
// to ToOn, both days included. No ToOn means that it still holds.
//
// RoomID names a single room and takes precedence over RoomKind, which takes
// precedence over a tariff with neither, for all rooms. For example, of 物业服务费 for
// all rooms, for 商铺, and for the room 1-1-101, that room is billed by the third.
//
// Price is yuan per month and square metre, per month, or per unit of a meter, as
// Method says. Tiers are kept as `0-15:3.45;15-25:4.83;25-:5.83`. Shares are decimal
// text from 0 to 1; an empty one is the usual one.
type Tariff struct {
	ID            string
	CommunityID   string
	Item          string
	RoomKind      string
	KindKey       string // [models.NameKey] of RoomKind, kept by this package
	RoomID        string
	Method        string
	Price         string
	Tiers         string
	Cycle         string
	CycleStart    int // month in which the year of its cycles begins, 1-12
	DueDay        int // day of the month, 1-31; of no use with DueAfterDays
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

var tariffTable = store.NewTable[Tariff]("tariffs")

// LateRule returns the late-fee rule of the tariff.
func (t Tariff) LateRule() (estate.LateRule, error) {
	return estate.ParseLateRule(t.LateRate, t.GraceDays, t.LateCap)
}

// Tariffs returns a community's tariffs by item, kind and room, the newest version of
// each first.
func Tariffs(tx *store.Tx, communityID string) ([]Tariff, error) {
	return store.G[Tariff](tx).Where("community_id = ?", communityID).Order("item, room_kind, room_id, from_on DESC").Find(tx.Context())
}

// TariffByID returns a version of a tariff.
func TariffByID(tx *store.Tx, id string) (Tariff, error) {
	return store.G[Tariff](tx).Where("id = ?", id).Take(tx.Context())
}

// InsertTariff adds a version of a tariff. Its item becomes the one that the community
// keeps. In whatever spelling of item and kind, one version for the same rooms begins on a
// day.
func InsertTariff(tx *store.Tx, t *Tariff) (err error) {
	if t.Item, err = estate.KeepItem(tx, t.CommunityID, t.Item); err != nil {
		return err
	}
	t.KindKey = models.NameKey(t.RoomKind)
	return store.G[Tariff](tx).Create(tx.Context(), t)
}

// SameRooms reports whether two tariffs are for the same rooms of a community: those of
// one kind in any spelling, a single room, or all.
func (t Tariff) SameRooms(o Tariff) bool {
	return t.RoomID == o.RoomID && SameKind(t.RoomKind, o.RoomKind)
}

// SameKind reports whether two kinds of room 物业类型 are one, in any spelling.
func SameKind(a, b string) bool { return a == b || models.NameKey(a) == models.NameKey(b) }

var updateTariff = tariffTable.Update(`method, price, tiers, cycle, cycle_start, due_day, due_after_days, late_rate, grace_days, late_cap,
	vacant_share, unsold_share, discount_share, discount_until, to_on, updated_at`, "id = ?")

// UpdateTariff writes what a tariffs file may change about a version of a tariff.
// What it is for (item, kind, room) and its first day are what the file finds it by,
// and stay. Bills already issued keep the price and the rule they were issued with.
func UpdateTariff(tx *store.Tx, t Tariff) error {
	t.UpdatedAt = tx.Now
	return updateTariff.One(tx, &t, t.ID)
}

// EndTariff sets the last day of a version. It returns false when the end is no longer
// the one of t: somebody else has ended it meanwhile.
func EndTariff(tx *store.Tx, t Tariff, lastDay models.Date) (bool, error) {
	end := clause.Assignments(map[string]any{"to_on": lastDay, "updated_at": tx.Now})
	n, err := store.G[Tariff](tx).Where("id = ? AND to_on = ?", t.ID, t.ToOn).Set(end).Update(tx.Context())
	return n == 1, err
}
