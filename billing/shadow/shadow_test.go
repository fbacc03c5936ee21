package shadow_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/shadow"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

const oldHead = "小区,房号,收费项目,账期起,账期止,应收金额,计费面积,单价,用量,备注\n"

// rooms are those of the tests: 1-1-1xx of 137.52 ㎡, one that is handed over on 12 March,
// one that is unsold, one that is handed over in 2027.
var rooms = billingtest.RoomHead + room("1-1-101", "137.52", "2020-01-01", "已入住") + room("1-1-102", "95.73", "2020-01-01", "已入住") +
	room("1-1-103", "95.37", "2026-03-12", "已入住") + room("1-1-104", "100", "2020-01-01", "未售") +
	room("1-1-105", "88.88", "2020-01-01", "已入住") + room("1-1-106", "100", "2027-01-01", "已入住")

func room(code, area, handover, state string) string {
	number := code[4:]
	return fmt.Sprintf("海棠花园,%s,1栋,1单元,%s,高层住宅,业主%s,13800000%s,%s,,,%s,%s,林晓梅\n", code, number, number, number, area, handover, state)
}

// world is a database with the rooms and tariffs: the property fee by area, a parking space
// of 100.00 a month and, if yearly is set, by the year.
func world(t testing.TB, price, cycle string) *store.DB {
	t.Helper()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, rooms)
	billingtest.MustImport(t, db, intake.Tariffs, strings.TrimSuffix(billingtest.TariffHead, "\n")+",未售比例\n"+
		"海棠花园,物业服务费,,按面积,"+price+",,"+cycle+",15,0.003,0,,2023-01-01,,0.7\n")
	return db
}

// compare runs a comparison to its end.
func compare(t testing.TB, db *store.DB, text, period string) fees.ShadowRun {
	t.Helper()
	p := calc.Period{}
	if period != "" {
		var err error
		p, err = calc.ParsePeriod(period)
		billingtest.NoError(t, err)
	}
	ctx := context.Background()
	f := intake.File{Name: "旧系统.csv", Content: strings.NewReader(text), Size: int64(len(text))}
	run, _, err := shadow.Start(ctx, db, modelstest.Actor, f, p)
	billingtest.NoError(t, err)
	billingtest.NoError(t, shadow.Work(ctx, db, run.ID, 0))
	run, err = fees.ShadowRunByID(db.View(ctx), run.ID)
	billingtest.NoError(t, err)
	if run.Status != fees.ShadowDone {
		t.Fatalf("the run is %s", run.Status)
	}
	violations, err := proof.Check(db.View(ctx))
	billingtest.NoError(t, err)
	for _, v := range violations {
		t.Error(v)
	}
	return run
}

// linesOf formats the lines of a run that are about a room.
func linesOf(t testing.TB, db *store.DB, run fees.ShadowRun, code string) (out []string) {
	t.Helper()
	list, err := fees.ShadowLines(db.View(context.Background()), fees.ShadowFilter{RunID: run.ID, Limit: 1000})
	billingtest.NoError(t, err)
	for _, l := range list {
		if l.RoomCode == code {
			out = append(out, fmt.Sprintf("%s %s %s %s %s", l.Cause, l.TheirsFen, l.OursFen, l.DiffFen, l.Explanation))
		}
	}
	return out
}

