package console

import (
	"cmp"
	"maps"
	"slices"

	"wuyepay/models"
)

// sorted gives the keys of a map in order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

var runWords = map[string]string{
	models.RunDrafting: "核算中", models.RunDraft: "待发布", models.RunPublishing: "发布中", models.RunChanged: "有变化，已暂停", models.RunPublished: "已发布", models.RunDiscarded: "已放弃",
}

var runTones = map[string]string{
	models.RunDrafting: "blue", models.RunDraft: "orange", models.RunPublishing: "blue", models.RunChanged: "red", models.RunPublished: "green", models.RunDiscarded: "secondary",
}

var oddWords = map[string]string{
	models.OddHigh: "金额达到平时的 3 倍", models.OddBackwards: "表读数倒走", models.OddNoReading: "本期没有抄表", models.OddNoTariff: "没有适用的收费标准",
	models.OddNoOwner: "没有登记业主", models.OddNoArea: "没有建筑面积",
}

func (c *call) exportRuns() error {
	header := []string{"小区", "账期", "状态", "核算笔数", "核算金额", "已出账笔数", "已出账金额", "预存抵扣", "发起人", "发起时间", "发布人", "发布时间"}
	return c.export("账单批次", "", header, func(b *workbook) error {
		names, err := c.communityNames()
		if err != nil {
			return err
		}
		return eachPage(func(after string, limit int) ([]models.BillingRun, error) {
			return c.view.BillingRuns(models.RunFilter{After: after, Limit: limit})
		}, func(r models.BillingRun) string { return r.ID }, func(r models.BillingRun) error {
			return b.Row(names[r.CommunityID], r.Period, word(runWords, r.Status), r.Bills, r.PrincipalFen.Yuan(), r.IssuedBills, r.IssuedFen.Yuan(), r.OffsetFen.Yuan(),
				actorWord(r.MadeKind, r.MadeName), at(r.CreatedAt), actorWord(r.IssuedKind, r.IssuedName), at(r.PublishedAt))
		})
	})
}

func (c *call) exportOddities() error {
	v, err := c.runView(0)
	if err != nil {
		return err
	}
	return c.export("账单批次核对", v.ID, []string{"小区", "账期", "情况", "房号", "项目", "金额", "平时", "说明"}, func(b *workbook) error {
		list, err := c.view.OdditiesOfRun(v.ID, "", exportOddityLines)
		if err != nil {
			return err
		}
		for _, o := range list {
			if err := b.Row(v.Community, v.Period, word(oddWords, o.Kind), o.Room.Code, o.Item, o.AmountFen.Yuan(), o.UsualFen.Yuan(), o.Detail); err != nil {
				return err
			}
		}
		return nil
	})
}

// exportOddityLines is more than a run keeps.
const exportOddityLines = 10_000
