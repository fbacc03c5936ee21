package arrears

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/fees"
)

// eachLedgerLine calls do for each line of the ledger.
func eachLedgerLine(c *ui.Call, f fees.LedgerFilter, do func(billing.LedgerLine) error) error {
	f.Limit = ui.ExportStep
	for {
		lines, err := billing.Ledger(c.View, f)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := do(l); err != nil {
				return err
			}
		}
		if len(lines) == 0 {
			return nil
		}
		f.After = lines[len(lines)-1].Cursor()
	}
}

// ExportLedger sends the chosen lines as a workbook, in the order of the rooms. Readers sort
// a table themselves, and this order needs no sum over all bills for each step.
func ExportLedger(c *ui.Call) error {
	f, _, err := ledgerFilter(c)
	if err != nil {
		return err
	}
	f.Sort = fees.LedgerByRoom
	header := []string{"小区", "房号", "楼栋", "业主", "管家", "费项", "账单数", "最早应缴日", "最长逾期天数", "欠费本金（元）", "违约金（元）", "应缴合计（元）"}
	for _, b := range fees.Bands {
		header = append(header, words.Bands[b]+"本金（元）")
	}
	return c.Export("欠费台账", "", header, func(b *ui.Workbook) error {
		return eachLedgerLine(c, f, func(l billing.LedgerLine) error {
			row := []any{l.Community, l.Code, l.Building, c.OwnerName(l.Owner.Name), l.Steward, strings.Join(l.Items, "、"), l.Bills,
				ui.DayCell(l.OldestDue), l.OverdueDays, sheet.Yuan(l.OwedFen), sheet.Yuan(l.LateFeeFen), sheet.Yuan(l.TotalFen)}
			for _, band := range fees.Bands {
				row = append(row, sheet.Yuan(l.Bands[band]))
			}
			return b.Row(row...)
		})
	})
}
