package words

import (
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// Bills are the states of a bill.
var Bills = map[string]string{
	fees.BillUnpaid: "未缴", fees.BillPartial: "部分已缴", fees.BillPaid: "已缴清", fees.BillVoid: "已作废",
}

// LateRule returns a late-fee rule that an entry keeps, for people.
func LateRule(kept string) string {
	rule, err := fees.RuleOfText(kept)
	if err != nil {
		return OrDash(kept)
	}
	return rule.Text()
}

// Entries are the kinds of a change of a bill.
var Entries = map[string]string{fees.EntryWaiver: "减免违约金", fees.EntryCorrection: "更正本金", fees.EntryVoid: "作废",
	fees.EntryDiscount: "优惠"}

// Bands are the ages of what is owed.
var Bands = map[fees.AgingBucket]string{fees.BandNotDue: "未到应缴日", fees.Band30: "0–30 天", fees.Band90: "31–90 天",
	fees.Band180: "91–180 天", fees.Band365: "181–365 天", fees.BandOver: "365 天以上", fees.BandDue: "已到应缴日"}

// Cycles are the cycles in which a fee is due.
var Cycles = map[string]string{fees.CycleMonth: "月", fees.CycleQuarter: "季", fees.CycleHalfYear: "半年", fees.CycleYear: "年"}

// Cycle returns the word of a cycle, or nothing without one.
func Cycle(code string) string { return Cycles[code] }

// Methods are the ways in which a fee is computed.
var Methods = map[string]string{fees.MethodArea: "按面积", fees.MethodFixed: "固定", fees.MethodMeter: "按表",
	fees.MethodShared: "公摊", fees.MethodOneOff: "一次性"}

// Settlements are the orders in which money settles bills.
var Settlements = map[string]string{estate.LateFeeFirst: "先应缴日早的账单，同一账单先违约金后本金", estate.PrincipalFirst: "先应缴日早的账单，同一账单先本金后违约金"}
