package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTransferCommand(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	rooms := s.file("rooms.csv", "小区,房号,业主姓名,联系电话,建筑面积,房屋状态\n测试苑,1-1-101,王五,13900000001,88.00,已入住\n别的苑,1-1-101,钱七,13900000002,88.00,已入住\n")
	arrears := s.file("arrears.csv", "小区,房号,收费项目,账期起,账期止,应收金额,已收金额,欠费金额,缴费截止日\n"+
		"测试苑,1-1-101,物业服务费,2026-01-01,2026-01-31,110.02,0,110.02,2026-01-15\n"+
		"测试苑,1-1-101,物业服务费,2026-02-01,2026-12-31,1100.00,0,1100.00,2026-02-15\n")
	for _, args := range [][]string{{"import", "rooms", rooms}, {"import", "arrears", arrears}} {
		if code, _, errOut := s.run("", append(args, "--config", "../config.yaml")...); code != exitDone {
			t.Fatal(errOut)
		}
	}
	for _, tt := range []struct {
		input string
		args  string
		code  int
		want  string
	}{
		{"", "--room 1-1-101 --to 李新", exitUsage, "standard input"},
		{"", "--room 1-1-101 --to 李新 --date 2026-02-30", exitUsage, "transfer wants"},
		{"", "--room 1-1-101 --date 2026-03-01 --preview", exitFailed, "several communities"},
		{"", "--community 测试苑 --room 9-9-909 --date 2026-03-01 --preview", exitFailed, "no such room"},
		{"", "--community 测试苑 --room 1栋1单元101室 --date 2026-03-01 --preview", exitDone, "of which 1007.78 for the 306 of 334 days"},
		{"137\n", "--community 测试苑 --room 1-1-101 --to 李新 --date 2026-03-01", exitFailed, "OWNER_PHONE"},
		{"13700000001\n", "--community 测试苑 --room 1-1-101 --to 李新 --date 2026-03-01", exitDone, "the former owner owes 1210.02"},
		{"13700000002\n", "--community 测试苑 --room 1-1-101 --to 李新 --date 2026-03-01", exitFailed, "TRANSFER_DATE"},
	} {
		code, out, errOut := s.run(tt.input, append(append([]string{"transfer"}, strings.Fields(tt.args)...),
			"--config", "../config.yaml")...)
		if code != tt.code || !strings.Contains(out+errOut, tt.want) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s%s", tt.args, code, tt.code, tt.want, out, errOut)
		}
		if strings.Contains(out+errOut, "1370000000") {
			t.Error("a phone number was printed")
		}
	}
	pdf := filepath.Join(s.dir, "a.pdf")
	for args, want := range map[string]int{
		"--community 测试苑 --room 1-1-101 --year 2026 --out " + pdf: exitDone, "--room 1-1-101 --year 26 --out " + pdf: exitUsage,
		"--room 1-1-101 --year 2026": exitUsage, "--community 测试苑 --room 9 --year 2026 --out " + pdf: exitFailed,
	} {
		if code, out, errOut := s.run("", append(append([]string{"statement"}, strings.Fields(args)...), "--config",
			"../config.yaml")...); code != want {
			t.Errorf("statement %s: exit %d, want %d: %s%s", args, code, want, out, errOut)
		}
	}
	if b, err := os.ReadFile(pdf); err != nil || !strings.HasPrefix(string(b), "%PDF-") {
		t.Errorf("no statement: %v", err)
	}
	if code, out, _ := s.run("", "check", "--config", "../config.yaml"); code != exitDone {
		t.Errorf("check: %s", out)
	}
}
