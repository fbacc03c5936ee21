package metering

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/models/fees"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// CheckMeters proves meters, readings and metered bills against one another. It returns a
// violation for every reading that does not continue from the one before, that runs
// backwards without settling an estimate, or whose stored quantity differs from its
// figures, and for every metered bill that is not the sum of its readings at its price.
//
// It changes nothing and takes no lock. It reads page by page, [billing.CheckPage] rows
// at a time, so that its memory does not grow with the books, apart from the
// violations. An error is a fault of the database; wrong figures are violations, never
// errors.
func CheckMeters(tx *store.Tx) ([]proof.Violation, error) {
	out, err := checkReadings(tx)
	if err != nil {
		return nil, err
	}
	after := ""
	for {
		bills, err := fees.MeteredBillsAfter(tx, after, billing.CheckPage)
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(bills))
		for i, b := range bills {
			ids[i] = b.ID
		}
		usages, err := fees.UsagesOfBills(tx, ids)
		if err != nil {
			return nil, err
		}
		for i := range bills {
			if v := checkMetered(&bills[i], usages[bills[i].ID]); v != nil {
				out = append(out, *v)
			}
		}
		// A page that is not full is the last one.
		if len(bills) < billing.CheckPage {
			return out, nil
		}
		after = bills[len(bills)-1].ID
	}
}

// checkReadings checks all meters, removed ones included, page by page in the order of
// their ids.
func checkReadings(tx *store.Tx) (out []proof.Violation, err error) {
	after := ""
	for {
		meters, err := fees.MetersAfter(tx, after, billing.CheckPage)
		if err != nil || len(meters) == 0 {
			return out, err
		}
		ids := make([]string, len(meters))
		for i, m := range meters {
			ids[i] = m.ID
		}
		readings, err := fees.ReadingsBetween(tx, ids, 1, calc.Forever)
		if err != nil {
			return out, err
		}
		before, err := fees.MultipliersOfMeters(tx, ids)
		if err != nil {
			return out, err
		}
		for _, m := range meters {
			// Meter by meter, so that the usages of a page are not in memory together.
			usages, err := fees.UsagesOfReadings(tx, idsOf(readings[m.ID]))
			if err != nil {
				return out, err
			}
			out = append(out, checkMeter(m, readings[m.ID], before[m.ID], usages)...)
		}
		after = meters[len(meters)-1].ID
	}
}

func idsOf(readings []fees.Reading) []string {
	ids := make([]string, len(readings))
	for i, r := range readings {
		ids[i] = r.ID
	}
	return ids
}

// checkMeter checks the readings of a meter, oldest first, against one another and
// against the quantities stored for them. before are the multipliers that the meter
// had, oldest first, and usages what each reading counted, by reading, in void bills as
// well.
//
// A base is checked for its day and its multiplier only. It may follow other readings: a
// file may begin anew with a base, and nothing is known of the usage before it. The first
// reading may have a previous value, which a file brought along and nothing can confirm.
func checkMeter(m fees.Meter, readings []fees.Reading, before []fees.MeterMultiplier,
	usages map[string][]fees.MeterUsage) (out []proof.Violation) {
	for i, r := range readings {
		bad := func(rule, have, want string) {
			out = append(out, proof.Violation{Rule: rule, Subject: "reading " + r.ID, Figures: have + " and " + want})
		}
		f, err := FiguresOf(m, r)
		if err != nil {
			bad("a reading's figures are numbers", r.Value, r.Previous)
			continue
		}
		// Most texts are equal; only the others are parsed.
		if want := m.MultiplierOn(r.ReadOn, before); want != r.Multiplier && !sameFigure(want, r.Multiplier) {
			bad("a reading counts with the multiplier of its day", r.Multiplier, want)
		}
		if r.ReadOn < m.InstalledOn || m.RemovedOn != 0 && r.ReadOn > m.RemovedOn {
			bad("a meter is read while it is in use", r.ReadOn.String(), m.RemovedOn.String())
		}
		if r.Previous == "" {
			continue
		}
		if i > 0 && !sameFigure(r.Previous, readings[i-1].Value) {
			bad("a reading goes on from the one before", r.Previous, readings[i-1].Value)
		}
		// Only an estimate may turn out to have been too high.
		if f.Usage.IsNegative() && (i == 0 || !readings[i-1].Estimated) {
			bad("usage is negative only where it settles an estimate", f.Usage.String(), "0")
		}
		// Usages of void bills are checked as well: a reading keeps its figures for good.
		for _, u := range usages[r.ID] {
			if want := f.Usage.Mul(f.Multiplier).String(); !sameFigure(u.Quantity, want) {
				bad("what a reading counted is its figures", u.Quantity, want)
			}
		}
	}
	return out
}

// sameFigure reports whether two texts are the same number: 12.50 equals 12.5. A text
// that is no number equals nothing, not even itself.
func sameFigure(a, b string) bool {
	x, errX := decimal.NewFromString(a)
	y, errY := decimal.NewFromString(b)
	return errX == nil && errY == nil && x.Equal(y)
}

// checkMetered recomputes a metered bill from its readings and returns a violation, or
// nil. The quantity is usage x multiplier + credit, as the basis of the bill has them.
// It must be the sum of what the readings counted, and its price the principal, to the
// fen. A bill with an entry may have another principal, because the entry may be a
// correction.
func checkMetered(b *fees.Bill, usages []fees.MeterUsage) *proof.Violation {
	bad := func(rule, have, want string) *proof.Violation {
		return &proof.Violation{Rule: rule, Subject: b.ID, Figures: have + " and " + want}
	}
	var basis calc.Basis
	if err := json.Unmarshal([]byte(b.Basis), &basis); err != nil || basis.Kind != fees.MethodMeter {
		return bad("a bill that counts usage is metered", basis.Kind, fees.MethodMeter)
	}
	sum := decimal.Zero
	for _, u := range usages {
		q, err := decimal.NewFromString(u.Quantity)
		if err != nil {
			return bad("a usage is a number", u.Quantity, "")
		}
		sum = sum.Add(q)
	}
	figures := map[string]decimal.Decimal{}
	for name, text := range map[string]string{
		"usage": basis.Usage, "multiplier": basis.Multiplier, "credit": basis.Credit, "price": basis.Price,
	} {
		d, err := figureOrZero(text)
		if err != nil {
			return bad("the basis of a metered bill can be followed", text, name)
		}
		figures[name] = d
	}
	if want := figures["usage"].Mul(figures["multiplier"]).Add(figures["credit"]); !want.Equal(sum) {
		return bad("a metered bill is the sum of what its readings counted", want.String(), sum.String())
	}
	var tiers calc.Tiers
	if basis.Tiers != "" {
		var err error
		if tiers, err = calc.ParseTiers(basis.Tiers); err != nil {
			return bad("the basis of a metered bill can be followed", basis.Tiers, "tiers")
		}
	}
	// A negative sum is an error of ChargeQuantity, and a violation here.
	principal, err := ChargeQuantity(sum, figures["price"], tiers)
	if err != nil || principal != b.PrincipalFen && b.EntryCount == 0 {
		return bad("a metered bill's principal is its usage at its price", fmt.Sprint(b.PrincipalFen), fmt.Sprint(principal))
	}
	return nil
}

// figureOrZero parses a stored figure. An empty text is zero.
func figureOrZero(s string) (decimal.Decimal, error) {
	if s == "" {
		return decimal.Zero, nil
	}
	return decimal.NewFromString(s)
}
