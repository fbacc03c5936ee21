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

// meterTable takes in meters and what they showed. A reading that is kept is
// never changed: bills may rest on it. A reading without a previous one is a base
// and never usage, also where the meter has earlier readings: what was used in
// between only the company knows.
type meterTable struct {
	*pass
	chain  chain
	before map[string][]fees.MeterMultiplier // of the batch's meters
}

// meterRow is a row that has been read; previous is not valid for a base.
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

const (
	colSerial     = "serial"
	colPrevious   = "previous"
	colValue      = "value"
	colMultiplier = "multiplier"
	colReadOn     = "read_on"
	colEstimated  = "estimated"
)

func (t *meterTable) columns() []sheet.Column {
	return []sheet.Column{
		{Key: colCommunity, Names: communityNames},
		{Key: colRoom, Names: roomNames, Required: true},
		{Key: colSerial, Names: []string{"表号", "表计编号", "仪表编号", "水表号", "电表号", "表具编号"}, Required: true},
		{Key: colItem, Names: itemNames, Required: true},
		{Key: colPrevious, Names: []string{"上次读数", "上期读数", "上月读数", "起数", "起码", "期初读数"}},
		{Key: colValue, Names: []string{"本次读数", "本期读数", "本月读数", "止数", "止码", "期末读数", "读数"}, Required: true},
		{Key: colMultiplier, Names: []string{"倍率", "倍数", "互感器倍率"}},
		{Key: colReadOn, Names: []string{"抄表日期", "抄表时间", "读数日期", "抄表日"}, Required: true},
		{Key: colEstimated, Names: []string{"抄表方式", "读数类型", "是否估抄", "估抄"}},
	}
}

// readingWords tell true readings from estimates.
var readingWords = words(map[string]string{"true": "实抄 实读 实际 抄见 远传 否", "estimated": "估抄 估读 估计 估 是"})

// read takes a row. Whether the meter runs backwards is seen when it is known what
// the reading before was: less than an estimate may be right.
func (t *meterTable) read(row *sheet.Row) meterRow {
	r := meterRow{roomRef: t.roomRef(row), serial: t.required(row, colSerial, 64), item: t.required(row, colItem, 40)}
	r.value, _ = t.figure(row, colValue, calc.ReadingBounds)
	if row.Blank(colValue) {
		t.note(row.Mistake(colValue, "不能为空"))
	}
	if previous, has := t.figure(row, colPrevious, calc.ReadingBounds); has {
		r.previous = decimal.NewNullDecimal(previous)
	}
	r.estimated = t.word(row, colEstimated, readingWords, "实抄、估抄") == "estimated"
	r.multiplier = decimal.NewFromInt(1)
	if m, has := t.figure(row, colMultiplier, calc.MultiplierBounds); has {
		if r.multiplier = m; m.IsZero() {
			t.note(row.Mistake(colMultiplier, "应大于 0"))
		}
	}
	r.readOn = t.requiredDate(row, colReadOn)
	return r
}

// end notes readings that do not join.
func (t *meterTable) end() error {
	t.chain.check(t.noteAt)
	return nil
}

// meterID is how people know a meter: a serial alone may be used in two rooms.
type meterID struct{ room, item, serial string }

// batch adds the meters and readings that are not there yet.
func (t *meterTable) batch(rows []meterRow) error {
	refs := make([]roomRef, len(rows))
	for i, r := range rows {
		refs[i] = r.roomRef
	}
	rooms, err := t.findRooms(refs)
	if err != nil {
		return err
	}
	meters, readings, err := t.metersThere(rooms)
	if err != nil {
		return err
	}
	if t.before, err = fees.MultipliersOfMeters(t.tx, slices.Collect(maps.Keys(readings))); err != nil {
		return err
	}
	var newMeters []fees.Meter
	var newReadings []fees.Reading
	for i, r := range rows {
		if rooms[i].ID == "" {
			continue
		}
		id := meterID{rooms[i].ID, r.item, r.serial}
		m, ok := meters[id]
		if !ok {
			m = fees.Meter{
				ID: models.NewID(), RoomID: id.room, Item: id.item, Serial: id.serial, Multiplier: r.multiplier.String(),
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
		t.result.Added++
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
	if err := fees.InsertMeters(t.tx, newMeters); err != nil {
		return err
	}
	return fees.InsertReadings(t.tx, newReadings)
}

// metersThere gives the meters of the rooms, and by meter its readings, oldest
// first.
func (t *meterTable) metersThere(rooms []estate.Room) (map[meterID]fees.Meter, map[string][]fees.Reading, error) {
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
		meters[meterID{m.RoomID, m.Item, m.Serial}] = m
		meterIDs[i] = m.ID
	}
	readings, err := fees.ReadingsBetween(t.tx, meterIDs, 1, calc.Forever)
	return meters, readings, err
}
