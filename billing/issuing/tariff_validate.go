package issuing

import (
	"fmt"
	"unicode/utf8"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// Refusals of tariffs. The messages name the field.
var (
	ErrTariffItem   = models.Invalid("TARIFF_ITEM", "请填写收费项目（最多 40 个字）")
	ErrTariffMethod = models.Invalid("TARIFF_METHOD", "请选择计费方式")
	ErrTariffCycle  = models.Invalid("TARIFF_CYCLE", "请选择缴费周期；周期起始月应为 1 到 12")
	ErrTariffPrice  = models.Invalid("TARIFF_PRICE", "单价应为不超过 10000、最多四位小数的数")
	// ErrTariffTiers: tiers need a price by meter, and exclude a single price.
	ErrTariffTiers = models.Invalid("TARIFF_TIERS", "只有按表计费可以有阶梯，且单价和阶梯只能填一项")
	ErrTariffRate  = models.Invalid("TARIFF_RATE", "违约金日利率应在 0 到 10‰ 之间，千分之三应写成 3‰ 或 0.3%")
	ErrTariffCap   = models.Invalid("TARIFF_CAP", "违约金上限是应收金额的比例，最高 100%，三成应写成 30%")
	// ErrTariffShare: the share of a vacant or unsold room is out of range.
	ErrTariffShare = models.Invalid("TARIFF_SHARE", "空置比例应在 0 到 100% 之间，未售比例应在 0 到 200% 之间")
	// ErrTariffOff: a discount needs a share of at most one half and a last
	// day.
	ErrTariffOff = models.Invalid("TARIFF_DISCOUNT", "优惠比例应在 0 到 50% 之间，并与优惠截止日（如 03-31）同时填写")
	ErrTariffDue = models.Invalid("TARIFF_DUE", "缴费截止日应为 1 到 31，缴费期限应为 0 到 366 天，宽限天数应为 0 到 366 天")
	// ErrTariffDates: the last day is before the first.
	ErrTariffDates = models.Invalid("TARIFF_DATES", "截止日期不能早于起始日期")
	// ErrTariffOver: the version ended earlier already.
	ErrTariffOver  = models.Refusal(models.KindConflict, "TARIFF_OVER", "该收费标准已在更早的日期停止")
	ErrTariffRooms = models.Invalid("TARIFF_ROOMS", "房号和适用物业类型只能填一项")
	// ErrTariffFrom: a successor must begin after the version it replaces.
	ErrTariffFrom = models.Refusal(models.KindConflict, "TARIFF_FROM", "新标准的起始日期必须晚于原标准的起始日期")
	// ErrTariffEnded: the version ends before the successor begins, so it needs
	// none.
	ErrTariffEnded = models.Refusal(models.KindConflict, "TARIFF_ENDED", "原标准在新标准起始日期之前已经结束，请直接新增一条收费标准")
	// ErrTariffChanged: the tariff or its bills changed after the preview.
	ErrTariffChanged = models.Refusal(models.KindConflict, "TARIFF_CHANGED", "收费标准或受影响的账单在预览之后有变化，请重新预览")
)

// errTariffOverlap returns the refusal that names the days of the other
// version.
func errTariffOverlap(o fees.Tariff) error {
	to := o.ToOn.String()
	if o.ToOn == 0 {
		to = "长期"
	}
	return models.Refusal(models.KindConflict, "TARIFF_OVERLAP", fmt.Sprintf("与已有的收费标准日期重叠（%s 至 %s）", o.FromOn, to))
}

// CheckTariff refuses a tariff that cannot be right whatever the rooms are, and
// rewrites its figures in the spelling in which they are stored. The error is a
// [models.Error] with a Chinese message. For example, it refuses a daily rate
// of 3%, which is ten times what was meant, and stores ２．５ as 2.50.
func CheckTariff(t *fees.Tariff) error {
	switch {
	case models.NameKey(t.Item) == "" || utf8.RuneCountInString(t.Item) > calc.MaxItem || utf8.RuneCountInString(t.RoomKind) > calc.MaxKind:
		return ErrTariffItem
	case methodNames[t.Method] == "":
		return ErrTariffMethod
	case calc.CycleMonths(t.Cycle) == 0 || !calc.CycleStarts.Has(t.CycleStart):
		return ErrTariffCycle
	case !calc.DueDays.Has(t.DueDay) || !calc.DueAfterDays.Has(t.DueAfterDays) || !calc.GraceDays.Has(t.GraceDays):
		return ErrTariffDue
	case t.FromOn == 0 || t.ToOn != 0 && t.ToOn < t.FromOn:
		return ErrTariffDates
	case t.RoomKind != "" && t.RoomID != "":
		return ErrTariffRooms
	}
	if err := checkTariffPrice(t); err != nil {
		return err
	}
	return checkTariffShares(t)
}

// checkTariffDays refuses days that cannot be meant, such as a tariff from 2205 on.
func checkTariffDays(t fees.Tariff, today models.Date) error {
	return models.CheckDays(today, models.DayOfKind{Kind: models.FirstDay, Day: t.FromOn},
		models.DayOfKind{Kind: models.LastDay, Day: t.ToOn})
}

// methodNames are the known methods and their Chinese names.
var methodNames = map[string]string{
	fees.MethodArea: "按面积", fees.MethodFixed: "固定", fees.MethodMeter: "按表", fees.MethodShared: "公摊", fees.MethodOneOff: "一次性",
}

// checkTariffPrice checks that a tariff has either a price or tiers. A shared
// or one-off item may have neither, because its amount comes with the charge.
func checkTariffPrice(t *fees.Tariff) error {
	priced := t.Method == fees.MethodArea || t.Method == fees.MethodFixed || t.Method == fees.MethodMeter
	if t.Tiers != "" {
		if t.Method != fees.MethodMeter || t.Price != "" {
			return ErrTariffTiers
		}
		tiers, err := calc.ParseTiers(t.Tiers)
		if err != nil {
			return err
		}
		if t.Tiers = tiers.String(); len(t.Tiers) > calc.MaxTiersText {
			return ErrTariffTiers
		}
		return nil
	}
	if t.Price == "" && !priced {
		return nil
	}
	d, ok := calc.PriceBounds.Figure(t.Price)
	if !ok {
		return ErrTariffPrice
	}
	t.Price = calc.FigureText(d)
	return nil
}

// checkTariffShares checks rates and shares. A discount needs both a share and
// a last day.
func checkTariffShares(t *fees.Tariff) error {
	for _, f := range []struct {
		text *string
		most calc.Bounds
		err  error
		must bool
	}{
		{&t.LateRate, calc.RateBounds, ErrTariffRate, true},
		{&t.LateCap, calc.CapBounds, ErrTariffCap, false},
		{&t.VacantShare, calc.ShareBounds, ErrTariffShare, false},
		{&t.UnsoldShare, calc.UnsoldBounds, ErrTariffShare, false},
		{&t.DiscountShare, calc.DiscountBounds, ErrTariffOff, false},
	} {
		if *f.text == "" && !f.must {
			continue
		}
		d, ok := f.most.Share(*f.text)
		if !ok {
			return f.err
		}
		*f.text = d.String()
	}
	if t.DiscountShare == "0" {
		t.DiscountShare = ""
	}
	if t.DiscountUntil != "" {
		until, ok := calc.MonthDay(t.DiscountUntil)
		if !ok {
			return ErrTariffOff
		}
		t.DiscountUntil = until
	}
	if (t.DiscountShare == "") != (t.DiscountUntil == "") {
		return ErrTariffOff
	}
	return nil
}
