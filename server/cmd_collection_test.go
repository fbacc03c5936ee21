package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCollectionCommands goes the way of a batch by command: agreements, batch, the
// bank's file, an answer with a mistake, the right one, and the same again.
func TestCollectionCommands(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.env = append(s.env, "WUYEPAY_SANDBOX__LISTEN=127.0.0.1:0") // the port of config.yaml may be taken
	rooms := s.file("rooms.csv", "小区,房号,业主姓名,联系电话,建筑面积,房屋状态\n测试苑,1-1-101,王五,13900000001,88.00,已入住\n测试苑,1-1-102,赵六,13900000002,88.00,已入住\n")
	arrears := s.file("arrears.csv", "小区,房号,收费项目,账期起,账期止,应缴金额,已缴金额,缴费截止日\n测试苑,1-1-101,物业服务费,2026-01-01,2026-01-31,110.02,0,2026-01-15\n"+
		"测试苑,1-1-102,物业服务费,2026-01-01,2026-01-31,50.00,0,2026-01-15\n")
	mandates := s.file("mandates.csv", "房号,协议号,开户行,户名,账号\n1-1-101,XY-1,建设银行,王五,6227000000000001\n1-1-102,XY-2,建设银行,赵六,6227000000000002\n")
	out := filepath.Join(t.TempDir(), "bank.csv")
	number := ""
	run := func(args string, code int, want string) string {
		t.Helper()
		got, text, errOut := s.run("", append(strings.Fields(strings.ReplaceAll(args, "BATCH", number)), "--config", "../config.yaml")...)
		if got != code || !strings.Contains(text+errOut, want) {
			t.Fatalf("%s: exit %d, want %d and %q:\n%s%s", args, got, code, want, text, errOut)
		}
		return text
	}
	run("collection", exitUsage, "collection knows")
	run("collection make --community 测试苑", exitUsage, "collection knows")
	run("collection export --community 测试苑 --batch X --out bank.pdf", exitUsage, "collection knows")
	run("import rooms "+rooms, exitDone, "added 2")
	run("import arrears "+arrears, exitDone, "added 2")
	run("collection make --community 测试苑 --due 2026-01-31", exitFailed, "NOTHING_TO_COLLECT")
	run("collection mandates --community 测试苑 --file "+mandates, exitDone, "read 2, changed 2")
	run("collection mandates --community 测试苑 --file "+mandates, exitDone, "read 2, changed 0")
	number, _, _ = strings.Cut(run("collection make --community 测试苑 --due 2026-01-31", exitDone, ": 2 lines"), ":")
	run("collection export --community 测试苑 --batch TS1 --out "+out, exitFailed, "NOT_FOUND")
	run("collection export --community 测试苑 --batch BATCH --out "+out, exitDone, "2 lines")
	text, err := os.ReadFile(out)
	if info, _ := os.Stat(out); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", err, info.Mode())
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	answer := func(first, second string) string {
		return s.file("answer.csv", strings.Join([]string{
			lines[0], strings.TrimSuffix(lines[1], ",,,") + "," + first + ",,",
			strings.TrimSuffix(lines[2], ",,,") + "," + second + ",余额不足,",
		}, "\n"))
	}
	run("collection import --community 测试苑 --batch BATCH --file "+answer("成功", "不知道"), exitFailed, "第 3 行「结果」列")
	good := answer("成功", "失败")
	run("collection import --community 测试苑 --batch BATCH --file "+good, exitDone, "booked 2, unchanged 0; collected 1 lines")
	run("collection import --community 测试苑 --batch BATCH --file "+good, exitDone, "booked 0, unchanged 2")
	run("check", exitDone, "the books agree")
}
