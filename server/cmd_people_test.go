package main

import (
	"regexp"
	"strings"
	"testing"
)

// town is a shell with two rooms, their bills of March and three accounts whose
// password is "a good password".
func town(t *testing.T) *shell {
	t.Helper()
	s := newShell(t)
	rooms := s.file("rooms.csv",
		"小区,房号,楼栋,业主姓名,联系电话,建筑面积,房屋状态\n测试苑,1-1-101,1栋,王五,13900000001,88.00,已入住\n测试苑,1-1-102,1栋,赵六,13900000002,44.00,空置\n")
	arrears := s.file("arrears.csv", "小区,房号,收费项目,账期起,账期止,应收金额,已收金额,缴费截止日\n测试苑,1-1-101,物业服务费,2026-01-01,2026-01-31,176.00,0,2026-01-15\n")
	for _, args := range [][]string{
		{"import", "rooms", rooms},
		{"import", "arrears", arrears},
		{"staff", "add", "--username", "zhang", "--name", "张敏", "--role", "finance"},
		{"staff", "add", "--username", "li", "--name", "李强", "--role", "manager"},
		{"staff", "add", "--username", "gao", "--name", "高远", "--role", "cashier"},
	} {
		if code, out, errOut := s.run("a good password\n", append(args, "--config", "../config.yaml")...); code != exitDone {
			t.Fatalf("%v: %s%s", args, out, errOut)
		}
	}
	return s
}

// steps runs commands one after another, {id} being the first id that was printed
// last, and wants an exit code and a text of each.
func (s *shell) steps(steps []step) {
	s.t.Helper()
	id := ""
	for _, tt := range steps {
		password := "a good password\n"
		if tt.input != "" {
			password = tt.input
		}
		code, out, errOut := s.run(password, append(strings.Fields(strings.ReplaceAll(tt.args, "{id}", id)),
			"--config", "../config.yaml")...)
		if code != tt.code || !strings.Contains(out+errOut, tt.want) {
			s.t.Errorf("%s: exit %d, want %d and %q:\n%s%s", tt.args, code, tt.code, tt.want, out, errOut)
		}
		if found := regexp.MustCompile(`(?m)^[0-9A-Z]{26}`).FindString(out); found != "" {
			id = found
		}
	}
}

type step struct {
	args  string
	code  int
	want  string
	input string // empty: the password
}

// Two persons stay two persons, each with their password.
func TestAdjustCommand(t *testing.T) {
	t.Parallel()
	waive := "adjust waiver --by zhang --room 1-1-101 --item 物业服务费 --period 2026-01 --reason 住院"
	town(t).steps([]step{
		{"adjust", exitUsage, "adjust wants list", ""},
		{waive + " --bill 01ABC", exitUsage, "adjust wants list", ""},
		{waive + " --amount 1.005", exitUsage, "--amount wants yuan", ""},
		{waive, exitFailed, "用户名或密码不正确", "another password\n"},
		{waive, exitFailed, "用户名或密码不正确", "\n"},
		{waive + " --amount 999", exitFailed, "WAIVER_TOO_MUCH", ""},
		{strings.Replace(waive, "2026-01", "2026-02", 1), exitFailed, "no such bill", ""},
		{waive + " --amount 10.5", exitDone, "物业服务费 2026-01-01 to 2026-01-31: owed 207.68, afterwards 197.18", ""},
		{"adjust list", exitDone, "waiver  10.50 yuan  1 bills  asked for by 张敏: 住院", ""},
		{"adjust approve --by zhang --request {id} --note 同意", exitFailed, "SAME_PERSON", ""},
		{"adjust approve --by gao --request {id} --note 同意", exitFailed, "FORBIDDEN", ""},
		{"adjust approve --by li --request {id} --note 同意", exitFailed, "用户名或密码不正确", "guess\n"},
		{"adjust approve --by li --request {id} --note 同意", exitDone, "waiver approved by 李强, asked for by 张敏", ""},
		{"adjust approve --by li --request {id} --note 同意", exitFailed, "REQUEST_DECIDED", ""},
		{
			"adjust correction --by li --room 1-1-101 --item 物业服务费 --period 2026-01 --reason 面积有误 --amount 160", exitDone,
			"correction of 1 bills, to be approved by somebody else", "",
		},
		{"adjust reject --by zhang --request {id} --note 面积无误", exitDone, "correction rejected by 张敏", ""},
		{"adjust void --by li --room 1-1-101 --item 物业服务费 --period 2026-01 --reason 重复", exitDone, "afterwards 0.00", ""},
		{"adjust approve --by zhang --request {id} --note 属实", exitDone, "void approved by 张敏", ""},
		{"check", exitDone, "the books agree", ""},
	})
}

