package charging

import (
	"wuyepay/billing/issuing"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/fees"
)

// chargeKinds are the kinds of a charge.
var chargeKinds = []ui.Option{{Value: fees.ChargeShared, Text: "公摊"}, {Value: fees.ChargeOneOff, Text: "一次性收费"}}

// chargeWords are the kinds, states and ways of a charge.
var chargeWords = map[string]string{
	fees.ChargeShared: "公摊", fees.ChargeOneOff: "一次性收费",
	fees.ChargeIssuing: "出账中", fees.ChargeIssued: "已出账", fees.ChargeVoiding: "作废中", fees.ChargeVoid: "已作废",
	fees.ShareByArea: "按面积", fees.ShareByHousehold: "按户",
	issuing.ScopeAll: "全部", issuing.ScopeBuilding: "一栋", issuing.ScopeUnit: "一个单元", issuing.ScopeList: "房号清单",
}

// chargeList is the page 公摊 or 一次性收费.
type chargeList struct {
	Kind  string
	Kinds []ui.Option
	Rows  []chargeLine
	Pager ui.Pager
}

// chargeLine is a charge with the name of its community.
type chargeLine struct {
	fees.Charge
	Community string
}

// chargeKind returns the kind that the query names, or shared without one.
func chargeKind(c *ui.Call) (string, error) {
	kind, err := c.QueryOption("kind", chargeKinds)
	if kind == "" {
		kind = fees.ChargeShared
	}
	return kind, err
}

// Charges shows a page of 公摊 or of 一次性收费.
func Charges(c *ui.Call) error {
	kind, err := chargeKind(c)
	if err != nil {
		return err
	}
	list, err := fees.Charges(c.View, kind, c.R.URL.Query().Get("after"), ui.PageSize+1)
	if err != nil {
		return err
	}
	l := chargeList{Kind: kind, Kinds: chargeKinds}
	list, l.Pager = ui.Cut(c, list, func(x fees.Charge) string { return x.ID })
	names, err := c.CommunityNames()
	if err != nil {
		return err
	}
	for _, x := range list {
		l.Rows = append(l.Rows, chargeLine{x, names[x.CommunityID]})
	}
	return c.Render("charging/charge_list", words.Of(chargeWords, kind), l)
}

// ExportCharges sends the charges of a kind as a workbook.
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
		return ui.EachPage(func(after string, limit int) ([]fees.Charge, error) { return fees.Charges(c.View, kind, after, limit) },
			func(x fees.Charge) string { return x.ID }, func(x fees.Charge) error {
				return b.Row(names[x.CommunityID], x.Item, x.PeriodStart.String(), x.PeriodEnd.String(), x.TotalFen.Yuan(),
					words.Of(chargeWords, x.ShareBy), words.Of(chargeWords, x.Scope)+x.ScopeText, x.Rooms, x.Reason, x.DueOn.String(),
					words.Of(chargeWords, x.Status), words.Actor(x.MadeBy.Kind, x.MadeBy.Name), words.At(x.CreatedAt))
			})
	})
}
