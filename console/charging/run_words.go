package charging

import "wuyepay/models/fees"

// runWords are the states of a billing run.
var runWords = map[string]string{
	fees.RunDrafting: "核算中", fees.RunDraft: "待发布", fees.RunPublishing: "发布中", fees.RunChanged: "有变化，已暂停",
	fees.RunPublished: "已发布", fees.RunDiscarded: "已放弃",
}

// runTones are the colours of these states, as Tabler calls them.
var runTones = map[string]string{
	fees.RunDrafting: "blue", fees.RunDraft: "orange", fees.RunPublishing: "blue", fees.RunChanged: "red",
	fees.RunPublished: "green", fees.RunDiscarded: "secondary",
}

// oddWords are what a run finds odd.
var oddWords = map[string]string{
	fees.OddHigh: "金额达到平时的 3 倍", fees.OddBackwards: "表读数倒走", fees.OddNoReading: "本期没有抄表", fees.OddNoTariff: "没有适用的收费标准",
	fees.OddNoOwner: "没有登记业主", fees.OddNoArea: "没有建筑面积",
	fees.OddGap: "以前账期没有出账的日期", fees.OddGapBefore: "启用系统以前没有账单的日期（可能已在别处收过）",
}
