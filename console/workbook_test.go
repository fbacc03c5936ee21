package console_test

import (
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

// TestEveryListExports downloads each list and counts its rows.
func TestEveryListExports(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	b := w.As(w.Staff[office.RoleAdmin])
	for path, want := range map[string]int{
		"/staff/rooms/export": 26, "/staff/rooms/export?q=3-2-1201": 1, "/staff/rooms/" + n.Room.ID + "/bills/export": 6,
		"/staff/rooms/" + n.Room.ID + "/payments/export": 1, "/staff/orders/export": 3, "/staff/orders/export?status=pending": 1,
		"/staff/reconcile/export?month=2026-03": 3, "/staff/reconcile/export?month=2026-02": 0, "/staff/reconcile/2026-03-13/export": 2,
		"/staff/events/export": 1, "/staff/people/export": 5, "/staff/audit/export?subject=import": 1,
	} {
		if rows := consoletest.WorkbookRows(t, b.Get(path)); len(rows)-1 != want {
			t.Errorf("%s: %d rows, want %d", path, len(rows)-1, want)
		}
	}
	row := consoletest.WorkbookRows(t, b.Get("/staff/rooms/export?q=3-2-1201"))[1]
	if row[1] != "3-2-1201" || row[5] != "王小明" || !strings.HasPrefix(row[6], "139****") || row[8] != "137.52" || row[13] != "5,287.40" {
		t.Errorf("the room is exported as %q", row)
	}
	exports := consoletest.Audited(t, w, "list", n.Room.ID)
	if len(exports) != 2 || exports[0].Actor.Name != "员工admin" || exports[0].Action != "list.exported" {
		t.Errorf("who exported the room's lists is not in the log: %+v", exports)
	}
}
