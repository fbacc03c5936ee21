package words

import "wuyepay/models/fees"

// SlipKinds are the kinds of a 有偿服务单.
var SlipKinds = map[string]string{fees.SlipRepair: "维修", fees.SlipCleaning: "保洁", fees.SlipWaste: "清运", fees.SlipOther: "其他"}

// SlipStates are the states of a 有偿服务单.
var SlipStates = map[string]string{fees.SlipDraft: "草稿", fees.SlipOffered: "待业主签字", fees.SlipSigned: "已签字（不收费）",
	fees.SlipCharged: "已签字并出账", fees.SlipDeclined: "业主不同意", fees.SlipCancelled: "已取消"}

// SlipLines are the kinds of a line of a 有偿服务单.
var SlipLines = map[string]string{fees.SlipService: "服务项目", fees.SlipPart: "材料配件", fees.SlipLabour: "人工工时", fees.SlipExtra: "其他"}

// SlipSigned are the ways to sign a 有偿服务单.
var SlipSigned = map[string]string{fees.SignedByPhone: "手机签字", fees.SignedOnPaper: "纸质签字"}
