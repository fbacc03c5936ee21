package words

import "wuyepay/models/fees"

// shadowCauses are the causes of a difference between the old system and ours.
var shadowCauses = map[string]string{
	fees.CauseEqual: "一致", fees.CauseArea: "面积不同", fees.CausePrice: "单价不同", fees.CauseUsage: "用量不同", fees.CauseRounding: "取整方式",
	fees.CauseFirst: "首末月折算", fees.CauseVacancy: "空置或未售", fees.CauseCycle: "账期划分", fees.CauseLateFee: "含违约金",
	fees.CauseTwice: "对方重复", fees.CauseMissing: "对方没有", fees.CauseExtra: "系统没有", fees.CauseUnknown: "原因不明",
}

// ShadowCause returns the word of a cause.
func ShadowCause(code string) string { return Of(shadowCauses, code) }