func TestCauses(t *testing.T) {
	t.Parallel()
	march := func(code, rest string) string {
		return "海棠花园," + code + ",物业服务费,2026-03-01,2026-03-31," + rest + "\n"
	}
	for _, tt := range []struct {
		name, price, cycle, code, rows, want string
	}{
		{"equal", "0.80", "月", "1-1-101", march("1-1-101", "110.02,,,,"), "equal 110.02 110.02 0.00 "},
		{"equal, the item in another spelling", "0.80", "月", "1-1-101", "海棠花园,1栋1单元101,物业 服务费,2026-03-01,2026-03-31,110.02,,,,\n",
			"equal 110.02 110.02 0.00 "},
		{"area stated", "2.35", "月", "1-1-102", march("1-1-102", "224.12,95.37,2.35,,"),
			"area 224.12 224.97 -0.85 面积：对方 95.37，系统 95.73，差 0.85 元"},
		{"area stated, and more", "2.35", "月", "1-1-102", march("1-1-102", "230.00,95.37,,,"),
			"area 230.00 224.97 5.03 面积：对方 95.37，系统 95.73，差 5.03 元；其中 5.88 元另有原因"},
		{"price stated", "2.35", "月", "1-1-102", march("1-1-102", "229.75,95.73,2.40,,"),
			"price 229.75 224.97 4.78 单价：对方 2.4，系统 2.35，差 4.78 元"},
		{"price from the amount", "2.35", "月", "1-1-102", march("1-1-102", "229.75,,,,"),
			"price 229.75 224.97 4.78 单价：对方折合 2.40，系统 2.35，差 4.78 元"},
		{"area and price", "2.35", "月", "1-1-102", march("1-1-102", "228.89,95.37,2.40,,"),
			"area 228.89 224.97 3.92 面积：对方 95.37，系统 95.73，单价：对方 2.4，系统 2.35，差 3.92 元"},
		{"rounded to ten fen", "0.80", "月", "1-1-101", march("1-1-101", "110.00,,,,"),
			"rounding 110.00 110.02 -0.02 取整：对方合计后一次取整（四舍五入到角），精确值 110.016，差 0.02 元"},
		{"cut to fen", "0.80", "月", "1-1-101", march("1-1-101", "110.01,,,,"),
			"rounding 110.01 110.02 -0.01 取整：对方合计后一次取整（分以下舍去），精确值 110.016，差 0.01 元"},
		{"a year at once against months", "0.80", "月", "1-1-101", "海棠花园,1-1-101,物业服务费,2026-01-01,2026-12-31,1320.19,,,,\n",
			"rounding 1320.19 1320.24 -0.05 取整：对方合计后一次取整（四舍五入到分），精确值 1320.192，差 0.05 元"},
		{"months against a year", "0.80", "年", "1-1-101", months("1-1-101", "110.02"),
			"rounding 1320.24 1320.19 0.05 取整：对方逐月取整（四舍五入到分）后相加，共 12 次，差 0.05 元"},
		{"a year against months, equal", "0.80", "月", "1-1-101", "海棠花园,1-1-101,物业服务费,2026-01-01,2026-12-31,1320.24,,,,\n",
			"cycle 1320.24 1320.24 0.00 金额一致，账期划分不同：对方 1 笔（2026-01-01 至 2026-12-31），系统 12 笔（2026-01-01 至 2026-12-31）"},
		{"a month of a year", "0.80", "年", "1-1-101", march("1-1-101", "110.02,,,,"), "equal 110.02 110.02 0.00 "},
		{"the whole first month", "2.35", "月", "1-1-103", march("1-1-103", "224.12,,,,"),
			"first 224.12 144.59 79.53 首末月：对方按整月，系统按 20/31 折算，差 79.53 元"},
		{"half of the first month", "2.35", "月", "1-1-103", "海棠花园,1-1-103,物业服务费,2026-03-12,2026-03-31,112.06,,,,\n",
			"first 112.06 144.59 -32.53 首末月：对方按半月，系统按 20/31 折算，差 32.53 元"},
		{"from another day", "2.35", "月", "1-1-102", "海棠花园,1-1-102,物业服务费,2026-03-16,2026-03-31,116.11,,,,\n",
			"first 116.11 224.97 -108.86 首末月：对方从 2026-03-16 到 2026-03-31（不足整月按天），系统从 2026-03-01 到 2026-03-31，差 108.86 元"},
		{"unsold in full", "2.35", "月", "1-1-104", march("1-1-104", "235.00,,,,"),
			"vacancy 235.00 164.50 70.50 空置或未售：对方按全价，系统按比例，差 70.50 元"},
		{"vacant there", "2.35", "月", "1-1-102", march("1-1-102", "157.48,,,,"),
			"vacancy 157.48 224.97 -67.49 空置或未售：对方按 70% 收，系统按全价，差 67.49 元"},
		{"late fee by the remark", "2.35", "月", "1-1-102", march("1-1-102", "230.11,,,,含滞纳金"),
			"late_fee 230.11 224.97 5.14 对方备注有违约金（滞纳金），系统单独计算，差 5.14 元"},
		{"late fee by the days", "2.35", "月", "1-1-102", march("1-1-102", "231.72,,,,"),
			"late_fee 231.72 224.97 6.75 差额 6.75 元等于 10 天违约金（日 3‰），对方金额可能含违约金"},
		{"twice", "2.35", "月", "1-1-102", march("1-1-102", "224.97,,,,") + march("1-1-102", "224.97,,,,"),
			"twice 449.94 224.97 224.97 对方账期重叠：第 2 行与第 3 行，差 224.97 元"},
		{"an item without a tariff", "2.35", "月", "1-1-105", "海棠花园,1-1-105,电梯费,2026-03-01,2026-03-31,12,,,,\n",
			"extra 12.00 0.00 12.00 系统没有这个收费项目的收费标准"},
		{"not handed over", "2.35", "月", "1-1-106", march("1-1-106", "235,,,,"), "extra 235.00 0.00 235.00 系统中这一户的交房日期晚于账期"},
		{"no such room", "2.35", "月", "9-9-999", march("9-9-999", "235,,,,"), "extra 235.00 0.00 235.00 系统中没有这个房号"},
		{"nobody knows", "2.35", "月", "1-1-102", march("1-1-102", "224.90,,,,") /* below 1 yuan, no way to round */, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db := world(t, tt.price, tt.cycle)
			got := linesOf(t, db, compare(t, db, oldHead+tt.rows, ""), tt.code)
			if tt.want == "" {
				if len(got) != 1 || !strings.HasPrefix(got[0], "rounding") && !strings.HasPrefix(got[0], "unknown") {
					t.Error(got)
				}
				return
			}
			found := false
			for _, g := range got {
				found = found || g == tt.want
			}
			if !found {
				t.Errorf("want\n%s\nhave\n%s", tt.want, strings.Join(got, "\n"))
			}
		})
	}
}

