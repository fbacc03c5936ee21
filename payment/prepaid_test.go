package payment

import (
	"context"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// What is paid in advance goes to the fee item that the payer chose.
func TestTopUpForAnItem(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	for _, o := range []money.Order{{PrepayFen: 700, PrepayItem: "水费"}, {PrepayFen: 300}, {}} {
		p := money.Payment{ID: models.NewID(), Channel: money.ChannelWechat, CommunityID: room.CommunityID, RoomID: room.ID,
			Merchant: "main"}
		modelstest.Write(t, db, func(tx *store.Tx) error { return CreditPrepaid(tx, &p, o.PrepayItem, money.PrepaidTopup, o.PrepayFen) })
	}
	view := db.View(context.Background())
	list, err := money.PrepaidBalances(view, []string{room.ID})
	if err != nil {
		t.Fatal(err)
	}
	if b := list[room.ID]; len(b) != 2 || b[0].Item != "" || b[0].AmountFen != 300 || b[1].Item != "水费" || b[1].AmountFen != 700 {
		t.Errorf("%+v", b)
	}
	if r, err := estate.RoomByID(view, room.ID); err != nil || r.PrepaidFen != 1000 {
		t.Errorf("%d, %v", r.PrepaidFen, err)
	}
	entries, err := money.PrepaidEntries(view, room.ID, 10)
	if err != nil || len(entries) != 2 || entries[1].Item != "水费" || entries[1].Kind != money.PrepaidTopup {
		t.Errorf("%+v, %v", entries, err)
	}
}
