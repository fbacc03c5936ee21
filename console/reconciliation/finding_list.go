package reconciliation

import (
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/proof"
)

// ageBounds are the first days of each band of age after the first.
var ageBounds = []int{2, 4, 8, 31}

// findingList is the page 对账差异: those of all days, the oldest first.
type findingList struct {
	All, Merchant, Kind string
	Merchants, Kinds    []ui.Option
	Bands               []proof.AgeBand
	Suspense            models.Fen
	SuspenseCount       int
	Rows                []agedFinding
	Pager               ui.Pager
}

// agedFinding is a difference and how many days ago it was found.
type agedFinding struct {
	findingLine
	Days int
}

// findingKinds are the kinds that the list can be narrowed to.
var findingKinds = ui.Options(findingWords, proof.FindingOnlyTheirs, proof.FindingOnlyOurs, proof.FindingAmount,
	proof.FindingState, proof.FindingUnknown, proof.FindingDuplicate, proof.FindingDay, proof.FindingRefund,
	proof.FindingRefundOurs, proof.FindingRefundAmount, proof.FindingRefundState, proof.FindingFee, proof.FindingFlowMissing,
	proof.FindingFlowExtra, proof.FindingFlowAmount)

var findingScopes = []ui.Option{{Value: "all", Text: "全部"}}

func merchantChoices(c *ui.Call) []ui.Option {
	var out []ui.Option
	for _, m := range c.Pay.MerchantNames() {
		out = append(out, ui.Option{Value: m, Text: m})
	}
	return out
}

func findingFilter(c *ui.Call) (proof.FindingFilter, error) {
	f := proof.FindingFilter{Limit: ui.PageSize + 1}
	all, err := c.QueryOption("all", findingScopes)
	f.Open = all == ""
	if err == nil {
		f.Merchant, err = c.QueryOption("merchant", merchantChoices(c))
	}
	if err == nil {
		f.Kind, err = c.QueryOption("kind", findingKinds)
	}
	return f, err
}

// Findings shows a page of 对账差异.
func Findings(c *ui.Call) error {
	f, err := findingFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	list, err := proof.FindingPage(c.View, f)
	if err != nil {
		return err
	}
	out := findingList{All: c.R.URL.Query().Get("all"), Merchant: f.Merchant, Kind: f.Kind, Merchants: merchantChoices(c),
		Kinds: findingKinds}
	if out.Bands, err = proof.FindingAges(c.View, ageBounds...); err != nil {
		return err
	}
	if out.SuspenseCount, out.Suspense, err = proof.SuspenseSum(c.View); err != nil {
		return err
	}
	list, out.Pager = ui.Cut(c, list, func(f proof.Finding) string { return f.ID })
	if out.Rows, err = aged(c, list); err != nil {
		return err
	}
	return c.Render("reconciliation/finding_list", "对账差异", out)
}

// aged returns the differences with their rooms and ages.
func aged(c *ui.Call, list []proof.Finding) ([]agedFinding, error) {
	lines, err := findingLines(c, list)
	if err != nil {
		return nil, err
	}
	out := make([]agedFinding, len(lines))
	for i, l := range lines {
		out[i] = agedFinding{l, int(c.View.Today() - l.CreatedAt.Date())}
	}
	return out, nil
}

// ExportFindings sends the list as a workbook.
func ExportFindings(c *ui.Call) error {
	f, err := findingFilter(c)
	if err != nil {
		return err
	}
	header := []string{"日期", "商户", "差异", "订单号", "交易号", "我方金额（元）", "微信金额（元）", "房号", "发现时间", "已过天数", "处理结果", "处理人", "处理时间", "处理说明"}
	return c.Export("对账差异", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]agedFinding, error) {
			f.After, f.Limit = after, limit
			list, err := proof.FindingPage(c.View, f)
			if err != nil {
				return nil, err
			}
			return aged(c, list)
		}
		return ui.EachPage(read, func(f agedFinding) string { return f.ID }, func(f agedFinding) error {
			return b.Row(ui.DayCell(f.BillOn), f.Merchant, words.Of(findingWords, f.Kind), f.OrderNo, f.TransactionID,
				sheet.Yuan(f.OursFen),
				sheet.Yuan(f.TheirsFen), f.Room.Code, words.At(f.CreatedAt), f.Days, words.Of(resolutionWords, f.Resolution),
				words.ResolvedBy(f.ResolvedBy), words.At(f.ResolvedAt), f.Reason)
		})
	})
}
