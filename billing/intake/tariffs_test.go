package intake_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

const someTariffs = billingtest.TariffHead +
	"海棠花园,物业服务费,高层住宅,按面积,2.35元/㎡·月,,月,15日,0.003,0,,2023-01-01,\n" +
	"海棠花园,物业服务费,商铺,建筑面积,4.5,,季度,,3‰,,,2023/1/1,2026-12-31\n" +
	"海棠花园,垃圾清运费,全部,固定,8,,年,31,0,0,,2023-01-01,\n" +
	"海棠花园,水费,,按表,,０－15：3.45、15-25:4.83、25以上:5.83,月,25,0.05%,5天,30%,2023-01-01,\n" +
	"海棠花园,维修费,,一次性,,,月,,0,,,2023-01-01,\n"

func TestImportTariffs(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	r := billingtest.MustImport(t, db, intake.Tariffs, someTariffs)
	if billingtest.Counts(r) != "5 added 0 changed 0 unchanged 0 left out" {
		t.Error(billingtest.Counts(r))
	}
	billingtest.WantWarnings(t, r, []string{}...)
	billingtest.WantLines(t, db, "tariff",
		"垃圾清运费  fixed 8.00  year due 31 late 0 0  2023-01-01..",
		"水费  meter  0-15:3.45;15-25:4.83;25-:5.83 month due 25 late 0.0005 5 0.3 2023-01-01..",
		"物业服务费 商铺 area 4.50  quarter due 15 late 0.003 0  2023-01-01..2026-12-31",
		"物业服务费 高层住宅 area 2.35  month due 15 late 0.003 0  2023-01-01..",
		"维修费  one_off   month due 15 late 0 0  2023-01-01..")
	before := billingtest.Snapshot(t, db)
	if r := billingtest.MustImport(t, db, intake.Tariffs,
		someTariffs); billingtest.Counts(r) != "0 added 0 changed 5 unchanged 0 left out" {
		t.Errorf("the same file again: %s", billingtest.Counts(r))
	}
	if diff := cmp.Diff(before, billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("before (-), after (+):\n%s", diff)
	}
}

func TestTariffsThatCannotBeRight(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.WantMistakes(t, db, intake.Tariffs, billingtest.TariffHead+
		"海棠花园,A,,按面积,,,月,15,0.003,0,,2023-01-01,\n"+
		"海棠花园,B,,按面积,2,0-:3,月,15,0.003,0,,2023-01-01,\n"+
		"海棠花园,C,,按表,2,0-:3,月,15,0.003,0,,2023-01-01,\n"+
		"海棠花园,D,,按表,,0-15:3;20-:4,月,15,0.003,0,,2023-01-01,\n"+
		"海棠花园,E,,按人,2,,周,32,3,-1,30,2023-01-01,2022-12-31\n"+
		"海棠花园,F,,,2,,,15.5,,0,,,\n"+
		",,,固定,2,,月,15,0.003,0,,2023-01-01,\n"+
		"海棠花园,H,商铺,固定,2,,月,15,0.003,0,,2023-01-01,2023-12-31\n"+
		"海棠花园,H,商铺,固定,3,,月,15,0.003,0,,2023-12-31,\n"+
		"海棠花园,H,,固定,2,,月,15,0.003,0,,2023-01-01,\n",
		"2 单价 不能为空",
		"3 阶梯 只有按表计费可以有阶梯",
		"4 阶梯 单价和阶梯只能填一项",
		"5 阶梯 阶梯的各档应首尾相接，不重叠也不留空",
		"6 计费方式 应为：按面积、固定、按表、公摊、一次性",
		"6 缴费周期 应为：月、季、半年、年",
		"6 违约金日利率 日利率过高，最高 10‰：千分之三应写成 3‰ 或 0.3%",
		"6 宽限天数 应为 0 到 366 的整数",
		"6 违约金上限 上限是应收金额的比例，三成应写成 30% 或 0.3",
		"6 缴费截止日 应为 1 到 31 的整数",
		"6 截止日期 早于起始日期",
		"7 计费方式 不能为空",
		"7 缴费周期 不能为空",
		"7 违约金日利率 不能为空，不收违约金请填 0",
		"7 缴费截止日 应为整数",
		"7 起始日期 不能为空",
		"8 小区 不能为空",
		"8 收费项目 不能为空",
		"10 起始日期 与第 9 行同一项目、同一物业类型的日期重叠",
	)
}

// A new price is a new row from a day on; the old one is closed the day before,
// in the same file or earlier.
func TestNewPriceIsANewTariff(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	const old = "海棠花园,物业服务费,,按面积,2.35,,月,15,0.003,0,,2023-01-01,"
	const next = "海棠花园,物业服务费,,按面积,2.80,,月,15,0.003,0,,2026-04-01,\n"
	r := billingtest.MustImport(t, db, intake.Tariffs, billingtest.TariffHead+old+"\n")
	billingtest.WantWarnings(t, r, "2 小区 系统中没有这个小区，已按此名称新建")
	billingtest.WantMistakes(t, db, intake.Tariffs, billingtest.TariffHead+next,
		"2 起始日期 与系统中 2023-01-01 起的收费标准日期重叠，请先给它填上截止日期")
	r = billingtest.MustImport(t, db, intake.Tariffs, billingtest.TariffHead+next+old+"2026-03-31\n")
	if billingtest.Counts(r) != "1 added 1 changed 0 unchanged 0 left out" {
		t.Error(billingtest.Counts(r))
	}
	billingtest.WantLines(t, db, "tariff",
		"物业服务费  area 2.80  month due 15 late 0.003 0  2026-04-01..",
		"物业服务费  area 2.35  month due 15 late 0.003 0  2023-01-01..2026-03-31")
	tx := db.View(context.Background())
	entries, err := office.AuditEntries(tx, office.AuditFilter{Subject: "tariff", Limit: 10})
	billingtest.NoError(t, err)
	if len(entries) != 1 || entries[0].Detail != `{"to_on":["","2026-03-31"]}` {
		t.Errorf("audit lines %v", entries)
	}
}

func TestChangedTariffIsUpdated(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Tariffs, billingtest.TariffHead+"海棠花园,水费,,按表,3,,月,15,0.003,0,,2023-01-01,\n")
	r := billingtest.MustImport(t, db, intake.Tariffs, billingtest.TariffHead+"海棠花园,水费,,按表,,0-:4,季,20,0.001,3,0.5,2023-01-01,\n")
	if billingtest.Counts(r) != "0 added 1 changed 0 unchanged 0 left out" {
		t.Error(billingtest.Counts(r))
	}
	billingtest.WantLines(t, db, "tariff", "水费  meter  0-:4.00 quarter due 20 late 0.001 3 0.5 2023-01-01..")
}
