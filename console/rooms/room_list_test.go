package rooms_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/estate"
	"wuyepay/models/office"
)

func lastFour(t testing.TB, w *consoletest.World, r estate.Room) string {
	t.Helper()
	owners, err := estate.RoomOwners(w.DB.View(context.Background()), r.ID, w.DB.Today())
	if err != nil || len(owners) == 0 {
		t.Fatalf("owners of the room: %v %v", owners, err)
	}
	return owners[0].PhoneLast4
}

func TestRoomSearchKnowsEverySpelling(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	b := w.As(w.Staff[office.RoleCashier])
	phone := lastFour(t, w, n.Room)
	for _, q := range []string{"3栋2单元1201", "3-2-1201", "３－２－１２０１", "1201室", "1201", "3栋", "2单元1201", "3-2-12", phone} {
		b.Get("/staff/rooms?q="+consoletest.Escape(q)).Want(t, http.StatusOK, "3栋2单元1201").Without(t, "5栋1单元301")
	}
	b.Get("/staff/rooms?q="+consoletest.Escape("王小")).Want(t, http.StatusOK, "3栋2单元1201", "5栋1单元301")
	b.Get("/staff/rooms?q="+consoletest.Escape("%")).Want(t, http.StatusOK, "没有找到")
	b.Get("/staff/rooms?q="+consoletest.Escape("不存在")).Want(t, http.StatusOK, "没有找到“不存在”")
}

// TestRoomPages walks the list to its end: every room once.
func TestRoomPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	w.Town()
	b := w.As(w.Staff[office.RoleCashier])
	seen := map[string]int{}
	path := "/staff/rooms"
	for pages := 1; path != ""; pages++ {
		if pages > 3 {
			t.Fatal("the list does not end")
		}
		a := b.Get(path).Want(t, http.StatusOK)
		for _, id := range consoletest.FindAll(a.Body, `<td data-label="房号"><a href="/staff/rooms/([^"]+)"`) {
			seen[id]++
		}
		path = ""
		if next := consoletest.FindAll(a.Body, `<a class="btn" href="([^"]+)">下一页`); len(next) == 1 {
			path = strings.ReplaceAll(next[0], "&amp;", "&")
		}
	}
	if len(seen) != 26 {
		t.Errorf("%d rooms seen, want 26", len(seen))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("room %s seen %d times", id, n)
		}
	}
}
