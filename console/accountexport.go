package console

import (
	"wuyepay/billing"
	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// exportBills sends all bills of a room, with what is owed of each today.
func (c *call) exportBills() error {
	room, community, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	header := []string{"小区", "房号", "费项", "账期起", "账期止", "应缴日", "状态", "计算依据", "本金（元）", "优惠（元）", "已缴本金（元）", "尚欠本金（元）",
		"违约金天数", "累计违约金（元）", "减免违约金（元）", "已缴违约金（元）", "应缴违约金（元）", "合计应缴（元）"}
	return c.export("房间账单", room.ID, header, func(b *workbook) error {
		read := func(after string, limit int) ([]billing.BillState, error) {
			bills, err := c.view.BillsOfRoom(room.ID, models.BillFilter{After: after, Limit: limit})
			if err != nil {
				return nil, err
			}
			return billing.States(c.view, bills, c.view.Today())
		}
		cursor := func(s billing.BillState) string { return s.DueOn.String() + "/" + s.ID }
		return eachPage(read, cursor, func(s billing.BillState) error {
			return b.Row(community, room.Code, s.Item, day(s.PeriodStart), day(s.PeriodEnd), day(s.DueOn), word(billWords, s.Status), basisText(s.Basis),
				sheet.Yuan(s.PrincipalFen), sheet.Yuan(s.DiscountFen), sheet.Yuan(s.PaidPrincipalFen), sheet.Yuan(s.OutstandingFen()),
				s.Late.Days, sheet.Yuan(s.Late.Accrued), sheet.Yuan(s.WaivedLateFeeFen), sheet.Yuan(s.PaidLateFeeFen), sheet.Yuan(s.LateDueFen), sheet.Yuan(s.DueFen))
		})
	})
}

// exportPayments sends all payments of a room.
func (c *call) exportPayments() error {
	room, community, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	header := []string{"小区", "房号", "支付时间", "渠道", "金额（元）", "其中转入预存（元）", "订单号", "交易号", "入账方式", "入账时间", "冲正日"}
	return c.export("房间缴费记录", room.ID, header, func(b *workbook) error {
		list, err := c.view.PaymentsOfRoom(room.ID, c.MaxExportRows+1)
		if err != nil {
			return err
		}
		undone, err := c.view.ReversedPayments(room.ID)
		if err != nil {
			return err
		}
		for _, p := range list {
			if err := b.Row(community, room.Code, at(p.PaidAt), word(models.ChannelNames, p.Channel), sheet.Yuan(p.AmountFen), sheet.Yuan(p.SurplusFen),
				text(p.OrderNo), text(p.TransactionID), word(learnedWords, p.Source), at(p.BookedAt), day(undone[p.ID].DayOn)); err != nil {
				return err
			}
		}
		return nil
	})
}

// day is a date as a cell; none is blank.
func day(d models.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.Start()
}

// text is a text that may be missing.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
