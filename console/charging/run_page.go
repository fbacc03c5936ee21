package charging

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"wuyepay/billing/issuing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// itemLine is what a run comes to for a fee item.
type itemLine struct {
	Name string
	issuing.RunItem
}

// oddGroup has the oddities of a kind: the count of all, and the first.
type oddGroup struct {
	Kind  string
	Count int
	Lines []fees.OddityLine
	Gaps  string         // what bills them, of unbilled days
	Sum   issuing.GapSum // of all of them
}

// gapsOf is what bills a kind of unbilled days.
var gapsOf = map[string]string{fees.OddGap: issuing.GapsSince, fees.OddGapBefore: issuing.GapsAll}

// Run shows a run: what it comes to, and what is odd.
func Run(c *ui.Call) error {
	v, err := readRun(c, 20)
	if err != nil {
		return err
	}
	return c.Render("charging/run_page", v.Community+" "+v.Period, v)
}

func readRun(c *ui.Call, lines int) (v runView, err error) {
	if v.BillingRun, err = fees.RunByID(c.View, c.R.PathValue("id")); err != nil {
		return v, err
	}
	m, err := estate.CommunityByID(c.View, v.CommunityID)
	if err != nil {
		return v, err
	}
	v.Community = m.Name
	items, err := issuing.RunItems(v.BillingRun)
	if err != nil {
		return v, err
	}
	for _, name := range sorted(items) {
		v.Items = append(v.Items, itemLine{name, items[name]})
	}
	draft, issued, err := issuing.RunSummaries(v.BillingRun)
	if err != nil {
		return v, err
	}
	if v.Summary = draft; v.Status == fees.RunPublished {
		v.Summary = issued
	}
	odd, err := issuing.RunOddities(v.BillingRun)
	if err != nil {
		return v, err
	}
	for _, kind := range sorted(odd) {
		g := oddGroup{Kind: kind, Count: odd[kind], Gaps: gapsOf[kind], Sum: v.Summary.Gaps}
		if kind == fees.OddGapBefore {
			g.Sum = v.Summary.GapsBefore
		}
		if g.Lines, err = fees.OdditiesOfRun(c.View, v.ID, kind, lines); err != nil {
			return v, err
		}
		v.Odd = append(v.Odd, g)
	}
	v.Discard = v.Status == fees.RunDrafting || v.Status == fees.RunDraft || v.Status == fees.RunChanged
	v.Redraft = v.Status == fees.RunDraft || v.Status == fees.RunChanged
	return v, nil
}

// PublishRun publishes the bills of a run.
func PublishRun(c *ui.Call) error { return moveRun(c, issuing.PublishRun, true, "run_published") }

// RedraftRun computes a run anew.
func RedraftRun(c *ui.Call) error { return moveRun(c, issuing.RedraftRun, true, "run_redrafted") }

// BillGaps adds bills for unbilled days of before to a draft, or takes them out.
func BillGaps(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	return moveRun(c, func(ctx context.Context, db *store.DB, by models.Actor, id string) error {
		return issuing.BillGaps(ctx, db, by, id, c.Field("gaps"))
	}, true, "run_gaps")
}

// DiscardRun ends a run without publishing the rest.
func DiscardRun(c *ui.Call) error { return moveRun(c, issuing.DiscardRun, false, "run_discarded") }

// moveRun does something to a run. Its page shows what came of it.
func moveRun(c *ui.Call, move func(ctx context.Context, db *store.DB, by models.Actor, id string) error, work bool, done string) error {
	id := c.R.PathValue("id")
	err := move(c.R.Context(), c.DB, c.Staff.Actor(), id)
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) {
		c.Say(e.Code)
		return c.Redirect("/staff/billing/" + id)
	}
	if err != nil {
		return err
	}
	if work {
		workOn(c, id)
	}
	c.Say(done)
	return c.Redirect("/staff/billing/" + id)
}

// sorted returns the keys of a map in order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// runView is one run.
type runView struct {
	runLine
	Items   []itemLine
	Odd     []oddGroup
	Summary issuing.RunSummary
	Discard bool // may be given up
	Redraft bool
}
