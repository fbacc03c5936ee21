package statement_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/billing/statement"
	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// Arrears from before these books stand in the statement of the year in which they were
// due; the statement of a later year opens with them, and that of an earlier one knows
// nothing of them. Today is 15 March 2026, the day of the import.
func TestImportedArrearsStandOnTheirDueDay(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	billingtest.MustImport(t, db, intake.Arrears, billingtest.ArrearsHead+
		"1-1-101,物业服务费,2024-12-01,2024-12-31,100,0,100,2024-12-15\n"+
		"1-1-101,物业服务费,2025-01-01,2025-01-31,100,40,60,2025-01-15\n"+ // part paid: 60 were taken over
		"1-1-101,物业服务费,2026-01-01,2026-01-31,100,0,100,2026-01-15\n"+
		"1-1-101,物业服务费,2026-03-01,2026-03-31,100,0,100,2026-03-25\n") // not due yet
	view := db.View(context.Background())
	room := billingtest.RoomOf(t, db, "1-1-101")
	holder, err := statement.CurrentHolder(view, room.ID)
	billingtest.NoError(t, err)
	of := func(from, to string) statement.Statement {
		t.Helper()
		s, err := statement.Of(view, room, holder.Visibility, models.MustDate(from), models.MustDate(to))
		billingtest.NoError(t, err)
		return s
	}
	for _, tt := range []struct {
		from, to              string
		opening, booked, late models.Fen
		lines                 []string
	}{
		{"2023-01-01", "2023-12-31", 0, 0, 0, nil},
		{"2024-01-01", "2024-12-14", 0, 0, 0, nil},
		// 16 days of 0.30 yuan.
		{"2024-01-01", "2024-12-31", 0, 10000, 480, []string{"2024-12-15 opening_bill 100.00"}},
		// 381 days on 100, 350 days on 60.
		{"2025-01-01", "2025-12-31", 10000, 16000, 11430 + 6300, []string{"2025-01-15 opening_bill 60.00"}},
		// 455, 424 and 59 days.
		{"2026-01-01", "2026-12-31", 16000, 36000, 13650 + 7632 + 1770,
			[]string{"2026-01-15 opening_bill 100.00", "2026-03-15 opening_bill 100.00"}},
		{"2026-02-01", "2026-03-14", 26000, 26000, 13620 + 7614 + 1740, nil},
		{"2026-03-15", "2026-03-15", 26000, 36000, 13650 + 7632 + 1770, []string{"2026-03-15 opening_bill 100.00"}},
	} {
		s := of(tt.from, tt.to)
		var lines []string
		for _, l := range s.Lines {
			lines = append(lines, l.On.String()+" "+l.Kind+" "+l.ChargeFen.String())
		}
		if s.OpeningFen != tt.opening || s.BookedFen != tt.booked || s.LateDueFen != tt.late || s.ClosingFen != tt.booked+tt.late {
			t.Errorf("%s to %s: opens with %s, booked %s, late %s, closes with %s", tt.from, tt.to, s.OpeningFen, s.BookedFen, s.LateDueFen,
				s.ClosingFen)
		}
		if diff := cmp.Diff(tt.lines, lines); diff != "" {
			t.Errorf("%s to %s:\n%s", tt.from, tt.to, diff)
		}
	}
	// Today the account is what the room owes, and what was shown on an evening before the
	// import stays what it was: nothing.
	arrears, err := billing.RoomArrears(view, room.ID)
	billingtest.NoError(t, err)
	if s := of("2026-01-01", "2026-03-15"); s.ClosingFen != arrears.TotalFen {
		t.Errorf("closes with %s, the room owes %s", s.ClosingFen, arrears.TotalFen)
	}
	if shown, err := billing.RoomArrearsAsOf(view, room.ID, models.MustDate("2026-03-14")); err != nil || shown.TotalFen != 0 {
		t.Errorf("the evening before the import showed %s, %v", shown.TotalFen, err)
	}
}
