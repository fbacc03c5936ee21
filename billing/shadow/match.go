package shadow

import (
	"cmp"
	"fmt"
	"slices"

	"wuyepay/billing/calc"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// matcher makes the lines of rooms of one community.
type matcher struct {
	span      calc.Days
	drafter   *issuing.Drafter
	community string // its name
	runID     string
	seq       int
	lines     []fees.ShadowLine
}

// itemKey returns a fee item as items of both sides are compared: 物业费（住宅） and
// 物业费(住宅) are one.
func itemKey(item string) string { return models.NameKey(item) }

func sameItem(a, b string) bool { return itemKey(a) == itemKey(b) }

// group holds what both sides bill for an item over days that hang together.
type group struct {
	room   estate.Room
	item   string
	days   calc.Days // from the first to the last day of either side
	theirs []fees.ShadowRow
	ours   []our
}

// room makes the lines of one room.
func (m *matcher) room(room estate.Room, theirs []fees.ShadowRow, bills []fees.Bill) error {
	items := map[string]*group{}
	var order []string
	of := func(item string) *group {
		key := itemKey(item)
		if items[key] == nil {
			items[key] = &group{room: room, item: item}
			order = append(order, key)
		}
		return items[key]
	}
	for _, r := range theirs {
		if m.drafter.Metered(r.Item, sameItem) {
			r.FromOn, r.ToOn = readingMonths(r)
		}
		g := of(r.Item)
		g.theirs = append(g.theirs, r)
	}
	for _, b := range bills {
		o, err := ourOf(b)
		if err != nil {
			return err
		}
		g := of(b.Item)
		g.ours = append(g.ours, o)
	}
	slices.Sort(order)
	for _, key := range order {
		for _, g := range items[key].parts() {
			m.line(g, len(theirs) > 0, len(items[key].theirs) > 0)
		}
	}
	return nil
}

// readingMonths returns the whole months that a row of a meter is held against. Readings are
// taken at any day, and ours are billed by the month in which the meter was read: a bill
// from 26 February to 25 March is the one of March.
func readingMonths(r fees.ShadowRow) (from, to models.Date) {
	from, to = monthOf(r.FromOn).First(), monthOf(r.ToOn).Last()
	if r.ToOn-r.FromOn < 45 {
		from = monthOf(r.ToOn).First()
	}
	return from, to
}

// parts divides a group by days: what has a day in common with another hangs together, on
// either side and across. A yearly bill of theirs hangs together with our twelve of the
// months.
func (g *group) parts() []*group {
	type piece struct {
		calc.Days
		their *fees.ShadowRow
		our   *our
	}
	var list []piece
	for i := range g.theirs {
		list = append(list, piece{calc.Days{From: g.theirs[i].FromOn, To: g.theirs[i].ToOn}, &g.theirs[i], nil})
	}
	for i := range g.ours {
		list = append(list, piece{g.ours[i].days, nil, &g.ours[i]})
	}
	slices.SortStableFunc(list, func(a, b piece) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	var out []*group
	for _, p := range list {
		if len(out) == 0 || p.From > out[len(out)-1].days.To {
			out = append(out, &group{room: g.room, item: g.item, days: p.Days})
		}
		at := out[len(out)-1]
		at.days.To = max(at.days.To, p.To)
		if p.their != nil {
			at.theirs = append(at.theirs, *p.their)
		} else {
			at.ours = append(at.ours, *p.our)
		}
	}
	return out
}

// line adds the line of a group, unless nothing of it belongs to the period. roomThere and
// itemThere report whether the file has the room, and the item for it.
func (m *matcher) line(g *group, roomThere, itemThere bool) {
	if !g.narrow(m.span) {
		return
	}
	m.seq++
	l := fees.ShadowLine{
		RunID: m.runID, Seq: m.seq, Community: m.community, RoomID: g.room.ID, RoomCode: g.room.Code, Item: g.item,
		FromOn: g.days.From, ToOn: g.days.To, TheirRows: len(g.theirs), OurBills: len(g.ours),
	}
	for i, r := range g.theirs {
		if l.TheirsFen = l.TheirsFen.Plus(r.AmountFen); i == 0 {
			l.Sheet, l.RowNo = r.Sheet, r.RowNo
		}
	}
	for _, o := range g.ours {
		if l.OursFen = l.OursFen.Plus(o.fen); o.issued {
			l.IssuedBills++
		}
	}
	l.DiffFen = l.TheirsFen - l.OursFen
	switch {
	case len(g.ours) == 0:
		l.Cause, l.Explanation = fees.CauseExtra, whyNone[m.drafter.WhyNone(g.room, g.item, g.theirDays(), sameItem)]
	case len(g.theirs) == 0:
		l.Cause, l.Explanation = fees.CauseMissing, missing(g.days, roomThere, itemThere)
	default:
		l.Cause, l.Explanation = comparison{group: g, theirs: l.TheirsFen, ours: l.OursFen}.cause()
	}
	l.Explanation = store.CutRunes(l.Explanation, 400)
	m.lines = append(m.lines, l)
}

// missing explains that they do not bill what we do.
func missing(days calc.Days, roomThere, itemThere bool) string {
	switch {
	case itemThere:
		return fmt.Sprintf("对方文件里没有 %s 至 %s 的账单", days.From, days.To)
	case roomThere:
		return "对方文件里这一户没有这个收费项目"
	}
	return "对方文件里没有这一户"
}

// narrow leaves of our bills what is to be compared, and reports whether anything is. What
// lies outside of both the period and the days of theirs would be held against nothing. Our
// bills alone are compared if they begin in the period, as their run would issue them in it.
func (g *group) narrow(span calc.Days) bool {
	if len(g.theirs) == 0 {
		g.ours = slices.DeleteFunc(g.ours, func(o our) bool { return o.days.From < span.From || o.days.From > span.To })
		if len(g.ours) == 0 {
			return false
		}
		g.days = g.ours[0].days
		for _, o := range g.ours {
			g.days.To = max(g.days.To, o.days.To)
		}
		return true
	}
	hull := g.theirDays()
	window := calc.Days{From: min(span.From, hull.From), To: max(span.To, hull.To)}
	var within []our
	for _, o := range g.ours {
		if o = o.clip(window); !o.days.Empty() {
			within = append(within, o)
		}
	}
	g.ours, g.days = within, g.days.Within(window)
	return true
}

// theirDays returns the days from the first to the last of theirs.
func (g *group) theirDays() calc.Days {
	days := calc.Days{From: g.theirs[0].FromOn, To: g.theirs[0].ToOn}
	for _, r := range g.theirs {
		days = calc.Days{From: min(days.From, r.FromOn), To: max(days.To, r.ToOn)}
	}
	return days
}

// whyNone are the reasons why we bill nothing where they do.
var whyNone = map[string]string{
	issuing.NoneItem:     "系统没有这个收费项目的收费标准",
	issuing.NoneKind:     "系统的收费标准不适用于这一户（物业类型或房号不同）",
	issuing.NoneForce:    "系统的收费标准在这段日期不生效",
	issuing.NoneHandover: "系统中这一户的交房日期晚于账期",
	issuing.NoneArea:     "系统中这一户没有计费面积",
	issuing.NoneReading:  "系统中没有这一期的抄表读数",
	issuing.NoneRun:      "公摊或一次性收费，不由账单批次出账",
	issuing.NoneZero:     "按系统的收费标准这段日期没有金额",
}
