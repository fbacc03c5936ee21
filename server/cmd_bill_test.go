package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"wuyepay/billing/calc"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func TestBillCommand(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	rooms := s.file("rooms.csv", "小区,房号,业主姓名,联系电话,建筑面积,房屋状态\n测试苑,1-1-101,王五,13900000001,88.00,已入住\n测试苑,1-1-102,,,100.00,已入住\n")
	tariffs := s.file("tariffs.csv", "小区,收费项目,计费方式,单价,缴费周期,缴费截止日,违约金日利率,起始日期\n测试苑,物业服务费,按面积,2.00,季,15,0.003,2025-01-01\n")
	for kind, file := range map[string]string{"rooms": rooms, "tariffs": tariffs} {
		if code, out, errOut := s.run("", "import", kind, file, "--config", "../config.yaml"); code != exitDone {
			t.Fatalf("import %s: %s%s", kind, out, errOut)
		}
	}
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{
			[]string{"--period", "2026-04", "--draft"}, exitDone,
			"测试苑: draft of 2026-04: 2 rooms, 2 bills, principal 1128.00 yuan\n  物业服务费: 2 bills, 1128.00 yuan\n  to look at: no_owner: 1\n" +
				"  rooms: 2 with bills, 0 billed already, 0 not due, 0 not handed over, 0 free, 0 without a reading, 0 without an area, " +
				"0 without a tariff: 2\n" +
				"  not billed: 910 days of 2 rooms and items, 5640.00 yuan, before the first period that was run " +
				"(bill them with --all-gaps)\n",
		},
		{[]string{"--period", "2026-04", "--draft"}, exitDone, "a draft of 2026-04 is there already"},
		{[]string{"--period", "2026-04"}, exitFailed, "0 bills added"},
		{[]string{"--period", "2026-03"}, exitDone, "0 bills added"},
		{[]string{"--period", "2026-03", "--catch-up"}, exitDone, "2 bills added, principal 376.00 yuan"},
		{[]string{"--period", "2026-03"}, exitDone, "0 bills added"},
		// The rest of the quarter is billed by now; of the days before it the first quarters.
		{[]string{"--period", "2026-03", "--gaps"}, exitDone, "0 bills added"},
		{[]string{"--period", "2026-03", "--all-gaps"}, exitDone, "10 bills added"},
		{[]string{"--period", "2026-03", "--all-gaps"}, exitDone, "0 bills added"},
		{[]string{"--period", "2026-03", "--quickly"}, exitUsage, ""},
		{[]string{"--period", "2036-03"}, exitFailed, ""},
	} {
		code, out, errOut := s.run("", append(append([]string{"bill"}, tt.args...), "--config", "../config.yaml")...)
		if code != tt.code || !strings.Contains(out, tt.want) {
			t.Errorf("%v: exit %d: %s%s", tt.args, code, out, errOut)
		}
	}
}

// A billing day that was missed is made up for, and done once.
func TestBillDayIsMadeUpFor(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	clock := modelstest.NewClock(time.Date(2026, 3, 3, 10, 0, 0, 0, models.Shanghai))
	db := modelstest.OpenAt(t, clock.Now)
	room := modelstest.Room(t, db, func(r *estate.Room) { r.Area = "100" })
	if _, err := issuing.AddTariff(ctx, db, modelstest.Actor, fees.Tariff{
		CommunityID: room.CommunityID, Item: "物业服务费", Method: fees.MethodArea, Price: "2", Cycle: fees.CycleMonth, CycleStart: 1,
		DueDay: 15, LateRate: "0", FromOn: models.MustDate("2025-01-01"),
	}); err != nil {
		t.Fatal(err)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.SetBillDay(tx, modelstest.Actor, room.CommunityID, 5) })
	j := replica(db)
	day := job{name: "bill_day", daily: true, at: time.Hour, do: j.billDay}
	bills := func() int {
		list, err := fees.OpenBills(db.View(ctx), room.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	j.turn(ctx, day) // first start
	clock.Set(time.Date(2026, 3, 4, 10, 0, 0, 0, models.Shanghai))
	j.turn(ctx, day)
	if bills() != 0 {
		t.Error("billed before its day")
	}
	clock.Set(time.Date(2026, 3, 9, 10, 0, 0, 0, models.Shanghai)) // the server was down on the 5th
	j.turn(ctx, day)
	j.turn(ctx, day)
	if bills() != 1 {
		t.Errorf("%d bills after the missed day", bills())
	}
	clock.Set(time.Date(2026, 4, 5, 10, 0, 0, 0, models.Shanghai))
	j.turn(ctx, day)
	if bills() != 2 {
		t.Errorf("%d bills after two months", bills())
	}
	run, err := issuing.StartRun(ctx, db, modelstest.Actor, issuing.RunRequest{
		CommunityID: room.CommunityID, Period: calc.Period{Year: 2026, Month: 5},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.billingWork(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if run, err = fees.RunByID(db.View(ctx), run.ID); err != nil || run.Status != fees.RunDraft || run.Bills != 1 {
		t.Errorf("the job left a draft at %+v, %v", run, err)
	}
}
