package issuing

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// maxChangesShown is how many changed bills a preview lists.
const maxChangesShown = 10

// TariffEffect holds what a change of a tariff does to the next bill of each
// room. The next bill is that of the first cycle that begins on or after the
// change, billed in full.
type TariffEffect struct {
	// From is the month from which those cycles begin.
	From calc.Period
	// Rooms were examined; Bills is how many of them have a next bill of the
	// item, and Changed how many of those change their amount.
	Rooms   int
	Bills   int
	Changed int
	OldFen  models.Fen
	NewFen  models.Fen
	// Biggest are the largest changes, the largest first.
	Biggest []BillChange
	// OwnPrice is how many rooms of the tariff are billed by a price of their own, which
	// no new price changes, and OwnCycle how many by a cycle of their own.
	OwnPrice int
	OwnCycle int
	// ByUsage reports a price by meter. It is computed with the usage that each
	// room was billed last.
	ByUsage bool
	// Standing is how many bills are issued already for days from the change
	// on. They stay as they are.
	Standing int
	terms    fees.Tariff
}

// BillChange is a bill before and after a change of its tariff.
type BillChange struct {
	Room   estate.Room
	OldFen models.Fen
	NewFen models.Fen
}

// Fingerprint returns a hash of what the user was shown and of the new terms.
// [ChangeTariff] compares it to detect changes since the preview.
func (e TariffEffect) Fingerprint() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d %d %d %d %d %d %+v", e.From, e.Bills, e.Changed, e.OldFen, e.NewFen,
		e.Standing, e.OwnPrice, e.OwnCycle, e.terms))
	return hex.EncodeToString(sum[:16])
}

// PreviewTariff computes what [ChangeTariff] would do. It changes nothing and
// reads the rooms page by page.
func PreviewTariff(ctx context.Context, db *store.DB, oldID string, next fees.Tariff) (TariffEffect, error) {
	tx := db.View(ctx)
	old, err := fees.TariffByID(tx, oldID)
	if err != nil {
		return TariffEffect{}, err
	}
	if err := prepareSuccessor(old, &next); err != nil {
		return TariffEffect{}, err
	}
	p, err := newTariffPreview(tx, old, next)
	if err != nil {
		return TariffEffect{}, err
	}
	if err := p.walk(ctx, old.CommunityID); err != nil {
		return p.effect, err
	}
	p.effect.Standing, err = fees.BillsFrom(tx, old.CommunityID, old.ID, next.FromOn)
	return p.effect, err
}

// walk adds the next bills of all rooms of a community, page by page.
func (p *tariffPreview) walk(ctx context.Context, communityID string) error {
	after := ""
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		rooms, err := estate.RoomsPage(p.tx, communityID, after, 1000)
		if err != nil {
			return err
		}
		if err := p.rooms(rooms); err != nil {
			return err
		}
		if len(rooms) < 1000 {
			break
		}
		after = rooms[len(rooms)-1].CodeKey
	}
	p.effect.trim()
	return nil
}

// tariffPreview compares the tariffs of a community before and after a change
// of one item.
type tariffPreview struct {
	tx            *store.Tx
	item          string
	before, after *tariffBook
	effect        TariffEffect
}

// newTariffPreview builds both books of tariffs. In the second one the old
// version ends the day before the new one begins. Cycles count from the first
// month that begins on or after the change, but not before this month. For
// example, a change on 10 March shows in the cycles from April on.
func newTariffPreview(tx *store.Tx, old, next fees.Tariff) (*tariffPreview, error) {
	list, err := fees.Tariffs(tx, old.CommunityID)
	if err != nil {
		return nil, err
	}
	var before, after []fees.Tariff
	for _, t := range list {
		if t.Item != old.Item {
			// Other items decide whether a room's own price applies: see
			// tariffBook.forRoom.
			before, after = append(before, t), append(after, t)
			continue
		}
		if t.ID != old.ID && sameRooms(t, next) && calc.TariffDays(t).Overlaps(calc.TariffDays(next)) {
			return nil, errTariffOverlap(t)
		}
		before = append(before, t)
		if t.ID == old.ID {
			t.ToOn = next.FromOn - 1
		}
		after = append(after, t)
	}
	after = append(after, next)
	return previewBooks(tx, old, next, before, after)
}

// previewBooks returns the preview of a change from one book of tariffs to another. next
// has the first day of the change.
func previewBooks(tx *store.Tx, old, next fees.Tariff, before, after []fees.Tariff) (p *tariffPreview, err error) {
	p = &tariffPreview{tx: tx, item: old.Item}
	p.effect.terms = next
	p.effect.terms.ID, p.effect.terms.CreatedAt, p.effect.terms.UpdatedAt = "", models.Time{}, models.Time{}
	if p.before, err = parseTariffs(before); err != nil {
		return nil, err
	}
	if p.after, err = parseTariffs(after); err != nil {
		return nil, err
	}
	first := max(next.FromOn, tx.Today())
	y, m, _ := first.Parts()
	p.effect.From = calc.Period{Year: y, Month: m}
	if p.effect.From.First() < next.FromOn { // a change within a month shows in the next one
		p.effect.From = p.effect.From.Plus(1)
	}
	p.effect.ByUsage = old.Method == fees.MethodMeter
	return p, nil
}

