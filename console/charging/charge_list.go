package charging

import (
	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
)

var chargeKinds = []ui.Option{{Value: models.ChargeShared, Text: "公摊"}, {Value: models.ChargeOneOff, Text: "一次性收费"}}

var chargeWords = map[string]string{
	models.ChargeShared: "公摊", models.ChargeOneOff: "一次性收费",
	models.ChargeIssuing: "出账中", models.ChargeIssued: "已出账", models.ChargeVoiding: "作废中", models.ChargeVoid: "已作废",
	models.ShareByArea: "按面积", models.ShareByHousehold: "按户",
	billing.ScopeAll: "全部", billing.ScopeBuilding: "一栋", billing.ScopeUnit: "一个单元", billing.ScopeList: "房号清单",
}

// chargeList is 公摊 or 一次性收费.
type chargeList struct {
	Kind  string
	Kinds []ui.Option
	Rows  []chargeLine
	Pager ui.Pager
}

// chargeLine is a charge with the name of its community.
type chargeLine struct {
	models.Charge
	Community string
}

// chargeKind is the kind that the page is about: shared unless asked otherwise.
func chargeKind(c *ui.Call) (string, error) {
	kind, err := c.QueryOption("kind", chargeKinds)
	if kind == "" {
		kind = models.ChargeShared
	}
	return kind, err
}

func Charges(c *ui.Call) error {
	kind, err := chargeKind(c)
	if err != nil {
		return err
	}
	list, err := c.View.Charges(kind, c.R.URL.Query().Get("after"), ui.PageSize+1)
	if err != nil {
		return err
	}
	l := chargeList{Kind: kind, Kinds: chargeKinds}
	list, l.Pager = ui.Cut(c, list, func(x models.Charge) string { return x.ID })
	names, err := c.CommunityNames()
	if err != nil {
		return err
	}
	for _, x := range list {
		l.Rows = append(l.Rows, chargeLine{x, names[x.CommunityID]})
	}
	return c.Render("charging/charge_list", words.Of(chargeWords, kind), l)
}

func ExportCharges(c *ui.Call) error {
	kind, err := chargeKind(c)
	if err != nil {
		return err
	}
	header := []string{"小区", "项目", "起", "止", "总额", "分摊", "范围", "户数", "原因", "缴费截止日", "状态", "经办人", "时间"}
	return c.Export(words.Of(chargeWords, kind), "", header, func(b *ui.Workbook) error {
		names, err := c.CommunityNames()
		if err != nil {
			return err
		}
		return ui.EachPage(func(after string, limit int) ([]models.Charge, error) { return c.View.Charges(kind, after, limit) },
			func(x models.Charge) string { return x.ID }, func(x models.Charge) error {
				return b.Row(names[x.CommunityID], x.Item, x.PeriodStart.String(), x.PeriodEnd.String(), x.TotalFen.Yuan(), words.Of(chargeWords, x.ShareBy),
					words.Of(chargeWords, x.Scope)+x.ScopeText, x.Rooms, x.Reason, x.DueOn.String(), words.Of(chargeWords, x.Status), words.Actor(x.MadeKind, x.MadeName), words.At(x.CreatedAt))
			})
	})
}
