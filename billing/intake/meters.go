package intake

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// meterTable imports meters and readings. A stored reading is never changed, because
// bills may contain it. A reading without a previous value is a base and never usage,
// even if the meter has earlier readings: only the company knows what was used in
// between.
//
// A file cannot state that a meter passed its last digit 过零. A reading of 12 after
// 99980 is a mistake here; staff enter it with package metering, where they confirm the
// rollover.
type meterTable struct {
	*pass
	chain  chain
	before map[string][]fees.MeterMultiplier // earlier multipliers of the batch's meters
	gone   map[string][]fees.Reading         // readings of the batch's meters that staff have withdrawn
}

// meterRow is a row that was read. previous is not valid for a base. Both values are as
// the meter shows them, before the multiplier, which is 1 if the cell is blank.
type meterRow struct {
	roomRef
	serial     string
	item       string
	previous   decimal.NullDecimal
	value      decimal.Decimal
	multiplier decimal.Decimal
	estimated  bool
	readOn     models.Date
}

// Keys of the columns of meters.
const (
	colSerial     = "serial"
	colPrevious   = "previous"
	colValue      = "value"
	colMultiplier = "multiplier"
	colReadOn     = "read_on"
	colEstimated  = "estimated"
)

// columns returns the columns with the names that companies use for them.
func (t *meterTable) columns() []sheet.Column {
	return []sheet.Column{
		{Key: colCommunity, Names: communityNames, Role: sheet.RoleGroup},
		{Key: colRoom, Names: roomNames, Role: sheet.RoleKey, Required: true},
		{Key: colSerial, Names: []string{"表号", "表计编号", "仪表编号", "水表号", "电表号", "表具编号"}, Role: sheet.RoleKey, Required: true},
		{Key: colItem, Names: itemNames, Role: sheet.RoleGroup, Required: true},
		{Key: colPrevious, Names: []string{"上次读数", "上期读数", "上月读数", "起数", "起码", "期初读数"}},
		{Key: colValue, Names: []string{"本次读数", "本期读数", "本月读数", "止数", "止码", "期末读数", "读数"}, Required: true},
		{Key: colMultiplier, Names: []string{"倍率", "倍数", "互感器倍率"}},
		{Key: colReadOn, Names: []string{"抄表日期", "抄表时间", "读数日期", "抄表日"}, Role: sheet.RoleProof, Required: true},
		{Key: colEstimated, Names: []string{"抄表方式", "读数类型", "是否估抄", "估抄"}},
	}
}

// readingWords distinguishes true readings from estimates. 是 and 否 answer the column
// 是否估抄. A blank cell is a true reading.
var readingWords = keywords(map[string]string{"true": "实抄 实读 实际 抄见 远传 否", "estimated": "估抄 估读 估计 估 是"})

// read reads a row. Whether the meter runs backwards is checked later, when the
// reading before is known: less than an estimate may be right.
func (t *meterTable) read(row *sheet.Row) meterRow {
	r := meterRow{roomRef: t.roomRef(row), serial: t.identifier(row, colSerial, 64), item: t.requiredName(row, colItem, 40)}
	r.value, _ = t.figure(row, colValue, calc.ReadingBounds)
	// figure accepts a blank cell, and a row without a reading has no use.
	if row.Blank(colValue) {
		t.addMistake(row.Mistake(colValue, "不能为空"))
	}
	// Blank is a base, which is never usage, and 0 may be. A dash could be either.
	if row.Dash(colPrevious) {
		t.addMistake(row.Mistake(colPrevious, "「-」可能是 0，也可能是没有，请填 0 或留空"))
	}
	if previous, has := t.figure(row, colPrevious, calc.ReadingBounds); has {
		r.previous = decimal.NewNullDecimal(previous)
	}
	r.estimated = t.keyword(row, colEstimated, readingWords, "实抄、估抄") == "estimated"
	r.multiplier = decimal.NewFromInt(1)
	if m, has := t.figure(row, colMultiplier, calc.MultiplierBounds); has {
		if r.multiplier = m; m.IsZero() {
			t.addMistake(row.Mistake(colMultiplier, "应大于 0"))
		}
	}
	// A reading after today would lock the meter until that day.
	r.readOn = t.requiredDay(row, colReadOn)
	if r.readOn > t.tx.Today() {
		t.addMistake(row.Mistake(colReadOn, "在今天之后，不可能已经抄到"))
	}
	r.readOn = t.within(row, colReadOn, r.readOn, bounds{years: yearsAhead})
	return r
}

