package console

import (
	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// dayFindings is how many differences of a merchant the page of a day shows. More
// of them mean a wrong merchant or a wrong database, not lost callbacks.
const dayFindings = 200

// dayView is a day of 微信对账, over all merchants.
type dayView struct {
	On, Before, After models.Date
	Month             string
	CanRun            bool // may, and the day is over
	Merchants         []merchantDay
}

// merchantDay is a merchant's day: both sides' sums and every difference.
type merchantDay struct {
	Name     string
	Done     bool
	Run      models.Reconciliation
	Mark     mark
	Findings []findingLine
	More     bool // differences beyond those shown
	Sign     bool // may be signed off: run, not signed, and nothing open
}

// FeeDiffers tells whether WeChat's fee is not what its own rates come to.
func (d merchantDay) FeeDiffers() bool {
	return d.Run.FlowState != "" && d.Run.FeeFen != d.Run.FeeExpectedFen
}

// Flow tells whether the fund-flow bill was compared.
func (d merchantDay) Flow() bool { return d.Run.FlowState == models.FlowCompared }

// Coupons is what WeChat's coupons paid of the takings.
func (d merchantDay) Coupons() models.Fen { return d.Run.TheirsFen - d.Run.SettledFen }

// findingLine is a difference with the room that its order pays for, if the order
// is ours.
type findingLine struct {
	models.Finding
	Room  models.Room
	Known bool
}

// reconcilableDay reads the day from the path; a day that is not over yet has
// nothing to show.
func (c *call) reconcilableDay() (models.Date, error) {
	on, err := models.ParseDate(c.r.PathValue("day"))
	if err != nil || on >= c.view.Today() {
		return 0, models.ErrNotFound
	}
	return on, nil
}

func (c *call) reconciledDay() error {
	on, err := c.reconcilableDay()
	if err != nil {
		return err
	}
	v := dayView{On: on, Before: on - 1, Month: on.String()[:7], CanRun: c.can(permReconcileRun)}
	if on+1 < c.view.Today() {
		v.After = on + 1
	}
	if v.Merchants, err = c.merchantDays(on, dayFindings); err != nil {
		return err
	}
	return c.render("day", "微信对账 "+on.String(), v)
}

// merchantDays gives the day of each merchant, with at most so many differences.
func (c *call) merchantDays(on models.Date, limit int) ([]merchantDay, error) {
	marks, merchants, err := c.marksOf(on, on)
	if err != nil {
		return nil, err
	}
	runs, err := c.view.Reconciliations(on, on)
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
		for _, m := range marks[on] {
			if m.Merchant == name {
				d.Mark = m
			}
		}
		findings, err := c.view.FirstFindings(name, on, limit+1) // one statement a merchant, of which there are few
		if err != nil {
			return nil, err
		}
		findings, d.More = firstOf(findings, limit)
		d.Sign = d.Done && !d.Run.Signed() && d.Mark.Tone != "open" && c.can(permReconcileRun)
		if d.Findings, err = c.findingLines(findings); err != nil {
			return nil, err
		}
		out[i] = d
	}
	return out, nil
}

func (c *call) findingLines(findings []models.Finding) ([]findingLine, error) {
	nos := make([]string, 0, len(findings))
	for _, f := range findings {
		nos = append(nos, f.OrderNo)
	}
	rooms, err := c.view.RoomsOfOrders(nos)
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

func (c *call) exportFindings() error {
	on, err := c.reconcilableDay()
	if err != nil {
		return err
	}
	header := []string{"日期", "商户", "差异", "订单号", "交易号", "我方金额（元）", "微信金额（元）", "房号", "可能原因", "处理结果", "处理人", "处理时间", "处理说明"}
	return c.export("对账差异", on.String(), header, func(b *workbook) error {
		days, err := c.merchantDays(on, c.MaxExportRows)
		if err != nil {
			return err
		}
		for _, d := range days {
			if d.More {
				return errExportTooLong(c.MaxExportRows)
			}
			for _, f := range d.Findings {
				if err := b.Row(day(on), d.Name, word(findingWords, f.Kind), f.OrderNo, f.TransactionID, sheet.Yuan(f.OursFen), sheet.Yuan(f.TheirsFen),
					f.Room.Code, causes[f.Kind], word(resolutionWords, f.Resolution), resolvedBy(f.ResolvedBy), at(f.ResolvedAt), f.Reason); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// signOff puts the name of whoever is signed in under a merchant's day.
func (c *call) signOff() error {
	if err := c.form(); err != nil {
		return err
	}
	on, err := c.reconcilableDay()
	if err != nil {
		return err
	}
	said := "day_signed"
	err = c.Pay.SignOff(c.r.Context(), c.staff.Actor(), c.field("merchant"), on)
	if e, ok := models.AsError(err); ok {
		said, err = e.Code, nil
	}
	if err != nil {
		return err
	}
	c.say(said)
	return c.redirect("/staff/reconcile/" + on.String())
}
