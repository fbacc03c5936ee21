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

// compare reports whether a row's reading is to be added. A reading that is stored
// already is counted, or recorded as a mistake if it differs. stored are the meter's
// readings, oldest first. Figures in the books that are not numbers are returned as an
// error.
func (t *meterTable) compare(r meterRow, id meterID, m fees.Meter, stored []fees.Reading) (add bool, err error) {
	// The first and the last day count: on the day of an exchange the old meter and the
	// new one are both read.
	if r.readOn < m.InstalledOn || m.RemovedOn != 0 && r.readOn > m.RemovedOn {
		t.addMistake(r.row.Mistake(colReadOn, "这只表在该日期没有使用"))
		return false, nil
	}
	multiplier, err := decimal.NewFromString(m.MultiplierOn(r.readOn, t.before[m.ID]))
	if err != nil {
		return false, fmt.Errorf("multiplier of meter %s: %w", m.ID, err)
	}
	if !multiplier.Equal(r.multiplier) {
		// The multiplier belongs to the meter. Another one would change what was billed.
		t.addMistake(r.row.Mistake(colMultiplier, "与系统登记的倍率不同，更换倍率请按新表登记"))
		return false, nil
	}
	link := chainLink{key: keyOf(id.room, id.item, id.serial), row: r.row.Place(), on: r.readOn,
		value: scaled(r.value), previous: noReading, afterPrevious: noReading, trueValue: noReading, estimated: r.estimated}
	if r.previous.Valid {
		link.previous = scaled(r.previous.Decimal)
	}
	if t.withdrawn(r, m, stored) {
		return false, nil
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
		case value == link.value && previous == link.previous:
			// The same reading, even if staff have marked it as an estimate since.
			there, link.stored, link.estimated = true, true, s.Estimated
		default:
			t.addMistake(r.row.Mistake(colValue, "系统中已有该表当天的读数，且与此不同"))
			return false, nil
		}
	}
	if !t.write {
		t.chain = append(t.chain, link)
	}
	if there {
		t.decide(r.row, unchanged)
		return false, nil
	}
	return true, nil
}

// withdrawn reports whether staff have withdrawn the very reading of a row, which the old
// file must not bring back. If the value still counts, because the reading only goes on from
// another one now, the row is unchanged; else it is left out. Either is a warning.
func (t *meterTable) withdrawn(r meterRow, m fees.Meter, stored []fees.Reading) bool {
	same := func(s fees.Reading) bool {
		value, err := decimal.NewFromString(s.Value)
		return err == nil && s.ReadOn == r.readOn && value.Equal(r.value)
	}
	if !slices.ContainsFunc(t.gone[m.ID], same) {
		return false
	}
	for _, s := range stored {
		switch {
		case s.ReadOn != r.readOn || !same(s):
		case !r.previous.Valid || s.Previous == r.previous.Decimal.String():
			return false // the row is what counts now
		default:
			t.decide(r.row, unchanged)
			t.warn(r.row.Mistake(colPrevious, "前一次读数已被撤回，这次读数已改为接着 "+s.Previous+" 计算，未作改动"))
			return true
		}
	}
	t.decide(r.row, leftOut)
	t.warn(r.row.Mistake(colValue, "该读数已被撤回，未重新导入"))
	return true
}

// noReading stands for a reading that is not given. Readings are never
// negative.
const noReading = int64(-1)

// scaled returns a reading as an integer, in ten-thousandths of a unit: 12.5 is 125000.
// It is exact, because a reading has at most [calc.ReadingPlaces] decimals.
func scaled(d decimal.Decimal) int64 { return d.Shift(calc.ReadingPlaces).IntPart() }

// figures returns value and previous value of a stored reading, scaled.
// previous is noReading for a base.
func figures(s fees.Reading) (value, previous int64, err error) {
	d, err := decimal.NewFromString(s.Value)
	if err != nil {
		return 0, 0, fmt.Errorf("value of reading %s: %w", s.ID, err)
	}
	if s.Previous == "" {
		return scaled(d), noReading, nil
	}
	p, err := decimal.NewFromString(s.Previous)
	if err != nil {
		return 0, 0, fmt.Errorf("previous of reading %s: %w", s.ID, err)
	}
	return scaled(d), scaled(p), nil
}

