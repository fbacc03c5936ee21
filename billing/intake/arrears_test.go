package intake_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
)

const twoCommunities = "小区,房号,业主姓名,联系电话,建筑面积\n" +
	"海棠花园,1-1-101,吕敏,13800000000,80\n海棠花园,1-1-102,徐霞,13800000001,80\n玉兰苑,1-1-101,甲,13800000002,80\n"

func TestImportArrears(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	// A tariff of the item must not lend its late-fee rule to bills of the time before.
	billingtest.MustImport(t, db, intake.Tariffs, billingtest.TariffHead+"海棠花园,物业服务费,,按面积,2.35,,月,15,0.001,9,0.1,2020-01-01,\n")
	text := billingtest.ArrearsHead +
		"1栋1单元101,物业服务费,2025-01-01,2025-01-31,172.30,0,172.30,2025-01-15\n" +
		"1-1-101,物业服务费,2025-02-01,2025-02-28,\"1,172.30元\",57.43,1114.87,2025/2/15\n" +
		"1-1-101,水费,2025-02-01,2025-02-28,20.5,,12.3,2025-02-25\n" + // what was paid follows
		"1-1-101,水费,2025-03-01,2025-03-31,,1,12.3,2025-03-25\n" + // so does what was due
		"1-1-101,水费,2025-04-01,2025-04-30,12.3,12.3,0,2025-04-25\n" +
		"1-1-101,水费,2026-03-01,2026-03-31,5,0,,2026-03-25\n"
	r := billingtest.MustImport(t, db, intake.Arrears, text)
	if billingtest.Counts(r) != "5 added 0 changed 0 unchanged 1 left out" || r.Taken.OutstandingFen != 17230+111487+1230+1230+500 {
		t.Errorf("%s, %s outstanding", billingtest.Counts(r), r.Taken.OutstandingFen)
	}
	billingtest.WantWarnings(t, r, "6 欠费金额 已经缴清，未导入")
	billingtest.WantLines(t, db, "bill",
		`1-1-101 水费 2026-03-01..2026-03-31 issued 2026-03-15 due 2026-03-25 unpaid 5.00-0.00 late 0.003 0  import {"kind":"opening"}`,
		`1-1-101 水费 2025-03-01..2025-03-31 issued 2025-03-25 due 2025-03-25 partial 13.30-1.00 late 0.003 0  import {"kind":"opening"}`,
		`1-1-101 水费 2025-02-01..2025-02-28 issued 2025-02-25 due 2025-02-25 partial 20.50-8.20 late 0.003 0  import {"kind":"opening"}`,
		`1-1-101 物业服务费 2025-02-01..2025-02-28 issued 2025-02-15 due 2025-02-15 partial 1172.30-57.43 late 0.003 0  import `+
			`{"kind":"opening"}`,
		`1-1-101 物业服务费 2025-01-01..2025-01-31 issued 2025-01-15 due 2025-01-15 unpaid 172.30-0.00 late 0.003 0  import {"kind":"opening"}`)
	billingtest.CheckBooks(t, db)
	journal, err := money.JournalOfRoom(db.View(context.Background()), billingtest.RoomOf(t, db, "1-1-101").ID)
	billingtest.NoError(t, err)
	for _, l := range journal {
		if l.Kind != money.JournalOpening || l.Debit != money.AccountReceivable || l.Credit != money.AccountOpening || l.BillID == "" {
			t.Errorf("journal line %+v", l)
		}
	}
	if len(journal) != 5 {
		t.Errorf("%d journal lines for 5 bills", len(journal))
	}
	before := billingtest.Snapshot(t, db)
	if r := billingtest.MustImport(t, db, intake.Arrears, text); billingtest.Counts(r) != "0 added 0 changed 5 unchanged 1 left out" {
		t.Errorf("the same file again: %s", billingtest.Counts(r))
	}
	if diff := cmp.Diff(before, billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("before (-), after (+):\n%s", diff)
	}
}

func TestArrearsThatCannotBeRight(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, twoCommunities)
	const jan = "1-1-102,物业服务费,2025-01-01,2025-01-31,"
	billingtest.WantMistakes(t, db, intake.Arrears, billingtest.ArrearsHead+
		jan+"100,10,80,2025-01-15\n"+
		jan+"100,,,2025-01-15\n"+
		jan+"100,110,-10,2025-01-15\n"+
		jan+"100,110,,2025-01-15\n"+
		jan+"1.005,0,,2025-01-15\n"+
		jan+"1000000001,0,,2025-01-15\n"+
		jan+"100,0,100,\n"+
		"1-1-102,物业服务费,2025-02-01,2025-01-31,100,0,100,2025-01-15\n"+
		"1-1-102,,2025-02-01,2025-02-30,100,0,100,2025-01-15\n"+
		"9-9-999,物业服务费,2025-02-01,2025-02-28,100,0,100,2025-02-15\n"+
		"1-1-101,物业服务费,2025-02-01,2025-02-28,100,0,100,2025-02-15\n",
		"2 欠费金额 应收减已收不等于欠费",
		"3 欠费金额 应收、已收、欠费三项至少填两项",
		"4 欠费金额 不能为负数",
		"5 已收金额 已收超过应收",
		"6 应收金额 金额最多两位小数",
		"7 应收金额 金额过大",
		"8 缴费截止日 不能为空",
		"9 账期止 早于账期开始",
		"10 收费项目 不能为空",
		"10 账期止 没有这一天",
		"11 房号 系统中没有这个房号，请先导入房产资料",
		"12 房号 多个小区都有这个房号，请在表中增加「小区」列",
	)
}

