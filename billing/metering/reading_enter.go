package metering

import (
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// maxSheet limits the meters of a sheet. A building of thirty floors with eight
// rooms each has 240.
const maxSheet = 1000

// SheetRequest selects the meters of a sheet: those of a building for one fee
// item, on the day of the reading.
type SheetRequest struct {
	Scope       office.Scope
	CommunityID string
	Building    string
	Item        string
	On          models.Date
}

// SheetLine is a meter to be read, with its last reading and usual consumption.
type SheetLine struct {
	Room  estate.Room
	Meter fees.Meter
	Last  *fees.Reading   // nil: the next reading is the base
	Usual decimal.Decimal // usual usage of the days since, before the multiplier
	Known bool            // reports whether Usual is known
	state meterState
}

// MeterSheet returns the meters to be read, in the order of their rooms, at most
// maxSheet of them. It lists the meters in use on req.On, which includes the day of
// installation and that of removal. Usual is not known without enough readings, or if
// the last reading is of req.On or later.
func MeterSheet(tx *store.Tx, req SheetRequest) ([]SheetLine, error) {
	list, err := fees.MetersFor(tx, fees.MeterFilter{
		Scope: req.Scope, CommunityID: req.CommunityID, Building: req.Building, Item: req.Item, On: req.On, Limit: maxSheet,
	})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.ID
	}
	readings, err := fees.ReadingsBetween(tx, ids, 1, calc.Forever)
	if err != nil {
		return nil, err
	}
	out := make([]SheetLine, len(list))
	for i, m := range list {
		l := &out[i]
		l.Room, l.Meter = m.Room, m.Meter
		if l.state, err = stateOfMeter(m.Meter, readings[m.ID]); err != nil {
			return nil, err
		}
		if last, read := l.state.last(); read {
			l.Last = &last
			multiplier, err := decimal.NewFromString(m.Multiplier)
			if err == nil && l.state.known && multiplier.IsPositive() && req.On > last.ReadOn {
				l.Usual, l.Known = l.state.usualUntil(req.On).DivRound(multiplier, 1), true
			}
		}
	}
	return out, nil
}

// CheckReadings returns for each typed reading what it would count, what is unusual
// about it and why it cannot be stored, in the order given. It returns
// [models.ErrNotFound] if a meter is not on the sheet. It takes no lock, and what it
// returns is for a person to look at: [EnterReadings] checks again under the lock.
func CheckReadings(tx *store.Tx, req SheetRequest, typed []TypedReading) ([]ReadingCheck, error) {
	lines, err := MeterSheet(tx, req)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*SheetLine, len(lines))
	for i := range lines {
		byID[lines[i].Meter.ID] = &lines[i]
	}
	out := make([]ReadingCheck, len(typed))
	for i, t := range typed {
		l, ok := byID[t.MeterID]
		if !ok {
			return nil, models.ErrNotFound
		}
		out[i] = checkReading(&l.state, t, req.On, tx.Today())
	}
	return out, nil
}

// Refusals of [EnterReadings]. The checks show which reading they concern.
var (
	// ErrReadingsRefused: at least one reading is refused; nothing is stored.
	ErrReadingsRefused = models.Refusal(models.KindUnprocessable, "READINGS_REFUSED", "有读数不能保存，请按提示更正，全部未保存")
	// ErrReadingsOdd: at least one reading is unusual and not confirmed.
	ErrReadingsOdd = models.Refusal(models.KindConflict, "READINGS_ODD", "有读数与平时相差很大，请核对后确认")
	// ErrNoReadings: nothing was typed.
	ErrNoReadings = models.Invalid("NO_READINGS", "没有填写读数")
)

// EnterReadings stores what a person typed for the meters of a sheet, all of it or
// none. It returns [ErrNoReadings], [ErrReadingsRefused], or [ErrReadingsOdd] if a
// reading is unusual and not confirmed. The latter two come with the checks.
// Confirmation does not help against a refusal. The check of a second reading of one
// meter has the refusal [ErrReadOrder].
//
// The lock of the community is taken before the last readings are read. Of two people who
// enter the same sheet at once the second is refused, because the meters then have a
// reading of that day.
func EnterReadings(tx *store.Tx, by models.Actor, req SheetRequest, typed []TypedReading, confirmed bool) ([]ReadingCheck, error) {
	if len(typed) == 0 {
		return nil, ErrNoReadings
	}
	if err := estate.LockCommunity(tx, req.CommunityID); err != nil {
		return nil, err
	}
	checks, err := CheckReadings(tx, req, typed)
	if err != nil {
		return nil, err
	}
	odd, refused := 0, false
	seen := make(map[string]bool, len(checks))
	readings := make([]fees.Reading, len(checks))
	for i := range checks {
		c := &checks[i]
		if seen[c.Meter.ID] {
			c.Refusal = ErrReadOrder
		}
		seen[c.Meter.ID] = true
		refused = refused || c.Refusal != nil
		if c.Oddity != "" {
			odd++
		}
		readings[i] = completeReading(tx, by, c.Reading)
	}
	switch {
	case refused:
		return checks, ErrReadingsRefused
	case odd > 0 && !confirmed:
		return checks, ErrReadingsOdd
	}
	if err := fees.InsertReadings(tx, readings); err != nil {
		return checks, err
	}
	return checks, office.Audit(tx, by, "meters.read", "community", req.CommunityID, map[string]any{
		"building": req.Building, "item": req.Item, "on": req.On.String(), "rows": len(readings), "odd": odd,
	})
}

// completeReading fills in id, author and time of a reading before it is
// stored.
func completeReading(tx *store.Tx, by models.Actor, r fees.Reading) fees.Reading {
	r.ID, r.ByName, r.CreatedAt = models.NewID(), by.Name, tx.Now
	return r
}

// openMeter reads a meter for a change, with all its readings, under the lock of its
// community, which keeps imports and billing runs out. It returns [models.ErrNotFound]
// if there is no such meter or the scope does not include its room. The community is
// known by the meter, so that the meter is read before the lock, and again under it:
// somebody may have changed it in between.
func openMeter(tx *store.Tx, scope office.Scope, meterID string) (s meterState, room estate.Room, err error) {
	m, err := fees.MeterByID(tx, meterID)
	if err != nil {
		return s, room, err
	}
	if room, _, err = estate.ScopedRoom(tx, scope, m.RoomID); err != nil {
		return s, room, err
	}
	if err := estate.LockCommunity(tx, room.CommunityID); err != nil {
		return s, room, err
	}
	if m, err = fees.MeterByID(tx, meterID); err != nil { // again, now under the lock
		return s, room, err
	}
	readings, err := fees.ReadingsBetween(tx, []string{m.ID}, 1, calc.Forever)
	if err != nil {
		return s, room, fmt.Errorf("readings of meter %s: %w", m.ID, err)
	}
	s, err = stateOfMeter(m, readings[m.ID])
	return s, room, err
}
