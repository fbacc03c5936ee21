package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/billing/issuing"
	"wuyepay/billing/shadow"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// sortedKeys returns the keys of a map in order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// billingWork takes on the billing runs, charges, late-fee rules and comparisons with an old
// system that staff have begun in the console, and those that a process left unfinished.
func (j *jobs) billingWork(ctx context.Context, _ models.Date) (string, error) {
	runs, err := issuing.WorkRuns(ctx, j.app.db)
	charges, more := issuing.WorkCharges(ctx, j.app.db)
	ruled, fault := billing.WorkLateRules(ctx, j.app.db)
	compared, failed := shadow.WorkAll(ctx, j.app.db)
	return fmt.Sprintf("%d runs, %d charges, %d bills with another late-fee rule, %d comparisons", runs, charges, ruled, compared),
		errors.Join(err, more, fault, failed)
}

// billDay issues the bills of the month in the communities whose billing day it is.
// A day that was missed is made up for. Where staff have a run open for the month,
// theirs goes first.
func (j *jobs) billDay(ctx context.Context, day models.Date) (string, error) {
	communities, err := estate.Communities(j.app.db.View(ctx), "", 100_000)
	if err != nil {
		return "", err
	}
	year, month, of := day.Parts()
	done, bills, waiting := 0, 0, 0
	for _, c := range communities {
		if c.BillDay == 0 || c.BillDay != of {
			continue
		}
		r, err := issuing.BillCommunity(ctx, j.app.db, models.SystemActor("billing"), c.ID,
			calc.Period{Year: year, Month: month}, issuing.GenerateOptions{})
		switch {
		case errors.Is(err, issuing.ErrRunOpen):
			waiting++
			continue
		case err != nil:
			return "", err
		}
		done, bills = done+1, bills+r.Bills
	}
	return fmt.Sprintf("%d communities, %d bills, %d with a draft of staff", done, bills, waiting), nil
}

// discounts grants the early-payment discounts that have been earned.
func (j *jobs) discounts(ctx context.Context, _ models.Date) (string, error) {
	r, err := billing.GrantDiscounts(ctx, j.app.db, models.SystemActor("discounts"))
	return fmt.Sprintf("%d rooms, %s yuan", r.Rooms, r.DiscountFen), err
}