func TestArrearsTellTheCommunity(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, twoCommunities)
	head := "小区," + billingtest.ArrearsHead
	const rest = ",1-1-101,物业服务费,2025-02-01,2025-02-28,100,0,100,2025-02-15\n"
	billingtest.WantMistakes(t, db, intake.Arrears,
		head+"海棠花园"+rest+"桂花园"+rest+"玉兰苑,1-1-102,物业服务费,2025-02-01,2025-02-28,100,0,100,2025-02-15\n", "3 小区 系统中没有这个小区，请先导入房产资料",
		"4 房号 系统中没有这个房号，请先导入房产资料")
	if r := billingtest.MustImport(t, db, intake.Arrears, head+"海棠花园"+rest+"玉兰苑"+rest); r.Added != 2 {
		t.Error(billingtest.Counts(r))
	}
	billingtest.CheckBooks(t, db)
}

func TestArrearsThatMeetOtherBills(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	billingtest.MustImport(t, db, intake.Arrears, billingtest.ArrearsHead+"1-1-101,物业服务费,2025-01-01,2025-03-31,300,0,300,2025-01-15\n")
	const taken = "系统中已有该账期的账单，金额或缴费截止日不同；已出的账单不能由导入修改"
	billingtest.WantMistakes(t, db, intake.Arrears, billingtest.ArrearsHead+
		"1-1-101,物业服务费,2025-01-01,2025-03-31,301,0,301,2025-01-15\n"+
		"1-1-101,水费,2025-01-01,2025-01-31,10,0,10,2025-01-15\n",
		"2 应收金额 "+taken)
	billingtest.WantMistakes(t, db, intake.Arrears,
		billingtest.ArrearsHead+"1-1-101,物业服务费,2025-01-01,2025-03-31,300,1,299,2025-01-15\n", "2 应收金额 "+taken)
	billingtest.WantMistakes(t, db, intake.Arrears,
		billingtest.ArrearsHead+"1-1-101,物业服务费,2025-01-01,2025-03-31,300,0,300,2025-01-16\n", "2 应收金额 "+taken)
	billingtest.WantMistakes(t, db, intake.Arrears,
		billingtest.ArrearsHead+"1-1-101,物业服务费,2025-03-31,2025-04-30,100,0,100,2025-04-15\n", "2 账期起 与系统中 2025-01-01 至 2025-03-31 的账单重叠")
	billingtest.WantMistakes(t, db, intake.Arrears, billingtest.ArrearsHead+
		"1-1-101,物业服务费,2025-06-01,2025-06-30,100,0,100,2025-06-15\n"+
		"1-1-101,物业服务费,2025-04-01,2025-12-31,900,0,900,2025-04-15\n"+
		"1-1-101,物业服务费,2025-07-01,2025-07-31,100,0,100,2025-07-15\n"+
		"1-1-101,物业服务费,2025-06-01,2025-06-30,100,0,100,2025-06-15\n"+
		"1-1-101,水费,2025-06-01,2025-06-30,100,0,100,2025-06-15\n",
		"3 账期起 账期与第 2 行重叠", "4 账期起 账期与第 3 行重叠", "5 账期起 账期与第 3 行重叠")
	billingtest.WantMistakes(t, db, intake.Arrears, billingtest.ArrearsHead+
		"1-1-101,水费,2025-06-01,2025-06-30,100,0,100,2025-06-15\n1栋1单元101,水费,2025-06-01,2025-06-30,100,0,100,2025-06-15\n",
		"3 账期起 与第 2 行是同一账单")
}

// Staff took the bill back; the old file must not bring it to life again. A bill
// with other amounts is another bill.
func TestVoidBillStaysVoid(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	b := modelstest.Bill(t, db, billingtest.RoomOf(t, db, "1-1-101"), func(b *fees.Bill) {
		b.Item, b.PeriodStart, b.PeriodEnd, b.DueOn = "物业服务费", billingtest.Day("2025-01-01"),
			billingtest.Day("2025-01-31"), billingtest.Day("2025-01-15")
		b.PrincipalFen, b.Source = 10000, fees.SourceImport
	})
	if _, err := billingtest.Adjust(t, db, billingtest.Approval, billing.Adjustment{Kind: fees.EntryVoid, BillID: b.ID}); err != nil {
		t.Fatal(err)
	}
	const head = billingtest.ArrearsHead + "1-1-101,物业服务费,2025-01-01,2025-01-31,"
	r := billingtest.MustImport(t, db, intake.Arrears, head+"100,0,100,2025-01-15\n")
	if billingtest.Counts(r) != "0 added 0 changed 0 unchanged 1 left out" {
		t.Error(billingtest.Counts(r))
	}
	billingtest.WantWarnings(t, r, "2 应收金额 该账单已被作废，未重新导入")
	if r := billingtest.MustImport(t, db, intake.Arrears, head+"90,0,90,2025-01-15\n"); r.Added != 1 {
		t.Error(billingtest.Counts(r))
	}
	billingtest.CheckBooks(t, db)
}
