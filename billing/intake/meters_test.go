package intake_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/billing/metering"
	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// metered has one room whose water meter showed 864 on 28 February 2026.
func metered(t *testing.T) *store.DB {
	t.Helper()
	db := openLater(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	billingtest.MustImport(t, db, intake.Meters, billingtest.MeterHead+"1-1-101,W1,水费,838,864,,2026-02-28\n")
	return db
}

func TestImportMeters(t *testing.T) {
	t.Parallel()
	db := openLater(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	text := billingtest.MeterHead +
		"1-1-101,W1,水费,838,864,1,2026-02-28\n" +
		"1-1-101,W1,水费,864,880.5吨,1,2026/3/31\n" +
		"1-1-101,W2,水费,,12,,2026-02-28\n" + // a base
		"1栋1单元101室,E1,电费,\"1,000\",1000,40,2026-02-28\n"
	r := billingtest.MustImport(t, db, intake.Meters, text)
	if billingtest.Counts(r) != "4 added 0 changed 0 unchanged 0 left out" {
		t.Error(billingtest.Counts(r))
	}
	billingtest.WantLines(t, db, "reading",
		"1-1-101 水费 W1 x1 on 2026-02-28 838-864", "1-1-101 水费 W1 x1 on 2026-03-31 864-880.5",
		"1-1-101 水费 W2 x1 on 2026-02-28 -12", "1-1-101 电费 E1 x40 on 2026-02-28 1000-1000")
	before := billingtest.Snapshot(t, db)
	if r := billingtest.MustImport(t, db, intake.Meters, text); billingtest.Counts(r) != "0 added 0 changed 4 unchanged 0 left out" {
		t.Errorf("the same file again: %s", billingtest.Counts(r))
	}
	if diff := cmp.Diff(before, billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("before (-), after (+):\n%s", diff)
	}
}

func TestReadingsThatCannotBeRight(t *testing.T) {
	t.Parallel()
	billingtest.WantMistakes(t, metered(t), intake.Meters, billingtest.MeterHead+
		"1-1-101,X,水费,10,9,1,2026-03-31\n"+
		"1-1-101,,水费,10,,0,\n"+
		"1-1-101,X,水费,-1,1.00001,1,2026-03-31\n"+
		"1-1-999,X,水费,1,2,1,2026-03-31\n"+
		"1-1-101,W1,水费,864,880,10,2026-03-31\n"+
		"1-1-101,W1,水费,838,865,1,2026-02-28\n"+
		"1-1-101,Y,水费,1,2,1,2026-03-31\n"+
		"1-1-101,Y,水费,1,2,1,2026-03-31\n",
		"2 本次读数 小于上次读数",
		"3 表号 不能为空",
		"3 本次读数 不能为空",
		"3 倍率 应大于 0",
		"3 抄表日期 不能为空",
		"4 本次读数 最多 4 位小数",
		"4 上次读数 不能为负数",
		"5 房号 系统中没有这个房号，请先导入房产资料",
		"6 倍率 与系统登记的倍率不同，更换倍率请按新表登记",
		"7 本次读数 系统中已有该表当天的读数，且与此不同",
		"9 抄表日期 与第 8 行是同一只表同一天的读数",
	)
}

// Each reading goes on from the one before, whether that is in the file or in the
// books and whatever the order of the rows.
func TestReadingsJoin(t *testing.T) {
	t.Parallel()
	row := func(previous, value, on string) string {
		return "1-1-101,W1,水费," + previous + "," + value + ",1," + on + "\n"
	}
	for _, c := range []struct {
		name string
		rows string
		want []string
	}{
		{"goes on from the books", row("864", "880", "2026-03-31"), nil},
		{"goes on from the row below", row("880", "900", "2026-04-30") + row("864", "880", "2026-03-31"), nil},
		{"fills in the time before", row("800", "838", "2026-01-31"), nil},
		{"fills in two months before", row("800", "820", "2025-12-31") + row("820", "838", "2026-01-31"), nil},
		{"on both sides of the books", row("800", "838", "2026-01-31") + row("864", "880", "2026-03-31"), nil},
		{"a new base", row("", "900", "2026-03-31"), nil},
		{"leaves the books", row("865", "880", "2026-03-31"), []string{"2 上次读数 与系统中 2026-02-28 的读数不同"}},
		{"leaves the row above", row("864", "880", "2026-03-31") + row("881", "900", "2026-04-30"), []string{"3 上次读数 与第 2 行的读数不同"}},
		{"a base that runs backwards", row("", "863", "2026-03-31"), []string{"2 本次读数 小于系统中 2026-02-28 的读数"}},
		{
			"counts again what the books count, beside the row that does", row("800", "850", "2026-01-31") + row("838", "864",
				"2026-02-28"),
			[]string{"2 本次读数 与系统中 2026-02-28 的上次读数不衔接"},
		},
		{"counts again what the books count", row("800", "850", "2026-01-31"), []string{"2 本次读数 与系统中 2026-02-28 的上次读数不衔接"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := metered(t)
			if c.want != nil {
				billingtest.WantMistakes(t, db, intake.Meters, billingtest.MeterHead+c.rows, c.want...)
				return
			}
			billingtest.MustImport(t, db, intake.Meters, billingtest.MeterHead+c.rows)
			if r := billingtest.MustImport(t, db, intake.Meters, billingtest.MeterHead+c.rows); r.Added > 0 {
				t.Errorf("the same file again: %s", billingtest.Counts(r))
			}
		})
	}
}

// A file may say that a reading is an estimate; the next true one may be lower, but
// never than the last true one.
func TestEstimatesFromAFile(t *testing.T) {
	t.Parallel()
	head := "房号,表号,收费项目,上次读数,本次读数,倍率,抄表日期,抄表方式\n"
	row := func(previous, value, on, how string) string {
		return "1-1-101,W1,水费," + previous + "," + value + ",1," + on + "," + how + "\n"
	}
	for _, c := range []struct {
		name string
		rows string
		want []string
	}{
		{"an estimate, then less", row("864", "900", "2026-03-31", "估抄") + row("900", "880", "2026-04-30", "实抄"), nil},
		{
			"two estimates, then less than both",
			row("864", "900", "2026-03-31", "估抄") + row("900", "950", "2026-04-30", "估抄") + row("950", "864", "2026-05-31", ""), nil,
		},
		{
			"below the last true reading", row("864", "900", "2026-03-31", "估抄") + row("900", "863", "2026-04-30", ""),
			[]string{"3 本次读数 小于上次读数"},
		},
		{
			"below the last true one of the file",
			row("864", "870", "2026-03-31", "") + row("870", "900", "2026-04-30", "估抄") + row("900", "869", "2026-05-31", ""),
			[]string{"4 本次读数 小于上次读数"},
		},
		{
			"an estimate that runs backwards", row("864", "900", "2026-03-31", "估抄") + row("900", "880", "2026-04-30", "估抄"),
			[]string{"3 本次读数 小于上次读数"},
		},
		{
			"less than a true reading", row("864", "900", "2026-03-31", "实抄") + row("900", "880", "2026-04-30", ""),
			[]string{"3 本次读数 小于上次读数"},
		},
		{"a word that is none", row("864", "900", "2026-03-31", "大概"), []string{"2 抄表方式 应为：实抄、估抄"}},
		{"an estimated base", strings.ReplaceAll(row("", "900", "2026-03-31", "估抄"), "W1", "W2"), []string{"2 抄表方式 第一次读数是底数，不能估抄"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := metered(t)
			if c.want != nil {
				billingtest.WantMistakes(t, db, intake.Meters, head+c.rows, c.want...)
				return
			}
			billingtest.MustImport(t, db, intake.Meters, head+c.rows)
			if r := billingtest.MustImport(t, db, intake.Meters, head+c.rows); r.Added > 0 {
				t.Errorf("the same file again: %s", billingtest.Counts(r))
			}
			violations, err := metering.CheckMeters(db.View(context.Background()))
			billingtest.NoError(t, err)
			if len(violations) > 0 {
				t.Error(violations)
			}
		})
	}
}

// What staff changed about a meter holds for files, too: the multiplier of the day,
// and the days on which the meter was in use.
func TestFilesFollowChangedMeters(t *testing.T) {
	t.Parallel()
	w := billingtest.NewMeterWorld(t, "1", "1-1-101,W1,水费,,100,1,2025-12-31\n")
	billingtest.NoError(t, w.Multiplier("2026-01-15", "110", "40"))
	billingtest.NoError(t, w.Replace("2026-02-15", "120", "W2", "0", "1"))
	row := func(serial, previous, value, multiplier, on string) string {
		return "1-1-101," + serial + ",水费," + previous + "," + value + "," + multiplier + "," + on + "\n"
	}
	billingtest.WantMistakes(t, w.DB, intake.Meters,
		billingtest.MeterHead+row("W1", "110", "115", "1", "2026-01-31")+row("W1", "120", "125", "40", "2026-02-28")+
			row("W2", "", "0", "1", "2026-02-14"),
		"2 倍率 与系统登记的倍率不同，更换倍率请按新表登记", "3 抄表日期 这只表在该日期没有使用", "4 抄表日期 这只表在该日期没有使用")
	billingtest.MustImport(t, w.DB, intake.Meters,
		billingtest.MeterHead+row("W1", "100", "110", "1", "2026-01-15")+row("W2", "0", "7", "1", "2026-02-28"))
	w.Bill("2026-01", "2026-02")
	if diff := cmp.Diff([]string{"2026-01 10.00", "2026-02 407.00"}, cutBasis(w.Bills())); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
}

func cutBasis(lines []string) (out []string) {
	for _, l := range lines {
		out = append(out, l[:strings.Index(l, " {")])
	}
	return out
}

// openLater opens a database in the middle of 2026, so that the readings of that spring lie
// in the past.
func openLater(t *testing.T) *store.DB {
	t.Helper()
	return modelstest.OpenAt(t, modelstest.NewClock(time.Date(2026, 6, 15, 10, 0, 0, 0, models.Shanghai)).Now)
}
