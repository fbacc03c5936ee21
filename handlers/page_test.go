package handlers_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
)

// walk reads a list page by page and returns the names on each page.
func (p *phone) walk(path, list, name string) (pages [][]string) {
	p.f.t.Helper()
	for cursor := ""; len(pages) < 20; {
		at := path
		if cursor != "" {
			at += "&cursor=" + cursor
		}
		page := p.get(at)
		names := []string{}
		for _, x := range page.list(list) {
			names = append(names, x.text(name))
		}
		pages = append(pages, names)
		next, more := page["next_cursor"]
		if !more {
			return pages
		}
		cursor = next.(string)
	}
	p.f.t.Fatalf("%s never ends: %v", path, pages)
	return nil
}

// sizes are the lengths of pages.
func sizes(pages [][]string) string {
	out := []int{}
	for _, p := range pages {
		out = append(out, len(p))
	}
	return fmt.Sprint(out)
}

// Every list is walked to its end without a gap or a repetition, newest first.
func TestPages(t *testing.T) {
	f := newFront(t)
	h := f.Home(0)
	p := f.as(h.User)
	room := "/rooms/" + h.Room.ID
	var bills, orders, requests []string
	for i := range 25 {
		due := models.NewDate(2026, 1, 15) + models.Date(i/2) // two of a day: their ids decide
		b := modelstest.Bill(t, f.Db, h.Room, func(b *fees.Bill) { b.DueOn = due })
		h.Bills = append(h.Bills, b)
	}
	for i := range 5 {
		f.Clock.Advance(time.Minute)
		orders = append(orders, p.order("/orders", pays(h, 0, i)).must(201).text("order", "no"))
		requests = append(requests, p.send("POST", "/bills/"+h.Bills[i].ID+"/disputes",
			object{"kind": "amount", "text": "不对"}).must(201).text("id"))
	}
	for i := range h.Bills {
		bills = append(bills, h.Bills[i].DueOn.String()+"/"+h.Bills[i].ID)
	}
	slices.Sort(bills)
	for i, b := range bills {
		bills[i] = b[len("2026-01-15/"):]
	}
	for _, x := range []struct {
		path, list, name string
		want             []string // oldest first
		sizes            string
	}{
		{room + "/bills?", "bills", "id", bills, "[20 5]"}, // the limit that nobody gave
		{room + "/bills?limit=25", "bills", "id", bills, "[25]"},
		{room + "/bills?limit=24", "bills", "id", bills, "[24 1]"},
		{room + "/bills?limit=5", "bills", "id", bills, "[5 5 5 5 5]"},
		{room + "/bills?limit=100", "bills", "id", bills, "[25]"},
		{room + "/bills?status=unpaid&limit=9", "bills", "id", bills, "[9 9 7]"},
		{room + "/bills?status=paid", "bills", "id", nil, "[0]"},
		{room + "/bills?year=1999", "bills", "id", nil, "[0]"},
		{"/orders?", "orders", "no", orders, "[5]"},
		{"/orders?limit=5", "orders", "no", orders, "[5]"},
		{"/orders?limit=2", "orders", "no", orders, "[2 2 1]"},
		{"/orders?limit=1", "orders", "no", orders, "[1 1 1 1 1]"},
		{"/requests?", "requests", "id", requests, "[5]"},
		{"/requests?limit=3", "requests", "id", requests, "[3 2]"},
	} {
		f.run(x.path, func(t *testing.T) {
			pages := p.walk(x.path, x.list, x.name)
			have := slices.Concat(pages...)
			slices.Reverse(have)
			if !slices.Equal(have, x.want) {
				t.Errorf("oldest first: %v\nwant %v", have, x.want)
			}
			if sizes(pages) != x.sizes {
				t.Errorf("pages of %s, want %s", sizes(pages), x.sizes)
			}
		})
	}
	stranger := f.as(f.Home(0).User)
	for _, path := range []string{"/orders?", "/requests?"} {
		if pages := stranger.walk(path, path[1:len(path)-1], "id"); sizes(pages) != "[0]" {
			t.Errorf("a stranger's %s: %v", path, pages)
		}
	}
	// A cursor is no key: the list behind somebody else's is one's own.
	if pages := stranger.walk("/orders?cursor="+orders[4], "orders", "no"); sizes(pages) != "[0]" {
		t.Errorf("behind another's cursor: %v", pages)
	}
}

// Bills of a year are those whose period starts in it.
func TestBillsOfAYear(t *testing.T) {
	f := newFront(t)
	h := f.Home(0)
	ids := map[int]string{}
	for _, year := range []int{2024, 2025} {
		b := modelstest.Bill(t, f.Db, h.Room, func(b *fees.Bill) {
			b.PeriodStart, b.PeriodEnd = models.NewDate(year, 12, 31), models.NewDate(year+1, 12, 30)
		})
		ids[year] = b.ID
	}
	p := f.as(h.User)
	for year, id := range ids {
		bills := p.get(fmt.Sprintf("/rooms/%s/bills?year=%d", h.Room.ID, year)).list("bills")
		if len(bills) != 1 || bills[0].text("id") != id {
			t.Errorf("%d: %v", year, bills)
		}
	}
}
