package billing

import (
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Kinds of [LateFeeLine].
const (
	LateFeeAccrued = "segment" // late fee that accrued over a run of days
	LateFeeWaived  = "waiver"  // given up; negative: a waiver taken back by a correction
	LateFeePaid    = "payment" // paid; negative: paid too much, credited to prepayment
)

// RuleDefault is the rule version of a bill without a tariff: the community's rule
// as it was at issue.
const RuleDefault = "default"

// LateFeeLine is a line of the late fee ledger of a bill. Of a segment Exact is
// principal x rate x days in yuan, not rounded: only the sum of the segments is.
// Of the others AmountFen is what it takes off the late fee.
type LateFeeLine struct {
	Kind         string
	From         models.Date // the day of a waiver or payment
	To           models.Date
	Days         int
	PrincipalFen models.Fen
	Exact        string
	AmountFen    models.Fen
	Reason       string // of a waiver
	AskedBy      string // of a waiver
	ApprovedBy   string // of a waiver
}

// LateFeeLedger is how the late fee of a bill came about, with all that can be
// checked by hand: DueFen = AccruedFen - WaivedFen - PaidFen, never below 0.
// AccruedFen is ExactSum rounded half up, at most CapFen where there is a cap.
type LateFeeLedger struct {
	Rate        string // per day
	RuleVersion string // id of the tariff version the rule was frozen from, or RuleDefault
	GraceDays   int
	CapShare    string // share of the principal; empty: no cap
	CapFen      models.Fen
	Lines       []LateFeeLine // segments, then waivers, then payments, each oldest first
	ExactSum    string        // of the segments, in yuan
	AccruedFen  models.Fen
	WaivedFen   models.Fen
	PaidFen     models.Fen
	DueFen      models.Fen
}

// LateFeeLedger gives the late fee ledger of the bill as of the day of its state.
func (s *BillState) LateFeeLedger() LateFeeLedger {
	rule, err := s.LateRule()
	if err != nil { // StateOf has read it before
		panic(fmt.Sprintf("billing: late fee rule of bill %s: %v", s.ID, err))
	}
	l := LateFeeLedger{Rate: s.LateRate, RuleVersion: RuleDefault, GraceDays: s.GraceDays, CapShare: s.LateCap, CapFen: s.Late.Cap,
		AccruedFen: s.Late.Accrued, WaivedFen: s.WaivedLateFeeFen, PaidFen: s.PaidLateFeeFen, DueFen: s.LateDueFen}
	if s.TariffID != "" {
		l.RuleVersion = s.TariffID
	}
	total := decimal.Zero
	for _, g := range s.Late.Segments {
		exact := g.Principal.Yuan().Mul(rule.Rate).Mul(decimal.New(int64(g.Days), 0))
		total = total.Add(exact)
		l.Lines = append(l.Lines, LateFeeLine{
			Kind: LateFeeAccrued, From: g.From, To: g.To, Days: g.Days, PrincipalFen: g.Principal, Exact: exact.String(),
		})
	}
	l.ExactSum = total.String()
	for _, e := range s.History.Entries {
		if e.LateFeeFen != 0 {
			l.Lines = append(l.Lines, LateFeeLine{
				Kind: LateFeeWaived, From: e.EffectiveOn, To: e.EffectiveOn, AmountFen: -e.LateFeeFen, Reason: e.Reason,
				AskedBy: e.Asked.Name, ApprovedBy: e.Approved.Name,
			})
		}
	}
	for _, a := range s.History.Allocations {
		if a.LateFeeFen != 0 {
			l.Lines = append(l.Lines, LateFeeLine{Kind: LateFeePaid, From: a.EffectiveOn, To: a.EffectiveOn, AmountFen: a.LateFeeFen})
		}
	}
	return l
}
