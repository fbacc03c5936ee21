package arrears

import (
	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// maxLateBills is for how many bills the sums page computes the late fee, one by one.
const maxLateBills = 20_000

type ledgerSums struct{ OwedFen, LateFeeFen, TotalFen models.Fen }

func (s *ledgerSums) add(l billing.LedgerLine) {
	s.OwedFen, s.LateFeeFen, s.TotalFen = s.OwedFen.Plus(l.OwedFen), s.LateFeeFen.Plus(l.LateFeeFen), s.TotalFen.Plus(l.TotalFen)
}

// ledgerTotals is the page 欠费合计: all that the filters choose, by age.
type ledgerTotals struct {
	Form  ledgerForm
	Bands []fees.BandSum
	All   fees.BandSum
	Late  *ledgerSums // nil: too many bills to compute one by one
	Limit int
	Back  string
}

// LedgerSums shows the sums of all that is chosen. It is a page of its own because it reads
// every bill, which a list need not.
func LedgerSums(c *ui.Call) error {
	f, form, err := ledgerFilter(c)
	if err != nil {
		return err
	}
	c.LongWork()
	out := ledgerTotals{Form: form, Limit: maxLateBills, Back: c.URLWith("/staff/arrears", c.R.URL.Query(), "after", "")}
	if out.Bands, err = fees.BandSums(c.View, f); err != nil {
		return err
	}
	for _, b := range out.Bands {
		out.All.Bills += b.Bills
		out.All.OwedFen = out.All.OwedFen.Plus(b.OwedFen)
	}
	if out.All.Bills <= maxLateBills {
		out.Late = &ledgerSums{}
		f.Sort = fees.LedgerByRoom
		if err := eachLedgerLine(c, f, func(l billing.LedgerLine) error { out.Late.add(l); return nil }); err != nil {
			return err
		}
	}
	return c.Render("arrears/ledger_sums", "欠费合计", out)
}