func TestVacancyCommand(t *testing.T) {
	t.Parallel()
	ask := "vacancy ask --by gao --room 1-1-102 --from 2026-04-01 --to 2026-06-30 --reason 出租前装修"
	town(t).steps([]step{
		{"vacancy ask --by gao --room 1-1-102 --from 2026-04-31 --to 2026-06-30 --reason x", exitUsage, "--from wants YYYY-MM-DD", ""},
		{"vacancy approve --by gao", exitUsage, "vacancy wants list", ""},
		{strings.Replace(ask, "102", "109", 1), exitFailed, "no such room", ""},
		{ask, exitDone, "1-1-102 empty from 2026-04-01 to 2026-06-30", ""},
		{ask, exitFailed, "VACANCY_OVERLAP", ""},
		{"vacancy list", exitDone, "requested  出租前装修", ""},
		{"vacancy approve --by gao --id {id}", exitFailed, "FORBIDDEN", ""},
		{"vacancy approve --by li --id {id} --note 已现场核实", exitDone, "approved", ""},
		{"vacancy end --by li --id {id} --last-day 2026-05-31", exitDone, "ends on 2026-05-31", ""},
		{"vacancy list", exitDone, "2026-04-01 to 2026-05-31  approved", ""},
		{
			strings.NewReplacer("gao", "li", "04-01", "07-01", "06-30", "07-31").Replace(ask), exitDone, "to be approved by somebody else",
			"",
		},
		{"vacancy refuse --by li --id {id}", exitFailed, "SAME_PERSON", ""},
	})
}

func TestChargeCommand(t *testing.T) {
	t.Parallel()
	s := town(t)
	list := s.file("rooms.txt", "\ufeff1栋1单元102室\n\n 1-1-101 \n")
	wrong := s.file("wrong.txt", "1-1-777\n")
	shared := "charge shared --community 测试苑 --item 电梯电费 --reason 二月电费 --from 2026-02-01 --to 2026-02-28 --amount 100 --by area"
	oneOff := "charge one-off --community 测试苑 --item 门禁卡 --reason 补办 --date 2026-03-16 --amount 20 --rooms "
	s.steps([]step{
		{"charge", exitUsage, "charge wants shared", ""},
		{shared + " --date 2026-02-01", exitUsage, "charge wants shared", ""},
		{oneOff + list + " --by area", exitUsage, "charge wants shared", ""},
		{strings.Replace(shared, "100", "0", 1), exitFailed, "CHARGE_AMOUNT", ""},
		{strings.Replace(shared, "测试苑", "别的苑", 1), exitFailed, "NOT_FOUND", ""},
		{shared + " --preview", exitDone, "电梯电费: 100.00 yuan over 2 rooms", ""},
		{shared + " --preview", exitDone, "  1-1-101  66.67\n  1-1-102  33.33\n", ""},
		{shared + " --preview --occupied", exitDone, "over 1 rooms", ""},
		{shared, exitDone, "charged", ""},
		{shared, exitFailed, "CHARGE_BILLED", ""},
		{oneOff + wrong, exitFailed, "CHARGE_ROOMS", ""},
		{oneOff + s.dir + "/nothing.txt", exitFailed, "no such file", ""},
		{oneOff + "-", exitDone, "20.00 yuan over 1 rooms", "1-1-101\n"},
		{strings.Replace(oneOff, "门禁卡", "遥控器", 1) + list, exitDone, "40.00 yuan over 2 rooms", ""},
		{"check", exitDone, "the books agree", ""},
	})
}
