package billing

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// Early-payment discount 年付优惠. A tariff may grant a share of a year's principal to
// owners who pay the whole year early. The year is twelve months from the tariff's first
// month. The last day to pay is the first DiscountUntil (MM-DD) on or after its first
// day. For example, a year from 1 Apr with DiscountUntil 06-30 is paid early until
// 30 Jun; with DiscountUntil 01-31 it is until 31 Jan of the next calendar year.
//
// A room earns the discount if bills by this tariff cover every day of the year, all of
// them are paid, and no money for them counts from a later day than the last day. Each
// bill then gets an entry of kind discount of share x principal, rounded half up. The
// bill is paid by then, so the amount is credited to the room's prepayment. A room that
// was handed over within the year, or that pays a day late, earns nothing.

// discountSlack is how many days after the last day a payment that was booked late can
// still earn the discount. It must count from the last day or before.
const discountSlack = 31

// DiscountResult holds what [GrantDiscounts] has granted.
type DiscountResult struct {
	Rooms       int
	Bills       int
	DiscountFen models.Fen
}

// GrantDiscounts grants the discounts that have been earned by today. It can be
// repeated: a bill gets its discount once. Each room is a transaction of its
// own; the errors of rooms that fail are joined and do not stop the others.
func GrantDiscounts(ctx context.Context, db *store.DB, by models.Actor) (DiscountResult, error) {
	var total DiscountResult
	communities, err := estate.Communities(db.View(ctx), "", MaxCommunities)
	if err != nil {
		return total, err
	}
	var failed error
	for _, c := range communities {
		tariffs, err := fees.Tariffs(db.View(ctx), c.ID)
		if err != nil {
			return total, err
		}
		for _, t := range tariffs {
			if t.DiscountShare == "" {
				continue
			}
			for _, year := range discountYears(t, db.Today()) {
				failed = errors.Join(failed, grantYear(ctx, db, by, t, year, &total))
			}
		}
	}
	return total, failed
}

// discountYear is a year of a tariff and the last day to pay it early.
type discountYear struct {
	calc.Days
	until models.Date
}

// discountYears returns the years for which a discount can be granted today.
func discountYears(t fees.Tariff, today models.Date) (out []discountYear) {
	y, m, _ := today.Parts()
	for ahead := -1; ahead <= 1; ahead++ {
		d := (calc.Period{Year: y + ahead, Month: m}).CycleOf(fees.CycleYear, t.CycleStart)
		until, ok := untilOf(t.DiscountUntil, d.From)
		if ok && today <= until+discountSlack {
			out = append(out, discountYear{d, until})
		}
	}
	return out
}

// untilOf returns the first MM-DD on or after a day.
func untilOf(monthDay string, from models.Date) (models.Date, bool) {
	for year := from.Year(); year <= from.Year()+1; year++ {
		until, err := models.ParseDate(fmt.Sprintf("%04d-%s", year, monthDay))
		if err != nil {
			return 0, false
		}
		if until >= from {
			return until, true
		}
	}
	return 0, false
}

// grantYear grants the rooms of a tariff what they have earned for a year.
func grantYear(ctx context.Context, db *store.DB, by models.Actor, t fees.Tariff, year discountYear, total *DiscountResult) error {
	share, err := decimal.NewFromString(t.DiscountShare)
	if err != nil {
		return fmt.Errorf("discount of tariff %s: %w", t.ID, err)
	}
	const page = 500
	var failed error
	after := ""
	for {
		rooms, err := fees.PaidYears(db.View(ctx), t.CommunityID, t.ID, year.From, year.To, after, page)
		if err != nil {
			return errors.Join(failed, err)
		}
		for _, room := range rooms {
			var one DiscountResult
			err := db.Write(ctx, func(tx *store.Tx) (err error) {
				one, err = grantRoom(tx, by, t, year, room, share)
				return err
			})
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("discount of room %s: %w", room, err))
				continue
			}
			total.Rooms += one.Rooms
			total.Bills += one.Bills
			total.DiscountFen = total.DiscountFen.Plus(one.DiscountFen)
		}
		if len(rooms) < page {
			return failed
		}
		after = rooms[len(rooms)-1]
	}
}

// grantRoom grants a room its discount, if it has earned it.
func grantRoom(tx *store.Tx, by models.Actor, t fees.Tariff, year discountYear, roomID string,
	share decimal.Decimal) (r DiscountResult, err error) {
	bills, err := fees.BillsOfYear(tx, roomID, t.ID, year.From, year.To)
	if err != nil {
		return r, err
	}
	earned, err := earnedDiscount(tx, bills, year)
	if err != nil || !earned {
		return r, err
	}
	m := Approval{Asked: by, Approved: by, Reason: fmt.Sprintf("全年费用在 %s 前缴清，优惠 %s", year.until, share)}
	for _, b := range bills {
		amount, err := models.RoundFen(b.PrincipalFen.Yuan().Mul(share))
		if err != nil {
			return r, err
		}
		if amount = amount.Min(b.PrincipalFen - b.OpeningPaidFen); amount <= 0 {
			continue
		}
		if _, err := Adjust(tx, m, Adjustment{Kind: fees.EntryDiscount, BillID: b.ID, AmountFen: amount}); err != nil {
			return r, err
		}
		r.Rooms, r.Bills, r.DiscountFen = 1, r.Bills+1, r.DiscountFen.Plus(amount)
	}
	return r, nil
}

// earnedDiscount reports whether the bills cover the year without a gap and
// were all paid in time. It locks the bills, so that it sees a payment or
// correction of the meantime.
func earnedDiscount(tx *store.Tx, bills []fees.Bill, year discountYear) (bool, error) {
	ids := make([]string, len(bills))
	next := year.From
	for i, b := range bills {
		if ids[i] = b.ID; b.PeriodStart != next {
			return false, nil
		}
		next = b.PeriodEnd + 1
	}
	if next != year.To+1 {
		return false, nil
	}
	locked, err := fees.LockBills(tx, ids)
	if err != nil {
		return false, err
	}
	paid, err := money.AllocationsOf(tx, ids)
	if err != nil {
		return false, err
	}
	for _, b := range locked {
		if b.Status != fees.BillPaid || b.DiscountFen > 0 {
			return false, nil
		}
		for _, a := range paid[b.ID] {
			if a.EffectiveOn > year.until {
				return false, nil
			}
		}
	}
	return true, nil
}

// MaxCommunities is a limit above the number of communities, for lists of all
// of them.
const MaxCommunities = 100_000
