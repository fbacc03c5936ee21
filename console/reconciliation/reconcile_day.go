package reconciliation

import (
	"github.com/shopspring/decimal"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/payment/reconcile"
)

// dayFindings is how many differences of a merchant a day shows. More of them mean a wrong
// merchant or a wrong database and not lost notifications.
const dayFindings = 200

// dayView is the page of a day of 微信对账, over all merchants.
type dayView struct {
	On, Before, After models.Date
	Month             string
	CanRun            bool // may, and the day is over
	Merchants         []merchantDay
}

// merchantDay is the day of one merchant: the sums of both sides and the differences.
type merchantDay struct {
	Name     string
	Done     bool
	Run      proof.Reconciliation
	Mark     mark
	Findings []findingLine
	More     bool // differences beyond those shown
	Sign     bool // may be signed off: run, not signed, and nothing open
	Foreign  *proof.ForeignDay
}

// CountDiffers reports whether ours and foreign payments together are not WeChat's.
func (d merchantDay) CountDiffers() bool {
	return d.Run.OursCount+d.other().Payments != d.Run.TheirsCount
}

// SumDiffers is CountDiffers for the amount of the payments.
func (d merchantDay) SumDiffers() bool { return d.Run.OursFen+d.other().PaidFen != d.Run.TheirsFen }

// RefundsDiffer is CountDiffers for refunds.
func (d merchantDay) RefundsDiffer() bool {
	return d.Run.OurRefunds+d.other().Refunds != d.Run.TheirRefunds
}

// RefundSumDiffers is CountDiffers for the amount of the refunds.
func (d merchantDay) RefundSumDiffers() bool {
	return d.Run.OurRefundsFen+d.other().RefundsFen != d.Run.TheirRefundsFen
}

// other returns what is foreign on the day; nothing is without a rule.
func (d merchantDay) other() proof.ForeignDay {
	if d.Foreign == nil {
		return proof.ForeignDay{}
	}
	return *d.Foreign
}

// ForeignNet returns what was foreign of the net of the trade bill, as a decimal of fen.
func (d merchantDay) ForeignNet() string {
	f := d.other()
	fee, _ := decimal.NewFromString(f.FeeFen) // empty without a foreign day
	return decimal.NewFromInt(int64(f.SettledFen - f.ReturnedFen)).Sub(fee).String()
}

// ForeignFlowNet returns what was foreign of the net of the fund-flow bill.
func (d merchantDay) ForeignFlowNet() models.Fen {
	f := d.other()
	return f.FlowPaidFen - f.FlowReturnedFen - f.FlowFeeFen
}

// FeeDiffers reports whether WeChat's fee is another than its own rates come to.
func (d merchantDay) FeeDiffers() bool {
	return d.Run.FlowState != "" && d.Run.FeeFen != d.Run.FeeExpectedFen
}

// Flow reports whether the fund-flow bill was compared.
func (d merchantDay) Flow() bool { return d.Run.FlowState == proof.FlowCompared }

// Coupons returns what WeChat's coupons paid of the takings.
func (d merchantDay) Coupons() models.Fen { return d.Run.TheirsFen - d.Run.SettledFen }

// findingLine is a difference with the room of its order, if the order is ours.
type findingLine struct {
	proof.Finding
	Room  estate.Room
	Known bool
}

// reconcilableDay returns the day of the path. A day that is not over is not found.
func reconcilableDay(c *ui.Call) (models.Date, error) {
	on, err := models.ParseDate(c.R.PathValue("day"))
	if err != nil || on >= c.View.Today() {
		return 0, models.ErrNotFound
	}
	return on, nil
}

// Day shows a day of 微信对账.
func Day(c *ui.Call) error {
	on, err := reconcilableDay(c)
	if err != nil {
		return err
	}
	v := dayView{On: on, Before: on - 1, Month: on.String()[:7], CanRun: c.Can(office.PermReconcileRun)}
	if on+1 < c.View.Today() {
		v.After = on + 1
	}
	if v.Merchants, err = merchantDays(c, on, dayFindings); err != nil {
		return err
	}
	return c.Render("reconciliation/reconcile_day", "微信对账 "+on.String(), v)
}

