package console

import (
	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// ageBounds are the first days of each band of age but the first.
var ageBounds = []int{2, 4, 8, 31}

// findingList is 对账差异: of all days, oldest first.
type findingList struct {
	All, Merchant, Kind string
	Merchants, Kinds    []choice
	Bands               []models.AgeBand
	Suspense            models.Fen
	SuspenseCount       int
	Rows                []agedFinding
	Pager               pager
}

// agedFinding is a difference and for how many days it has been open.
type agedFinding struct {
	findingLine
	Days int
}

var findingKinds = choices(findingWords, models.FindingOnlyTheirs, models.FindingOnlyOurs, models.FindingAmount, models.FindingState, models.FindingUnknown,
	models.FindingDuplicate, models.FindingDay, models.FindingRefund, models.FindingRefundOurs, models.FindingRefundAmount, models.FindingRefundState,
	models.FindingFee, models.FindingFlowMissing, models.FindingFlowExtra, models.FindingFlowAmount)

var findingScopes = []choice{{"all", "全部"}}

func (c *call) merchantChoices() []choice {
	var out []choice
	for _, m := range c.Pay.MerchantNames() {
		out = append(out, choice{m, m})
	}
	return out
}

func (c *call) findingFilter() (models.FindingFilter, error) {
	f := models.FindingFilter{Limit: pageSize + 1}
	all, err := c.oneOf("all", findingScopes)
	f.Open = all == ""
	if err == nil {
		f.Merchant, err = c.oneOf("merchant", c.merchantChoices())
	}
	if err == nil {
		f.Kind, err = c.oneOf("kind", findingKinds)
	}
	return f, err
}

func (c *call) findings() error {
	f, err := c.findingFilter()
	if err != nil {
		return err
	}
	f.After = c.r.URL.Query().Get("after")
	list, err := c.view.FindingPage(f)
	if err != nil {
		return err
	}
	out := findingList{All: c.r.URL.Query().Get("all"), Merchant: f.Merchant, Kind: f.Kind, Merchants: c.merchantChoices(), Kinds: findingKinds}
	if out.Bands, err = c.view.FindingAges(ageBounds...); err != nil {
		return err
	}
	if out.SuspenseCount, out.Suspense, err = c.view.SuspenseSum(); err != nil {
		return err
	}
	list, out.Pager = cut(c, list, func(f models.Finding) string { return f.ID })
	if out.Rows, err = c.aged(list); err != nil {
		return err
	}
	return c.render("findings", "对账差异", out)
}

// aged adds the rooms and the ages.
func (c *call) aged(list []models.Finding) ([]agedFinding, error) {
	lines, err := c.findingLines(list)
	if err != nil {
		return nil, err
	}
	out := make([]agedFinding, len(lines))
	for i, l := range lines {
		out[i] = agedFinding{l, int(c.view.Today() - l.CreatedAt.Date())}
	}
	return out, nil
}

func (c *call) exportAllFindings() error {
	f, err := c.findingFilter()
	if err != nil {
		return err
	}
	header := []string{"日期", "商户", "差异", "订单号", "交易号", "我方金额（元）", "微信金额（元）", "房号", "发现时间", "已过天数", "处理结果", "处理人", "处理时间", "处理说明"}
	return c.export("对账差异", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]agedFinding, error) {
			f.After, f.Limit = after, limit
			list, err := c.view.FindingPage(f)
			if err != nil {
				return nil, err
			}
			return c.aged(list)
		}
		return eachPage(read, func(f agedFinding) string { return f.ID }, func(f agedFinding) error {
			return b.Row(day(f.BillOn), f.Merchant, word(findingWords, f.Kind), f.OrderNo, f.TransactionID, sheet.Yuan(f.OursFen), sheet.Yuan(f.TheirsFen), f.Room.Code,
				at(f.CreatedAt), f.Days, word(resolutionWords, f.Resolution), resolvedBy(f.ResolvedBy), at(f.ResolvedAt), f.Reason)
		})
	})
}
