package ui

import (
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/console/words"
	"wuyepay/models"
)

// BillLine is a bill with its figures in words: how the principal came about, and each run
// of days of the late fee.
type BillLine struct {
	billing.BillState
	Basis    string
	Segments []segmentLine
	Exact    string // sum of the segments before rounding, in yuan
	Cap      string // how the cap came about; empty without one
	AtCap    bool
}

// segmentLine is one run of days: principal × rate × days = amount, in yuan.
type segmentLine struct {
	From, To  models.Date
	Days      int
	Principal models.Fen
	Rate      string
	Amount    string // exact, not rounded: only the sum is
}

// BillLines returns the bills with their figures in words.
func BillLines(states []billing.BillState) ([]BillLine, error) {
	out := make([]BillLine, len(states))
	for i, s := range states {
		rule, err := s.LateRule()
		if err != nil {
			return nil, fmt.Errorf("late fee rule of bill %s: %w", s.ID, err)
		}
		l := BillLine{BillState: s, Basis: words.Basis(s.Basis)}
		exact := decimal.Zero
		for _, g := range s.Late.Segments {
			amount := g.Principal.Yuan().Mul(rule.Rate).Mul(decimal.New(int64(g.Days), 0))
			exact = exact.Add(amount)
			l.Segments = append(l.Segments, segmentLine{From: g.From, To: g.To, Days: g.Days, Principal: g.Principal,
				Rate: models.RateText(rule.Rate), Amount: words.Thousands(plain(amount))})
		}
		l.Exact = words.Thousands(plain(exact))
		if s.Late.Capped {
			l.Cap = fmt.Sprintf("%s × %s = %s", words.Yuan(s.PrincipalFen), models.ShareText(rule.Cap.Decimal), words.Yuan(s.Late.Cap))
			l.AtCap = s.Late.Accrued == s.Late.Cap && len(s.Late.Segments) > 0
		}
		out[i] = l
	}
	return out, nil
}

// plain formats a number with at least two decimals and no further zeros: 3.50, 36.62139.
func plain(d decimal.Decimal) string {
	if d.Equal(d.Truncate(2)) {
		return d.StringFixed(2)
	}
	return d.String()
}
