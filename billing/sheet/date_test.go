package sheet

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind         kind
		cell         string
		want, reason string
	}{
		{text, "2019-01-07", "2019-01-07", ""},
		{text, "2019-1-7", "2019-01-07", ""},
		{text, "2019/1/7", "2019-01-07", ""},
		{text, "2019.1.7", "2019-01-07", ""},
		{text, "2019年1月7日", "2019-01-07", ""},
		{text, "2019 年 1 月 7 日", "2019-01-07", ""},
		{text, "２０１９年０１月０７日", "2019-01-07", ""},
		{text, "20190107", "2019-01-07", ""},
		{number, "20190107", "2019-01-07", ""},
		{number, "43472", "2019-01-07", ""},
		{number, "43472.75", "2019-01-07", ""},
		{number, "43472.999988425923", "2019-01-07", ""},
		{text, "43472", "2019-01-07", ""},
		{text, "2019-01-07 00:00:00", "2019-01-07", ""},
		{text, "2019-01-07T23:59:59.999", "2019-01-07", ""},
		{text, "2019/1/7 8:30", "2019-01-07", ""},
		{text, "2019-01-07 下午 11:30", "2019-01-07", ""},
		{text, "2020-02-29", "2020-02-29", ""},
		{text, "1900-01-01", "1900-01-01", ""},
		{text, "2200-12-31", "2200-12-31", ""},
		{number, "10000", "1927-05-18", ""},
		{text, "2019-02-30", "", "没有这一天"},
		{text, "20190230", "", "没有这一天"},
		{text, "2019-02-29", "", "没有这一天"},
		{text, "2019-13-01", "", "没有这一天"},
		{text, "2019-00-10", "", "没有这一天"},
		{text, "1899-12-31", "", "年份应在 1900 到 2200 之间"},
		{text, "2201-01-01", "", "年份应在 1900 到 2200 之间"},
		{number, "2019", "", reasonDate},
		{number, "2019.1", "", reasonDate},
		{number, "202301", "", reasonDate},
		{number, "-1", "", reasonDate},
		{number, "1E+30", "", reasonDate},
		{text, "2019", "", reasonDate},
		{text, "2019-01", "", reasonDate},
		{text, "02019", "", reasonDate},
		{text, "19-1-7", "", reasonDate},
		{text, "1/7/2019", "", reasonDate},
		{text, "2019-1/7", "", reasonDate},
		{text, "2019-01-06T16:00:00Z", "2019-01-07", ""}, {text, "2019-01-06T15:59:59+08:00", "2019-01-06", ""},
		{text, "2019-01-06T15:59:17.000Z", "2019-01-07", ""}, {text, "2019-02-30T15:59:17Z", "", "没有这一天"},
		{number, "46022.999502314815", "2026-01-01", ""}, {text, "2025/12/31 23:59:17", "2026-01-01", ""},
		{text, "2025-12-31 23:59:59", "2025-12-31", ""}, {text, "2025-12-31 23:59", "2025-12-31", ""},
		{number, "46022.99602", "2026-01-01", ""}, {number, "46022.99999999", "2026-01-01", ""}, {number, "46022.5", "2025-12-31", ""},
		{text, "2025年12月31日 下午4:00", "2025-12-31", ""},
		{text, "待定", "", reasonDate},
		{boolean, "TRUE", "", reasonDate},
		{broken, "#VALUE!", "", reasonBroken},
		{text, "", "", reasonBlank},
	} {
		d, m := oneCell(c.kind, c.cell).Date("v")
		if got := reason(t, m); got != c.reason {
			t.Errorf("Date(%q): reason %q, want %q", c.cell, got, c.reason)
		} else if m == nil && (d.Format(time.DateOnly) != c.want || d.Location() != time.UTC || d.Hour() != 0) {
			t.Errorf("Date(%q) = %v, want %s", c.cell, d, c.want)
		}
	}
}

// Any day in any of its spellings reads back to the same day.
func TestDateReadsEverySpelling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := time.Date(1900, 1, 1+rapid.IntRange(0, 109937).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		layout := rapid.SampledFrom([]string{"2006-01-02", "2006-1-2", "2006/1/2", "2006/01/02", "2006.1.2", "20060102",
			"2006年1月2日", "2006年01月02日", "2006-01-02 15:04:05", "2006/1/2 15:04"}).Draw(t, "layout")
		s := around(t, widen(t, want.Format(layout)))
		if got, m := oneCell(text, s).Date("v"); m != nil || !got.Equal(want) {
			t.Fatalf("Date(%q) = %v, %v, want %v", s, got, m, want)
		}
		if want.Year() < 1928 {
			return
		}
		serial := fmt.Sprint(serialOf(want))
		for _, k := range []kind{number, text} {
			if got, m := oneCell(k, serial).Date("v"); m != nil || !got.Equal(want) {
				t.Fatalf("Date(%s) = %v, %v, want %v", serial, got, m, want)
			}
		}
	})
}

// The judge of serial numbers is excelize, which writes a time.Time as one.
func TestDateReadsWhatExcelizeWrites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := time.Date(1928, 1, 1+rapid.IntRange(0, 99000).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		at := want.Add(time.Duration(rapid.IntRange(0, 86399).Draw(t, "second")) * time.Second)
		rows, _, err := readAll(workbookOf(t, [][]any{{"房号", "面积", "交房日期"}, {"1", 1, at}}))
		if err != nil {
			t.Fatal(err)
		}
		if got, m := rows[0].Date("handover"); m != nil || !got.Equal(want) {
			t.Fatalf("%v read as %v, %v", at, got, m)
		}
	})
}