// rooms adds the next bills of some rooms.
func (p *tariffPreview) rooms(rooms []estate.Room) error {
	ids := make([]string, len(rooms))
	for i, r := range rooms {
		ids[i] = r.ID
	}
	vacancies, err := estate.VacanciesOfRooms(p.tx, ids, p.effect.From.First(), p.effect.From.Plus(24).Last())
	if err != nil {
		return err
	}
	var usage map[string]string
	if p.effect.ByUsage {
		if usage, err = fees.LatestBases(p.tx, ids, p.item); err != nil {
			return err
		}
	}
	for _, room := range rooms {
		old, had, err := p.next(p.before, room, vacancies[room.ID], usage[room.ID])
		if err != nil {
			return err
		}
		fresh, by, err := p.next(p.after, room, vacancies[room.ID], usage[room.ID])
		if err != nil {
			return err
		}
		p.effect.Rooms++
		if had != nil || by != nil {
			p.effect.add(BillChange{Room: room, OldFen: old, NewFen: fresh})
		}
		if by != nil && by.FromOn == p.effect.terms.FromOn && sameRooms(by.Tariff, p.effect.terms) {
			p.effect.countOwn(by)
		}
	}
	return nil
}

// countOwn counts a room whose own price or cycle takes precedence over the new one.
func (e *TariffEffect) countOwn(f *roomTariff) {
	if f.ownPrice {
		e.OwnPrice++
	}
	if f.ownCycle {
		e.OwnCycle++
	}
}

// next returns the next bill of a room by a book of tariffs, and what it is billed by;
// nil if there is none.
func (p *tariffPreview) next(b *tariffBook, room estate.Room, vacancies []estate.Vacancy, usage string) (models.Fen, *roomTariff, error) {
	fits, err := b.forRoom(room, calc.Days{From: p.effect.From.First(), To: calc.Forever})
	if err != nil {
		return 0, nil, err
	}
	for _, f := range fits {
		if f.Item != p.item {
			continue
		}
		d := nextCycle(p.effect.From, f).Within(calc.Days{From: room.HandedOverOn, To: calc.Forever})
		day := calc.Days{From: d.From, To: d.From}
		if d.Empty() || !f.inForce.Overlaps(day) || slices.ContainsFunc(f.overridden, day.Overlaps) {
			continue
		}
		switch f.Method {
		case fees.MethodArea, fees.MethodFixed:
			fen, _, err := charge(room, f, d.Within(f.inForce), vacancies)
			if fen == 0 {
				return 0, nil, err
			}
			return fen, &f, err
		case fees.MethodMeter:
			quantity, ok := basisQuantity(usage)
			if !ok {
				return 0, nil, nil
			}
			fen, _, err := meterCharge(f.tariff, quantity, nil, decimal.Zero)
			return fen, &f, err
		}
	}
	return 0, nil, nil
}

// nextCycle returns the first cycle of a tariff that begins in a month or
// later.
func nextCycle(p calc.Period, f roomTariff) calc.Days {
	d := p.CycleOf(f.cycle, f.CycleStart)
	if d.From < p.First() {
		y, m, _ := (d.To + 1).Parts()
		d = (calc.Period{Year: y, Month: m}).CycleOf(f.cycle, f.CycleStart)
	}
	return d
}

// basisQuantity returns the quantity of a metered bill, from its basis. It
// returns false if the room has no such bill, and for a negative quantity.
func basisQuantity(kept string) (decimal.Decimal, bool) {
	var b calc.Basis
	if kept == "" || json.Unmarshal([]byte(kept), &b) != nil || b.Kind != fees.MethodMeter {
		return decimal.Zero, false
	}
	usage, err := decimal.NewFromString(b.Usage)
	if err != nil {
		return decimal.Zero, false
	}
	multiplier, err := decimal.NewFromString(cmp.Or(b.Multiplier, "1"))
	return usage.Mul(multiplier), err == nil && !usage.IsNegative()
}

// add counts a bill and stores it if its change may be among the largest.
func (e *TariffEffect) add(c BillChange) {
	e.Bills++
	e.OldFen, e.NewFen = e.OldFen.Plus(c.OldFen), e.NewFen.Plus(c.NewFen)
	if c.OldFen == c.NewFen {
		return
	}
	e.Changed++
	e.Biggest = append(e.Biggest, c)
	if len(e.Biggest) > 2*maxChangesShown {
		e.trim()
	}
}

// trim keeps the largest changes, up or down; equal ones are in order of rooms.
func (e *TariffEffect) trim() {
	size := func(c BillChange) models.Fen { return max(c.NewFen-c.OldFen, c.OldFen-c.NewFen) }
	slices.SortStableFunc(e.Biggest, func(a, b BillChange) int {
		return cmp.Or(cmp.Compare(size(b), size(a)), cmp.Compare(a.Room.CodeKey, b.Room.CodeKey))
	})
	e.Biggest = e.Biggest[:min(len(e.Biggest), maxChangesShown)]
}
