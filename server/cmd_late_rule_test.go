package main

import "testing"

// The bill of the town is 176.00 due 15 January: on 16 March that is 31.68 of late fee by 3‰
// of 60 days, and 5.28 by half a permille.
func TestLateRuleCommand(t *testing.T) {
	t.Parallel()
	change := "--community 测试苑 --rate 0.5‰ --from 2026-03-16 --open"
	town(t).steps([]step{
		{"late-rule", exitUsage, "late-rule wants list", ""},
		{"late-rule ask " + change, exitUsage, "late-rule wants list", ""},
		{"late-rule preview " + change + " --grace few", exitUsage, "--grace wants a number", ""},
		{"late-rule preview " + change + " --cap 30", exitFailed, "LATE_RULE", ""},
		{"late-rule preview " + change, exitDone, "late fee due today of the 1: 31.68 -> 5.28", ""},
		{"late-rule ask " + change + " --by gao --reason 决议", exitFailed, "FORBIDDEN", ""},
		{"late-rule ask " + change + " --by zhang --reason 决议", exitFailed, "用户名或密码不正确", "guess\n"},
		{"late-rule ask " + change + " --by zhang --reason 决议", exitDone, "to be approved by somebody else", ""},
		{"late-rule approve --by zhang --id {id}", exitFailed, "FORBIDDEN", ""},
		{"late-rule approve --by li --id {id}", exitDone, "approved, 1 open bills changed", ""},
		{"late-rule list", exitDone, "测试苑: 每日 0.5‰，无上限", ""},
		{"check", exitDone, "the books agree", ""},
	})
}

func TestTariffCommand(t *testing.T) {
	t.Parallel()
	s := town(t)
	tariffs := s.file("tariffs.csv", "小区,收费项目,计费方式,单价,缴费周期,缴费截止日,违约金日利率,起始日期\n测试苑,物业服务费,按面积,2.00,月,15,3‰,2025-01-01\n")
	s.steps([]step{
		{"import tariffs " + tariffs, exitDone, "", ""},
		{"tariff end --id x --last-day 2026-06-30", exitUsage, "tariff wants list", ""},
		{"tariff list --community 测试苑", exitDone, "2025-01-01 to   每日 3‰，无上限", ""},
		{"tariff end --id {id} --last-day 2026-06-30 --preview", exitDone,
			"from 2026-07 on: 2 bills, 2 of them change, 264.00 -> 0.00", ""},
		{"tariff list --community 测试苑", exitDone, "2025-01-01 to   每日", ""},
		{"tariff end --id {id} --last-day 2024-06-30 --by zhang", exitFailed, "TARIFF_DATES", ""},
		{"tariff end --id {id} --last-day 2026-06-30 --by gao", exitFailed, "FORBIDDEN", ""},
		{"tariff end --id {id} --last-day 2026-06-30 --by zhang", exitDone, "ends on 2026-06-30", ""},
		{"bill --period 2026-03", exitDone, "", ""},
	})
}
