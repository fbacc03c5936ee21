package charging

import (
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/fees"
)

// ExportRuns sends all billing runs as a workbook.
func ExportRuns(c *ui.Call) error {
	header := []string{"小区", "账期", "状态", "核算笔数", "核算金额", "已出账笔数", "已出账金额", "预存抵扣", "发起人", "发起时间", "发布人", "发布时间"}
	return c.Export("账单批次", "", header, func(b *ui.Workbook) error {
		names, err := c.CommunityNames()
		if err != nil {
			return err
		}
		return ui.EachPage(func(after string, limit int) ([]fees.BillingRun, error) {
			return fees.BillingRuns(c.View, fees.RunFilter{After: after, Limit: limit})
		}, func(r fees.BillingRun) string { return r.ID }, func(r fees.BillingRun) error {
			return b.Row(names[r.CommunityID], r.Period, words.Of(runWords, r.Status), r.Bills, r.PrincipalFen.Yuan(), r.IssuedBills,
				r.IssuedFen.Yuan(), r.OffsetFen.Yuan(), words.Actor(r.MadeBy.Kind, r.MadeBy.Name), words.At(r.CreatedAt),
				words.Actor(r.IssuedBy.Kind, r.IssuedBy.Name), words.At(r.PublishedAt))
		})
	})
}

// ExportOddities sends what a run has found odd as a workbook.
func ExportOddities(c *ui.Call) error {
	v, err := readRun(c, 0)
	if err != nil {
		return err
	}
	return c.Export("账单批次核对", v.ID, []string{"小区", "账期", "情况", "房号", "项目", "金额", "平时", "说明"}, func(b *ui.Workbook) error {
		list, err := fees.OdditiesOfRun(c.View, v.ID, "", exportOddityLines)
		if err != nil {
			return err
		}
		for _, o := range list {
			if err := b.Row(v.Community, v.Period, words.Of(oddWords, o.Kind), o.Room.Code, o.Item, o.AmountFen.Yuan(), o.UsualFen.Yuan(),
				o.Detail); err != nil {
				return err
			}
		}
		return nil
	})
}

// exportOddityLines is more than a run can have.
const exportOddityLines = 10_000