// end reports readings that do not continue from one another. It can only be known at the
// end, because the rows of a meter may stand anywhere in the file, in any order of days.
func (t *meterTable) end() error {
	t.chain.check(t.addMistakeAt, t.rowName)
	return nil
}

// meterID identifies a meter: serial is [models.NameKey] of its number. A serial alone is not enough, because two rooms may use the
// same one, and so may the water meter and the electricity meter of one room.
type meterID struct{ room, item, serial string }

// batch adds the meters and readings that are not stored yet. Added counts readings; a
// meter is not counted by itself. Nothing is audited row by row: [Import] records the
// file.
func (t *meterTable) batch(rows []meterRow) error {
	refs := make([]roomRef, len(rows))
	for i, r := range rows {
		refs[i] = r.roomRef
	}
	rooms, err := t.findRooms(refs)
	if err != nil {
		return err
	}
	meters, readings, err := t.existingMeters(rooms)
	if err != nil {
		return err
	}
	// A meter without readings has no earlier multipliers: a change of the multiplier
	// leaves a reading on its day.
	if t.before, err = fees.MultipliersOfMeters(t.tx, slices.Collect(maps.Keys(readings))); err != nil {
		return err
	}
	if t.gone, err = fees.WithdrawnReadings(t.tx, idsOf(meters)); err != nil {
		return err
	}
	return t.add(rows, rooms, meters, readings)
}

// add adds what the rows of a batch have that is not stored. readings are those that are
// there, by meter.
func (t *meterTable) add(rows []meterRow, rooms []estate.Room, meters map[meterID]fees.Meter, readings map[string][]fees.Reading) error {
	var newMeters []fees.Meter
	var newReadings []fees.Reading
	for i, r := range rows {
		// findRooms has recorded the mistake.
		if rooms[i].ID == "" {
			continue
		}
		item, err := t.itemOf(rooms[i].CommunityID, r.item)
		if err != nil {
			return err
		}
		id := meterID{rooms[i].ID, item, models.NameKey(r.serial)}
		m, ok := meters[id]
		if !ok {
			// The later rows of the batch find this meter too, and are compared with
			// its multiplier. It has no day of installation: it counts from its first
			// reading on.
			m = fees.Meter{
				ID: models.NewID(), RoomID: id.room, Item: id.item, Serial: r.serial, Multiplier: r.multiplier.String(),
				CreatedAt: t.tx.Now,
			}
			meters[id] = m
			newMeters = append(newMeters, m)
		}
		add, err := t.compare(r, id, m, readings[m.ID])
		if err != nil {
			return err
		}
		if !add {
			continue
		}
		t.decide(r.row, added)
		reading := fees.Reading{
			ID: models.NewID(), MeterID: m.ID, ReadOn: r.readOn, Value: r.value.String(), Multiplier: r.multiplier.String(),
			Estimated: r.estimated, CreatedAt: t.tx.Now,
		}
		if r.previous.Valid {
			reading.Previous = r.previous.Decimal.String()
		}
		newReadings = append(newReadings, reading)
	}
	if !t.write || len(newReadings) == 0 {
		return nil
	}
	// Readings refer to their meters, which are therefore inserted first.
	if err := fees.InsertMeters(t.tx, newMeters); err != nil {
		return err
	}
	for i := range newMeters {
		t.addsRows("meters", newMeters[i].ID)
	}
	for i := range newReadings {
		t.addsRows("readings", newReadings[i].ID)
	}
	return fees.InsertReadings(t.tx, newReadings)
}

// idsOf returns the ids of meters.
func idsOf(meters map[meterID]fees.Meter) (ids []string) {
	for _, m := range meters {
		ids = append(ids, m.ID)
	}
	return ids
}

// existingMeters returns the meters of the rooms, removed ones included, and, by meter,
// all its readings, oldest first: a row may fall between any two of them, or before the
// oldest.
func (t *meterTable) existingMeters(rooms []estate.Room) (map[meterID]fees.Meter, map[string][]fees.Reading, error) {
	var ids []string
	for _, r := range rooms {
		if r.ID != "" {
			ids = append(ids, r.ID)
		}
	}
	list, err := fees.MetersOfRooms(t.tx, ids)
	if err != nil {
		return nil, nil, err
	}
	meters := make(map[meterID]fees.Meter, len(list))
	meterIDs := make([]string, len(list))
	for i, m := range list {
		meters[meterID{m.RoomID, m.Item, models.NameKey(m.Serial)}] = m
		meterIDs[i] = m.ID
	}
	readings, err := fees.ReadingsBetween(t.tx, meterIDs, 1, calc.Forever)
	return meters, readings, err
}
