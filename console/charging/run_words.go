package charging

import "wuyepay/models"

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
