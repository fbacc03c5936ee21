package billing

import (
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Kinds of a [LateFeeLine].
const (
	LateFeeAccrued = "segment" // late fee that accrued over a run of days
	LateFeeWaived  = "waiver"  // waived; negative: a waiver that a correction took back
	LateFeePaid    = "payment" // paid; negative: overpaid and credited to prepayment
)

// ruleDefault is the rule version of a bill without a tariff: the community's
// rule as it was on the day of issue.
const ruleDefault = "default"

// LateFeeLine is a line of the late fee ledger of a bill. In a segment, Exact
// is principal x rate x days in yuan, unrounded, because only the sum of the
// segments is rounded. In the other kinds, AmountFen is what the line takes off
// the late fee.
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

// LateFeeLedger holds how the late fee of a bill came about, with everything
// needed to check it by hand: DueFen = AccruedFen - WaivedFen - PaidFen, never
// below 0. AccruedFen is ExactSum rounded half up, at most CapFen if there is a
// cap.
type LateFeeLedger struct {
	Rate        string // per day
	RuleVersion string // id of the tariff version whose rule the bill froze, or "default"
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

// LateFeeLedger returns the late fee ledger of the bill as of the day of its
// state.
func (s *BillState) LateFeeLedger() LateFeeLedger {
	rule, err := s.LateRule()
	if err != nil { // StateOf has read it before
		panic(fmt.Sprintf("billing: late fee rule of bill %s: %v", s.ID, err))
	}
	l := LateFeeLedger{Rate: s.LateRate, RuleVersion: ruleDefault, GraceDays: s.GraceDays, CapShare: s.LateCap, CapFen: s.Late.Cap,
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