// months are rows of a room for each month of 2026.
func months(code, amount string) string {
	var b strings.Builder
	for m := 1; m <= 12; m++ {
		p, _ := calc.ParsePeriod(fmt.Sprintf("2026-%02d", m))
		fmt.Fprintf(&b, "海棠花园,%s,物业服务费,%s,%s,%s,,,,\n", code, p.First(), p.Last(), amount)
	}
	return b.String()
}

// The rooms that the file leaves out are named, what is issued already counts as ours, and
// nothing of the books changes.
func TestNothingIsBooked(t *testing.T) {
	t.Parallel()
	db := world(t, "2.35", "月")
	billingtest.Generate(t, db, "2026-02")
	before := billingtest.Snapshot(t, db)
	text := oldHead + "海棠花园,1-1-102,物业服务费,2026-02-01,2026-02-28,224.97,,,,\n" +
		"海棠花园,1-1-101,物业服务费,2025-02-01,2025-02-28,1,,,,\n合计,,,,,225.97,,,,\n"
	run := compare(t, db, text, "2026-02")
	if diff := cmp.Diff(before, billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("the comparison changed the books:\n%s", diff)
	}
	if run.RowsRead != 3 || run.RowsLeftOut != 2 || run.TheirsFen != 22497 {
		t.Errorf("%+v", run)
	}
	if got := linesOf(t, db, run, "1-1-102"); len(got) != 1 || got[0] != "equal 224.97 224.97 0.00 " {
		t.Error(got)
	}
	if got := linesOf(t, db, run, "1-1-101"); len(got) != 1 || got[0] != "missing 0.00 323.17 -323.17 对方文件里没有这一户" {
		t.Error(got)
	}
	sums, err := fees.ShadowSums(db.View(context.Background()), run.ID)
	billingtest.NoError(t, err)
	diff := models.Fen(0)
	for _, s := range sums {
		diff += s.DiffFen
	}
	if diff != run.DiffFen() {
		t.Errorf("the causes add up to %s, the run to %s", diff, run.DiffFen())
	}
}

