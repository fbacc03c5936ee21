package main

import (
	"strings"
	"testing"
)

func TestMeterAndPolicyCommands(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	rooms := s.file("rooms.csv", "小区,房号,业主姓名,联系电话,建筑面积,房屋状态\n测试苑,1-1-101,王五,13900000001,88.00,已入住\n")
	meters := s.file("meters.csv", "小区,房号,表号,收费项目,上次读数,本次读数,倍率,抄表日期\n测试苑,1-1-101,W1,水费,,100,1,2026-01-31\n")
	for _, args := range [][]string{{"import", "rooms", rooms}, {"import", "meters", meters}} {
		if code, _, errOut := s.run("", append(args, "--config", "../config.yaml")...); code != exitDone {
			t.Fatal(errOut)
		}
	}
	replace := "meter replace --room 1栋1单元101室 --item 水费 --serial W1 --date 2026-02-10 --new-serial W2 --reason 损坏"
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"meter", exitUsage, "meter knows replace and withdraw"},
		{replace, exitUsage, "meter knows replace and withdraw"},
		{replace + " --last x", exitUsage, "READING_FIGURE"},
		{strings.Replace(replace, "W1", "W7", 1) + " --last 112", exitFailed, "no such meter"},
		{replace + " --last 99", exitFailed, "READING_BACKWARDS"},
		{replace + " --last 112 --first 3", exitDone, "meter W1 ends at 112 on 2026-02-10, meter W2 begins at 3"},
		{replace + " --last 112 --first 3", exitFailed, "METER_NOT_IN_USE"},
		{"policy --community 测试苑", exitUsage, "policy wants"},
		{"policy --community 别的苑 --settlement principal_first", exitFailed, "NOT_FOUND"},
		{"policy --community 测试苑 --settlement principal_first", exitDone, "测试苑: principal_first"},
		{"check", exitDone, "the books agree"},
	} {
		code, out, errOut := s.run("", append(strings.Fields(tt.args), "--config", "../config.yaml")...)
		if code != tt.code || !strings.Contains(out+errOut, tt.want) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s%s", tt.args, code, tt.code, tt.want, out, errOut)
		}
	}
}

func TestMeterWithdrawCommand(t *testing.T) {
	t.Parallel()
	s := town(t)
	meters := s.file("meters.csv", "小区,房号,表号,收费项目,上次读数,本次读数,倍率,抄表日期\n测试苑,1-1-101,W1,水费,,100,1,2026-01-31\n"+
		"测试苑,1-1-101,W1,水费,100,900,1,2026-02-28\n")
	if code, _, errOut := s.run("", "import", "meters", meters, "--config", "../config.yaml"); code != exitDone {
		t.Fatal(errOut)
	}
	ask := "meter withdraw ask --by gao --room 1-1-101 --item 水费 --serial W1 --date 2026-02-28 --reason 抄错"
	s.steps([]step{
		{"meter withdraw", exitUsage, "meter withdraw wants list", ""},
		{strings.Replace(ask, "--reason 抄错", "", 1), exitFailed, "METER_REASON", ""},
		{strings.Replace(ask, "02-28", "02-27", 1), exitFailed, "no reading of this day", ""},
		{strings.Replace(ask, "02-28", "02-31", 1), exitUsage, "--date", ""},
		{ask, exitDone, "900 on 2026-02-28, to be approved by somebody else", ""},
		{"meter withdraw approve --by gao --id {id}", exitFailed, "FORBIDDEN", ""},
		{"meter withdraw approve --by li --id {id}", exitDone, ": withdrawn", ""},
		{"meter withdraw list", exitDone, "approved  抄错", ""},
		{"import meters " + meters, exitDone, "", ""},
		{"check", exitDone, "the books agree", ""},
	})
}