// merchantDays returns the day of each merchant with at most limit differences.
func merchantDays(c *ui.Call, on models.Date, limit int) ([]merchantDay, error) {
	marks, merchants, err := marksOf(c, on, on)
	if err != nil {
		return nil, err
	}
	runs, err := proof.Reconciliations(c.View, on, on)
	if err != nil {
		return nil, err
	}
	foreign, err := proof.ForeignDays(c.View, on, on)
	if err != nil {
		return nil, err
	}
	out := make([]merchantDay, len(merchants))
	for i, name := range merchants {
		d := merchantDay{Name: name}
		for _, r := range runs {
			if r.Merchant == name {
				d.Run, d.Done = r, true
			}
		}
		for i := range foreign {
			if foreign[i].Merchant == name {
				d.Foreign = &foreign[i]
			}
		}
		for _, m := range marks[on] {
			if m.Merchant == name {
				d.Mark = m
			}
		}
		findings, err := proof.FirstFindings(c.View, name, on, limit+1) // one statement a merchant, of which there are few
		if err != nil {
			return nil, err
		}
		findings, d.More = ui.FirstOf(findings, limit)
		d.Sign = d.Done && !d.Run.Signed() && d.Mark.Tone != "open" && c.Can(office.PermReconcileRun)
		if d.Findings, err = findingLines(c, findings); err != nil {
			return nil, err
		}
		out[i] = d
	}
	return out, nil
}

func findingLines(c *ui.Call, findings []proof.Finding) ([]findingLine, error) {
	nos := make([]string, 0, len(findings))
	for _, f := range findings {
		nos = append(nos, f.OrderNo)
	}
	rooms, err := money.RoomsOfOrders(c.View, nos)
	if err != nil {
		return nil, err
	}
	out := make([]findingLine, len(findings))
	for i, f := range findings {
		room, known := rooms[f.OrderNo]
		out[i] = findingLine{f, room, known}
	}
	return out, nil
}

// ExportDay sends the differences of a day as a workbook.
func ExportDay(c *ui.Call) error {
	on, err := reconcilableDay(c)
	if err != nil {
		return err
	}
	header := []string{"日期", "商户", "差异", "订单号", "交易号", "我方金额（元）", "微信金额（元）", "房号", "可能原因", "处理结果", "处理人", "处理时间", "处理说明"}
	return c.Export("对账差异", on.String(), header, func(b *ui.Workbook) error {
		days, err := merchantDays(c, on, c.MaxExportRows)
		if err != nil {
			return err
		}
		for _, d := range days {
			if d.More {
				return ui.ErrExportTooLong(c.MaxExportRows)
			}
			for _, f := range d.Findings {
				if err := b.Row(ui.DayCell(on), d.Name, words.Of(findingWords, f.Kind), f.OrderNo, f.TransactionID, sheet.Yuan(f.OursFen),
					sheet.Yuan(f.TheirsFen), f.Room.Code, causes[f.Kind], words.Of(resolutionWords, f.Resolution),
					words.ResolvedBy(f.ResolvedBy), words.At(f.ResolvedAt), f.Reason); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// SignOff puts the name of the reader under the day of a merchant.
func SignOff(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	on, err := reconcilableDay(c)
	if err != nil {
		return err
	}
	said := "day_signed"
	err = reconcile.SignOff(c.R.Context(), c.Pay, c.Staff.Actor(), c.Field("merchant"), on)
	if e, ok := models.AsError(err); ok {
		said, err = e.Code, nil
	}
	if err != nil {
		return err
	}
	c.Say(said)
	return c.Redirect("/staff/reconcile/" + on.String())
}