func TestOldBillsThatCannotBeRight(t *testing.T) {
	t.Parallel()
	db := world(t, "2.35", "月")
	text := oldHead + "海棠花园,1-1-101,物业服务费,2026-03-01,2026-02-01,10,,,,\n海棠花园,,物业服务费,2026-03-01,2026-03-31,x,,,,\n"
	f := intake.File{Name: "旧.csv", Content: strings.NewReader(text), Size: int64(len(text))}
	_, r, err := shadow.Start(context.Background(), db, modelstest.Actor, f, calc.Period{})
	var mistakes sheet.Mistakes
	if !errors.As(err, &mistakes) || len(mistakes) != 3 || r.Wrong != 2 || r.Read != 2 {
		t.Errorf("%v, %+v", err, r)
	}
	if runs, err := fees.ShadowRuns(db.View(context.Background()), "", 10); err != nil || len(runs) != 0 {
		t.Errorf("%d runs are kept of a file with mistakes: %v", len(runs), err)
	}
}

// A month in a column of its own, and the period of the whole file.
func TestOldBillsByTheMonth(t *testing.T) {
	t.Parallel()
	db := world(t, "2.35", "月")
	for _, month := range []string{"2026-03", "202603", "2026年3月", "2026/3", "2026-03-01"} {
		run := compare(t, db, "房号,费项,账期,应收\n1-1-102,物业服务费,"+month+",224.97\n", "")
		if run.PeriodFrom.String() != "2026-03-01" || run.PeriodTo.String() != "2026-03-31" {
			t.Errorf("%s: %s to %s", month, run.PeriodFrom, run.PeriodTo)
		}
	}
	run := compare(t, db, "房号,费项,应收\n1-1-102,物业服务费,224.97\n", "2026-03")
	if got := linesOf(t, db, run, "1-1-102"); len(got) != 1 || got[0] != "equal 224.97 224.97 0.00 " {
		t.Error(got)
	}
}

// Readings are taken on any day; usage is compared as the file states it.
func TestMeteredItems(t *testing.T) {
	t.Parallel()
	db := world(t, "2.35", "月")
	billingtest.MustImport(t, db, intake.Tariffs, billingtest.TariffHead+"海棠花园,水费,,按表,3.45,,月,25,0,0,,2023-01-01,\n")
	billingtest.MustImport(t, db, intake.Meters, billingtest.MeterHead+
		"1-1-101,W1,水费,10,20,1,2026-03-10\n1-1-102,W2,水费,10,20,1,2026-03-10\n")
	row := "海棠花园,%s,水费,2026-02-11,2026-03-10,%s,,3.45,%s,\n"
	run := compare(t, db, oldHead+fmt.Sprintf(row, "1-1-101", "34.50", "10")+fmt.Sprintf(row, "1-1-102", "41.40", "12")+
		fmt.Sprintf(row, "1-1-105", "3.45", "1"), "")
	for code, want := range map[string]string{
		"1-1-101": "equal 34.50 34.50 0.00 ", "1-1-102": "usage 41.40 34.50 6.90 用量：对方 12，系统 10，差 6.90 元",
		"1-1-105": "extra 3.45 0.00 3.45 系统中没有这一期的抄表读数",
	} {
		got := linesOf(t, db, run, code)
		found := false
		for _, g := range got {
			found = found || g == want
		}
		if !found {
			t.Errorf("want %s, have %s", want, strings.Join(got, "\n"))
		}
	}
}
