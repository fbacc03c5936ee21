package issuing

import (
	"fmt"
	"slices"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// A gap 未计费日期 is a run of days of a room and fee item, within one cycle of a tariff, on
// which the tariff was in force and the room handed over, and which no bill covers: neither
// of this run nor of any other, imported ones included. Gaps come about when a room is
// entered after its handover, a tariff after its first day, or a vacancy that cost nothing
// is ended early.
//
// A run lists gaps and bills none, unless it is told to. Days before the first period that
// was ever run in the community are told apart: they may have been paid before these books
// began. What would cost nothing is no gap. Cycles that begin after the period or after
// today are no gaps either: their own runs are still to come.

// Gaps that a run bills, as a [fees.BillingRun] stores them.
const (
	GapsNone  = ""      // they are listed only
	GapsSince = "since" // those of the days since the first period that was run
	GapsAll   = "all"   // those of the days before as well
)

// validGaps refuses anything but the constants above.
func validGaps(g string) error {
	if g != GapsNone && g != GapsSince && g != GapsAll {
		return models.Invalid("BILLING_GAPS", "请选择要补出的未计费日期")
	}
	return nil
}

// loadGaps reads what is billed of the rooms at any time: item by item first, and bill by
// bill only of rooms with a hole between two bills.
func (r *roomBatch) loadGaps(ids []string) error {
	first, err := fees.FirstPeriodRun(r.tx, r.community)
	if err != nil {
		return err
	}
	r.began = r.period.First()
	if first != "" {
		p, err := calc.ParsePeriod(first)
		if err != nil {
			return err
		}
		r.began = min(r.began, p.First())
	}
	y, m, _ := r.tx.Today().Parts()
	if r.horizon = r.period; r.period.First() > r.tx.Today() {
		r.horizon = calc.Period{Year: y, Month: m}
	}
	if r.known.covers, err = fees.BillCovers(r.tx, ids); err != nil {
		return err
	}
	var holes []string
	for id, list := range r.known.covers {
		if slices.ContainsFunc(list, func(c fees.BillCover) bool { return !c.Whole }) {
			holes = append(holes, id)
		}
	}
	slices.Sort(holes)
	r.known.everBilled, err = fees.BillSpans(r.tx, holes, 1, calc.Forever)
	return err
}

// covered returns the days of a room and item that bills cover, this batch's included.
func (r *roomBatch) covered(roomID, item string, fresh []fees.Bill) (out []calc.Days) {
	for _, c := range r.known.covers[roomID] {
		if c.Item == item && c.Whole {
			out = append(out, calc.Days{From: c.From, To: c.To})
		}
	}
	for _, s := range r.known.everBilled[roomID] {
		if s.Item == item {
			out = append(out, calc.Days{From: s.From, To: s.To})
		}
	}
	for i := range fresh {
		if fresh[i].Item == item {
			out = append(out, calc.Days{From: fresh[i].PeriodStart, To: fresh[i].PeriodEnd})
		}
	}
	return out
}

// without returns the days of d that none of the others has, in order.
func without(d calc.Days, others []calc.Days) (out []calc.Days) {
	slices.SortFunc(others, func(a, b calc.Days) int { return int(a.From - b.From) })
	for _, o := range others {
		if part := (calc.Days{From: d.From, To: min(d.To, o.From-1)}); !part.Empty() {
			out = append(out, part)
		}
		d.From = max(d.From, o.To+1)
	}
	if !d.Empty() {
		out = append(out, d)
	}
	return out
}

// gaps lists the gaps of a room or, if the run is told to, bills them. It comes after the
// bills of the period, which begin at mark.
func (r *roomBatch) gaps(room estate.Room, mark int) error {
	until := r.horizon.Around().To
	if room.HandedOverOn > until {
		return nil
	}
	fits, err := r.tariffs.forRoom(room, calc.Days{From: 1, To: until})
	if err != nil {
		return err
	}
	for _, f := range fits {
		if f.Method != fees.MethodArea && f.Method != fees.MethodFixed {
			continue
		}
		due := calc.Days{From: max(f.inForce.From, room.HandedOverOn), To: min(f.inForce.To, r.horizon.CycleOf(f.cycle, f.CycleStart).To)}
		if due.Empty() {
			continue
		}
		taken := append(r.covered(room.ID, f.Item, r.bills[mark:]), f.overridden...)
		g := gapRun{batch: r, room: room, f: f}
		for _, d := range without(due, taken) {
			if err := g.days(d); err != nil {
				return err
			}
		}
		g.flush()
	}
	return nil
}

// gapRun goes through the gaps of a room by one tariff. Neighbours of one kind become one
// line.
type gapRun struct {
	batch *roomBatch
	room  estate.Room
	f     roomTariff
	line  calc.Days
	kind  string
	fen   models.Fen
	whole models.Fen // what a whole cycle costs; 0: not known yet
}

// days divides days into cycles, as their own runs would have billed them.
func (g *gapRun) days(d calc.Days) error {
	for !d.Empty() {
		y, m, _ := d.From.Parts()
		month := calc.Period{Year: y, Month: m}
		cycle := month.CycleOf(g.f.cycle, g.f.CycleStart)
		if cycle.Empty() {
			return nil
		}
		part := d.Within(cycle)
		if err := g.part(month, part, part == cycle); err != nil {
			return err
		}
		d.From = part.To + 1
	}
	return nil
}

// part lists or bills a gap within one cycle. Whole cycles of a room without vacancies and
// without terms of its own all cost the same, so that years of them are computed once.
func (g *gapRun) part(month calc.Period, d calc.Days, cycle bool) error {
	r, kind := g.batch, fees.OddGap
	if d.From < r.began {
		kind = fees.OddGapBefore
	}
	billed := r.gapsBilled == GapsAll || r.gapsBilled == GapsSince && kind == fees.OddGap
	alike := cycle && g.room.Price == "" && g.room.Cycle == "" && len(r.known.vacancies[g.room.ID]) == 0
	fen := g.whole
	if !alike || fen == 0 || billed {
		f, err := g.at(month)
		if err != nil {
			return err
		}
		principal, basis, err := charge(g.room, f, d, r.known.vacancies[g.room.ID])
		if err != nil {
			return err
		}
		if f.Method == fees.MethodArea && basis.Area == "" {
			return nil // the run tells of the missing area
		}
		if fen = principal; alike {
			g.whole = fen
		}
		if billed {
			return r.bill(g.room, f, d, principal, basis)
		}
	}
	if fen == 0 { // a vacancy that costs nothing, say
		g.flush()
		return nil
	}
	if kind != g.kind || d.From != g.line.To+1 {
		g.flush()
		g.kind, g.line = kind, d
	}
	g.line.To, g.fen = d.To, g.fen.Plus(fen)
	return nil
}

// at returns the tariff as the run of a month would have applied it: whether a room's own
// price applies depends on the other tariffs of that time.
func (g *gapRun) at(month calc.Period) (roomTariff, error) {
	if g.room.Price == "" {
		return g.f, nil
	}
	fits, err := g.batch.tariffs.forRoom(g.room, month.Around())
	for _, f := range fits {
		if f.ID == g.f.ID {
			return f, err
		}
	}
	return g.f, err
}

// flush notes the line that is being put together.
func (g *gapRun) flush() {
	if g.kind == "" {
		return
	}
	n := int(g.line.To-g.line.From) + 1
	g.batch.odd = append(g.batch.odd, fees.BillingOddity{RunID: g.batch.batchID, Kind: g.kind, RoomID: g.room.ID, Item: g.f.Item,
		AmountFen: g.fen, Detail: fmt.Sprintf("%s 至 %s，%d 天", g.line.From, g.line.To, n)})
	g.batch.result.Summary.gap(g.kind).add(GapSum{Lines: 1, Days: n, Fen: g.fen})
	g.kind, g.line, g.fen = "", calc.Days{}, 0
}
