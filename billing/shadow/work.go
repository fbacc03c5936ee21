package shadow

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// batchRooms is how many rooms are compared together.
const batchRooms = 200

// figure returns a figure as a row keeps it.
func figure(d decimal.NullDecimal) string {
	if !d.Valid {
		return ""
	}
	return d.Decimal.String()
}

// countRooms counts the rooms of communities.
func countRooms(tx *store.Tx, communities []string) (int, error) {
	sum := 0
	for _, id := range communities {
		n, err := estate.CountRooms(tx, id)
		if err != nil {
			return 0, err
		}
		sum += int(n)
	}
	return sum, nil
}

// WorkAll carries on every comparison that is not done, and returns how many there were.
// One that fails does not keep the others.
func WorkAll(ctx context.Context, db *store.DB) (int, error) {
	runs, err := fees.UnfinishedShadowRuns(db.View(ctx))
	for _, r := range runs {
		err = errors.Join(err, Work(ctx, db, r.ID, 0))
	}
	return len(runs), err
}

// Work carries a comparison on until it is done, or until some time has passed; 0 is no
// limit. Each batch of rooms is computed first and stored in one short transaction, so
// that several processes may work on it, and one that is stopped loses a batch at most.
func Work(ctx context.Context, db *store.DB, id string, limit time.Duration) error {
	began := models.RealNow()
	for {
		run, err := fees.ShadowRunByID(db.View(ctx), id)
		if err != nil || run.Status != fees.ShadowComparing {
			return err
		}
		s := &step{ctx: ctx, db: db, before: run, run: run}
		if err := s.do(); err != nil {
			return err
		}
		if limit > 0 && models.RealNow().Sub(began.Time) > limit {
			return nil
		}
	}
}

// step compares one batch of rooms.
type step struct {
	ctx    context.Context
	db     *store.DB
	before fees.ShadowRun
	run    fees.ShadowRun
	lines  []fees.ShadowLine
	ids    []string // the rooms of the batch
}

func (s *step) do() error {
	view := s.db.View(s.ctx)
	rooms, err := estate.RoomsPage(view, s.run.AtCommunity, s.run.AtRoom, batchRooms)
	if err != nil {
		return err
	}
	if err := s.compare(view, rooms); err != nil {
		return err
	}
	s.run.RoomsDone += len(rooms)
	if len(rooms) == batchRooms {
		s.run.AtRoom = rooms[len(rooms)-1].CodeKey
	} else if err := s.nextCommunity(view); err != nil {
		return err
	}
	return s.db.Write(s.ctx, func(tx *store.Tx) error {
		run := s.run // the transaction may be repeated
		ok, err := fees.MoveShadowRun(tx, s.before, &run)
		if err != nil || !ok { // another process has done this step
			return err
		}
		if err := fees.InsertShadowLines(tx, s.lines); err != nil {
			return err
		}
		return fees.DropShadowRows(tx, run.ID, s.ids)
	})
}

// nextCommunity moves on to the next community, or ends the run. The rows of the communities
// before are gone, those of this one go with this step.
func (s *step) nextCommunity(view *store.Tx) error {
	list, err := fees.ShadowCommunities(view, s.run.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(id string) bool { return id > s.run.AtCommunity })
	s.run.AtRoom = ""
	if i < 0 {
		s.run.Status, s.run.DoneAt, s.run.AtCommunity = fees.ShadowDone, view.Now, ""
		return nil
	}
	s.run.AtCommunity = list[i]
	return nil
}

// compare makes the lines of some rooms.
func (s *step) compare(view *store.Tx, rooms []estate.Room) error {
	if len(rooms) == 0 {
		return nil
	}
	for _, r := range rooms {
		s.ids = append(s.ids, r.ID)
	}
	theirs, err := fees.ShadowRowsOf(view, s.run.ID, s.ids)
	if err != nil {
		return err
	}
	community, err := estate.CommunityByID(view, s.run.AtCommunity)
	if err != nil {
		return err
	}
	drafter, err := issuing.NewDrafter(view, community.ID)
	if err != nil {
		return err
	}
	m := &matcher{
		span: calc.Days{From: s.run.PeriodFrom, To: s.run.PeriodTo}, drafter: drafter, community: community.Name,
		runID: s.run.ID, seq: s.run.LineCount,
	}
	ours, err := s.ourBills(view, m, rooms, theirs)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		if err := m.room(room, theirs[room.ID], ours[room.ID]); err != nil {
			return err
		}
	}
	s.lines, s.run.LineCount = m.lines, m.seq
	for _, l := range m.lines {
		s.run.OursFen = s.run.OursFen.Plus(l.OursFen)
	}
	return nil
}

// ourBills returns by room the bills that are issued for the days of the comparison, and
// those that billing runs would issue. A run of an earlier month is drafted as well if a
// cycle that begins there reaches into the days.
func (s *step) ourBills(view *store.Tx, m *matcher, rooms []estate.Room,
	theirs map[string][]fees.ShadowRow) (map[string][]fees.Bill, error) {
	days := m.span
	for _, list := range theirs {
		for _, r := range list {
			days = calc.Days{From: min(days.From, r.FromOn), To: max(days.To, r.ToOn)}
		}
	}
	out, err := fees.BillsAround(view, s.ids, days.From, days.To)
	if err != nil {
		return nil, err
	}
	first := monthOf(days.From).Plus(1 - m.drafter.LongestCycle(rooms))
	for p := first; p.First() <= days.To; p = p.Plus(1) {
		drafts, err := m.drafter.Bills(rooms, p)
		if err != nil {
			return nil, err
		}
		for _, b := range drafts {
			if b.PeriodEnd >= days.From && b.PeriodStart <= days.To {
				out[b.RoomID] = append(out[b.RoomID], b)
			}
		}
	}
	return out, nil
}