// chainLink holds what must be remembered of a row to check whether the readings of a
// meter continue from one another, whatever their order in the file and whatever lies
// between them in the books. Figures are scaled; previous, afterPrevious and trueValue
// are noReading if there is none. A day that is zero means that there is no such
// reading. A link takes 80 bytes.
type chainLink struct {
	key             rowKey
	value, previous int64
	beforeValue     int64 // the stored reading before this day, if beforeOn is set
	afterPrevious   int64 // the previous value of the stored reading after this day
	trueValue       int64 // the last stored reading before this day that is no estimate
	on              models.Date
	beforeOn        models.Date
	afterOn         models.Date
	row             int32
	estimated       bool
	stored          bool // in the books already
	beforeEstimated bool // the stored reading before this day is an estimate
}

// chain holds the readings of a whole file, at first in its order.
type chain []chainLink

// rowNamer names an earlier row for a mistake in another one: see [pass.rowName].
type rowNamer func(earlier, at int32) string

// check reports readings that do not continue from the one before, in the file or in
// the books, whichever is nearer. It sorts the chain by meter and day. It compares a
// row with the next stored reading as well, unless the file has a row between the two.
func (c chain) check(note func(row int32, column, reason string), name rowNamer) {
	slices.SortFunc(c, func(a, b chainLink) int {
		return cmp.Or(bytes.Compare(a.key[:], b.key[:]), cmp.Compare(a.on, b.on), cmp.Compare(a.row, b.row))
	})
	for i, x := range c {
		var before *chainLink
		if i > 0 && c[i-1].key == x.key {
			before = &c[i-1]
		}
		// The row that stands later in the file is the mistake.
		if before != nil && before.on == x.on {
			note(max(x.row, before.row), colReadOn, fmt.Sprintf("与%s是同一只表同一天的读数", name(min(x.row, before.row), max(x.row, before.row))))
			continue
		}
		c[i].trueValue = x.trueBefore(before)
		c[i].checkBefore(before, note, name)
		// A row on the day of the stored reading is that reading once more, or a mistake already. It says nothing
		// about what lies before it now.
		nearest := i+1 == len(c) || c[i+1].key != x.key || c[i+1].on >= x.afterOn
		if x.afterOn != 0 && nearest && x.afterPrevious != noReading && x.afterPrevious != x.value {
			note(x.row, colValue, fmt.Sprintf("与系统中 %s 的上次读数不衔接", x.afterOn))
		}
	}
}

// fromFile reports whether the nearest reading before x is one of the file, not of the
// books.
func (x chainLink) fromFile(before *chainLink) bool { return before != nil && before.on >= x.beforeOn }

// trueBefore returns the last reading before x that is no estimate, or noReading if
// there is none. Links are visited in the order of days, so that of before is known
// already.
func (x chainLink) trueBefore(before *chainLink) int64 {
	switch {
	case !x.fromFile(before):
		return x.trueValue
	case before.estimated:
		return before.trueValue
	}
	return before.value
}

// checkBefore compares a reading with the nearest one before it. before is that
// of the file, or nil. A reading below an estimate is right if it is not below
// the last true reading. For example, after 100 (true) and 130 (estimate), 120
// settles the estimate and 90 is a mistake.
func (x chainLink) checkBefore(before *chainLink, note func(int32, string, string), name rowNamer) {
	value, which, estimate := x.beforeValue, fmt.Sprintf("系统中 %s 的读数", x.beforeOn), x.beforeEstimated
	first := false
	switch {
	case x.fromFile(before):
		value, which, estimate = before.value, name(before.row, x.row)+"的读数", before.estimated
	case x.beforeOn == 0:
		value, first = x.previous, true
	}
	settles := estimate && !x.estimated && x.value >= x.trueValue
	switch {
	case x.stored:
	case x.previous != noReading && x.value < x.previous && !settles:
		note(x.row, colValue, "小于上次读数")
	case first && x.previous == noReading && x.estimated:
		note(x.row, colEstimated, "第一次读数是底数，不能估抄")
	case first:
	case x.previous == noReading && x.value < value:
		note(x.row, colValue, "小于"+which)
	case x.previous != noReading && x.previous != value:
		note(x.row, colPrevious, "与"+which+"不同")
	}
}
