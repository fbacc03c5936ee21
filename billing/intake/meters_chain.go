package intake

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// compare tells whether a row's reading is to be added. What is there already is
// counted or noted.
func (t *meterTable) compare(r meterRow, id meterID, m fees.Meter, stored []fees.Reading) (add bool, err error) {
	if r.readOn < m.InstalledOn || m.RemovedOn != 0 && r.readOn > m.RemovedOn {
		t.note(r.row.Mistake(colReadOn, "这只表在该日期没有使用"))
		return false, nil
	}
	multiplier, err := decimal.NewFromString(m.MultiplierOn(r.readOn, t.before[m.ID]))
	if err != nil {
		return false, fmt.Errorf("multiplier of meter %s: %w", m.ID, err)
	}
	if !multiplier.Equal(r.multiplier) {
		// The multiplier belongs to the meter: another one would change usage billed before.
		t.note(r.row.Mistake(colMultiplier, "与系统登记的倍率不同，更换倍率请按新表登记"))
		return false, nil
	}
	link := chainLink{key: keyOf(id.room, id.item, id.serial), row: rowNumber(r.row.Number()), on: r.readOn,
		value: scaled(r.value), previous: none, afterPrevious: none, trueValue: none, estimated: r.estimated}
	if r.previous.Valid {
		link.previous = scaled(r.previous.Decimal)
	}
	there := false
	for _, s := range stored {
		value, previous, err := figures(s)
		if err != nil {
			return false, err
		}
		switch {
		case s.ReadOn < r.readOn:
			link.beforeOn, link.beforeValue, link.beforeEstimated = s.ReadOn, value, s.Estimated
			if !s.Estimated {
				link.trueValue = value
			}
		case s.ReadOn > r.readOn:
			if link.afterOn == 0 {
				link.afterOn, link.afterPrevious = s.ReadOn, previous
			}
		case value == link.value && previous == link.previous: // also one that staff marked as an estimate since
			there, link.there, link.estimated = true, true, s.Estimated
		default:
			t.note(r.row.Mistake(colValue, "系统中已有该表当天的读数，且与此不同"))
			return false, nil
		}
	}
	if !t.write {
		t.chain = append(t.chain, link)
	}
	if there {
		t.result.Unchanged++
		return false, nil
	}
	return true, nil
}

// none stands for a reading that is not given; readings are not negative.
const none = int64(-1)

// scaled is a reading as an integer: exact, as its decimals are bounded.
func scaled(d decimal.Decimal) int64 { return d.Shift(calc.ReadingPlaces).IntPart() }

// figures are the two readings of a stored one, scaled; previous is none for a base.
func figures(s fees.Reading) (value, previous int64, err error) {
	d, err := decimal.NewFromString(s.Value)
	if err != nil {
		return 0, 0, fmt.Errorf("value of reading %s: %w", s.ID, err)
	}
	if s.Previous == "" {
		return scaled(d), none, nil
	}
	p, err := decimal.NewFromString(s.Previous)
	if err != nil {
		return 0, 0, fmt.Errorf("previous of reading %s: %w", s.ID, err)
	}
	return scaled(d), scaled(p), nil
}

// chainLink is what is remembered of a row to see whether the readings of a meter
// join, whatever their order in the file and whatever lies between them in the
// books: 80 bytes.
type chainLink struct {
	key             rowKey
	value, previous int64
	beforeValue     int64 // the stored reading before this day, when beforeOn is set
	afterPrevious   int64 // what the stored reading after this day goes on from
	trueValue       int64 // the last stored reading before this day that was no estimate
	on              models.Date
	beforeOn        models.Date
	afterOn         models.Date
	row             int32
	estimated       bool
	there           bool // in the books already
	beforeEstimated bool // of the stored reading before this day
}

// chain is the readings of a whole file, at first in its order.
type chain []chainLink

// check notes readings that do not go on from the one before: of the file or of
// the books, whichever is nearer.
func (c chain) check(note func(row int32, column, reason string)) {
	slices.SortFunc(c, func(a, b chainLink) int {
		return cmp.Or(bytes.Compare(a.key[:], b.key[:]), cmp.Compare(a.on, b.on), cmp.Compare(a.row, b.row))
	})
	for i, x := range c {
		var before *chainLink
		if i > 0 && c[i-1].key == x.key {
			before = &c[i-1]
		}
		if before != nil && before.on == x.on {
			note(max(x.row, before.row), colReadOn, fmt.Sprintf("与第 %d 行是同一只表同一天的读数", min(x.row, before.row)))
			continue
		}
		c[i].trueValue = x.trueBefore(before)
		c[i].checkBefore(before, note)
		nearest := i+1 == len(c) || c[i+1].key != x.key || c[i+1].on > x.afterOn
		if x.afterOn != 0 && nearest && x.afterPrevious != none && x.afterPrevious != x.value {
			note(x.row, colValue, fmt.Sprintf("与系统中 %s 的上次读数不衔接", x.afterOn))
		}
	}
}

// fromFile tells whether the reading before x is that of the file.
func (x chainLink) fromFile(before *chainLink) bool { return before != nil && before.on >= x.beforeOn }

// trueBefore is what the last reading before x showed that was no estimate.
func (x chainLink) trueBefore(before *chainLink) int64 {
	switch {
	case !x.fromFile(before):
		return x.trueValue
	case before.estimated:
		return before.trueValue
	}
	return before.value
}

// checkBefore compares a reading with the nearest one before it, before being that
// of the file, if any. Less than an estimate is right if it is no less than what the
// meter truly showed last.
func (x chainLink) checkBefore(before *chainLink, note func(int32, string, string)) {
	value, which, estimate := x.beforeValue, fmt.Sprintf("系统中 %s 的读数", x.beforeOn), x.beforeEstimated
	first := false
	switch {
	case x.fromFile(before):
		value, which, estimate = before.value, fmt.Sprintf("第 %d 行的读数", before.row), before.estimated
	case x.beforeOn == 0:
		value, first = x.previous, true
	}
	settles := estimate && !x.estimated && x.value >= x.trueValue
	switch {
	case x.there:
	case x.previous != none && x.value < x.previous && !settles:
		note(x.row, colValue, "小于上次读数")
	case first && x.previous == none && x.estimated:
		note(x.row, colEstimated, "第一次读数是底数，不能估抄")
	case first:
	case x.previous == none && x.value < value:
		note(x.row, colValue, "小于"+which)
	case x.previous != none && x.previous != value:
		note(x.row, colPrevious, "与"+which+"不同")
	}
}
