package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestImportShadow(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	want := func(code int, out string, args ...string) string {
		t.Helper()
		have, stdout, stderr := s.run("", append([]string{"--config", "../config.yaml"}, args...)...)
		if have != code || !strings.Contains(stdout, out) {
			t.Fatalf("%v: exit code %d, want %d, and %q in\n%s%s", args, have, code, out, stdout, stderr)
		}
		return stdout
	}
	want(exitDone, "added 1", "import", "rooms", s.file("rooms.csv", "小区,房号,业主姓名,联系电话,建筑面积\n海棠花园,1-1-101,吕敏,13800000000,137.52\n"))
	want(exitDone, "added 1", "import", "tariffs", s.file("tariffs.csv",
		"小区,收费项目,计费方式,单价,缴费周期,违约金日利率,起始日期\n海棠花园,物业服务费,按面积,0.80,月,0.003,2023-01-01\n"))
	head := "房号,收费项目,账期起,账期止,应收金额,计费面积\n"
	file := s.file("old.csv", head+"1-1-101,物业服务费,2026-03-01,2026-03-31,112.02,140.03\n1-1-102,物业服务费,2026-03-01,2026-03-31,50,\n")
	want(exitDone, "面积不同：1 条，对方 112.02 元，系统 110.02 元，差 2.00 元", "import", "shadow", file)
	var report shadowReport
	if err := json.Unmarshal([]byte(want(exitDone, "", "import", "shadow", file, "--period", "2026-03", "--json")), &report); err != nil {
		t.Fatal(err)
	}
	if report.Read != 2 || report.Compared != 2 || report.DiffFen != 5200 || len(report.Causes) != 2 || report.Causes[0].Cause != "area" {
		t.Errorf("%+v", report)
	}
	want(exitDone, "读取 2 行，对比 0 行，未对比 2 行", "import", "shadow", file, "--period", "2026-05")
	want(exitFailed, "第 2 行「账期止」列（D2）：早于账期开始", "import", "shadow", s.file("wrong.csv", head+"1-1-101,物业服务费,2026-03-01,2026-02-01,1,\n"))
	want(exitUsage, "", "import", "shadow", file, "--period", "2026-13")
	want(exitUsage, "", "import", "shadow")
	want(exitDone, "the books agree", "check")

	holidays := s.file("holidays.csv", "起止日期,类型,名称\n2026-10-01至2026-10-02,休息,国庆节\n2026-10-10,上班,\n")
	want(exitDone, "holidays: read 2, added 2", "holidays", "import", holidays)
	want(exitDone, "holidays: read 2, added 0, changed 0, unchanged 2", "import", "holidays", holidays)
	want(exitDone, "2026-10-02  holiday  国庆节", "holidays", "list")
	want(exitDone, `{"day":"2026-10-10","kind":"workday","name":""}`, "holidays", "list", "--json")
	want(exitDone, "", "holidays", "list", "--year", "2027")
	want(exitUsage, "", "holidays")
	want(exitUsage, "", "holidays", "list", "--year", "20")
}
