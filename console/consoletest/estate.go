package consoletest

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// Estate makes a community with three rooms, a tariff by area, and nothing billed.
func (w *World) Estate() estate.Community {
	w.T.Helper()
	room := modelstest.Room(w.T, w.DB, func(r *estate.Room) { r.Code, r.Area, r.Building = "1-1-101", "100", "1栋" })
	modelstest.Room(w.T, w.DB, func(r *estate.Room) { r.Code, r.Area, r.Building = "1-1-102", "50", "1栋" })
	modelstest.Room(w.T, w.DB, func(r *estate.Room) { r.Code, r.Area, r.Building = "2-1-101", "", "2栋" })
	t := fees.Tariff{CommunityID: room.CommunityID, Item: "物业服务费", Method: fees.MethodArea, Price: "2", Cycle: fees.CycleMonth,
		CycleStart: 1, DueDay: 15, LateRate: "0.003", FromOn: models.MustDate("2025-01-01")}
	if _, err := issuing.AddTariff(context.Background(), w.DB, modelstest.Actor, t); err != nil {
		w.T.Fatal(err)
	}
	c, err := estate.CommunityByID(w.DB.View(context.Background()), room.CommunityID)
	if err != nil {
		w.T.Fatal(err)
	}
	return c
}

// RoomOfCode returns the room of a code.
func (w *World) RoomOfCode(code string) estate.Room {
	w.T.Helper()
	found, err := estate.RoomsByCodeKey(w.DB.View(context.Background()), []string{code})
	if err != nil || len(found[code]) != 1 {
		w.T.Fatal(found, err)
	}
	return found[code][0]
}

// Prepay books prepayment of a room, with its pair in the journal.
func (w *World) Prepay(r estate.Room, amount models.Fen) {
	w.T.Helper()
	modelstest.Write(w.T, w.DB, func(tx *store.Tx) error {
		if err := money.MovePrepaid(tx, r.ID, money.PrepaidTopup, amount, "", ""); err != nil {
			return err
		}
		return money.Journal(tx, []money.JournalLine{{Kind: money.JournalTopup, Debit: money.AccountWechat, Credit: money.AccountPrepaid,
			AmountFen: amount, CommunityID: r.CommunityID, RoomID: r.ID}})
	})
}

// MetersOf adds two meters of 水费 to a room: W1 with 30 units a month, and W2 that has never
// been read.
func MetersOf(t testing.TB, w *World, r estate.Room) {
	t.Helper()
	modelstest.Write(t, w.DB, func(tx *store.Tx) error {
		err := fees.InsertMeters(tx, []fees.Meter{{ID: "m1-" + r.ID[3:], RoomID: r.ID, Item: "水费", Serial: "W1", Multiplier: "1",
			CreatedAt: tx.Now},
			{ID: "m2-" + r.ID[3:], RoomID: r.ID, Item: "水费", Serial: "W2", Multiplier: "10", CreatedAt: tx.Now}})
		if err != nil {
			return err
		}
		return fees.InsertReadings(tx, []fees.Reading{
			{ID: "r1-" + r.ID[3:], MeterID: "m1-" + r.ID[3:], ReadOn: models.MustDate("2026-01-14"), Value: "100", Multiplier: "1",
				CreatedAt: tx.Now},
			{ID: "r2-" + r.ID[3:], MeterID: "m1-" + r.ID[3:], ReadOn: models.MustDate("2026-02-13"), Previous: "100", Value: "130",
				Multiplier: "1", CreatedAt: tx.Now}})
	})
}

// Ask fills in the form of a request, looks for its effect, sends it, and returns the path
// of the request.
func (w *World) Ask(b *Client, room string, form url.Values, effect ...string) string {
	w.T.Helper()
	path := "/staff/rooms/" + room + "/ask"
	b.Get(path+"?kind="+form.Get("kind")+"&bill="+form.Get("bill")).Want(w.T, http.StatusOK, "查看影响").Without(w.T, "等待审批</button>")
	form.Set("do", "preview")
	b.Post(path, form).Want(w.T, http.StatusOK, append(effect, "等待审批</button>")...)
	form.Set("do", "send")
	b.Post(path, form).Want(w.T, http.StatusSeeOther)
	a := b.Get("/staff/rooms/"+room).Want(w.T, http.StatusOK, "等待另一位同事审批")
	return FindAll(a.Body, `href="(/staff/requests/[0-9A-Z]{26})"`)[0]
}
