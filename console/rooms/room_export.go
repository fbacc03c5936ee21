package rooms

import (
	"wuyepay/billing"
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
)

// ExportBills sends all bills of a room as a workbook, with what is owed of each today.
func ExportBills(c *ui.Call) error {
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	header := []string{"小区", "房号", "费项", "账期起", "账期止", "应缴日", "状态", "计算依据", "本金（元）", "优惠（元）", "已缴本金（元）", "尚欠本金（元）",
		"违约金天数", "累计违约金（元）", "减免违约金（元）", "已缴违约金（元）", "应缴违约金（元）", "合计应缴（元）"}
	return c.Export("房间账单", room.ID, header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]billing.BillState, error) {
			bills, err := fees.BillsOfRoom(c.View, room.ID, fees.BillFilter{After: after, Limit: limit})
			if err != nil {
				return nil, err
			}
			return billing.States(c.View, bills, c.View.Today())
		}
		cursor := func(s billing.BillState) string { return s.DueOn.String() + "/" + s.ID }
		return ui.EachPage(read, cursor, func(s billing.BillState) error {
			return b.Row(community, room.Code, s.Item, ui.DayCell(s.PeriodStart), ui.DayCell(s.PeriodEnd), ui.DayCell(s.DueOn),
				words.Of(words.Bills, s.Status), words.Basis(s.Basis), sheet.Yuan(s.PrincipalFen), sheet.Yuan(s.DiscountFen),
				sheet.Yuan(s.PaidPrincipalFen), sheet.Yuan(s.OutstandingFen()), s.Late.Days, sheet.Yuan(s.Late.Accrued),
				sheet.Yuan(s.WaivedLateFeeFen), sheet.Yuan(s.PaidLateFeeFen), sheet.Yuan(s.LateDueFen), sheet.Yuan(s.DueFen))
		})
	})
}

// ExportPayments sends all payments of a room as a workbook.
func ExportPayments(c *ui.Call) error {
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	header := []string{"小区", "房号", "支付时间", "渠道", "金额（元）", "其中转入预存（元）", "订单号", "交易号", "入账方式", "入账时间", "冲正日"}
	return c.Export("房间缴费记录", room.ID, header, func(b *ui.Workbook) error {
		list, err := money.PaymentsOfRoom(c.View, room.ID, c.MaxExportRows+1)
		if err != nil {
			return err
		}
		undone, err := money.ReversedPayments(c.View, room.ID)
		if err != nil {
			return err
		}
		for _, p := range list {
			if err := b.Row(community, room.Code, words.At(p.PaidAt), words.Of(money.ChannelNames, p.Channel), sheet.Yuan(p.AmountFen),
				sheet.Yuan(p.SurplusFen), text(p.OrderNo), text(p.TransactionID), words.Of(words.Learned, p.Source), words.At(p.BookedAt),
				ui.DayCell(undone[p.ID].DayOn)); err != nil {
				return err
			}
		}
		return nil
	})
}

// text returns a text that may be missing, or nothing.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
