package estate_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func TestTransfers(t *testing.T) {
	t.Parallel()
	clock := modelstest.NewClock(modelstest.Start)
	db := modelstest.OpenAt(t, clock.Now)
	zhou := modelstest.Room(t, db, func(r *estate.Room) { r.Code, r.Steward = "A", "周楠" })
	gao := modelstest.Room(t, db, func(r *estate.Room) { r.Code, r.Steward = "B", "高远" })
	by := models.Actor{Kind: models.ActorStaff, ID: models.NewID(), Name: "陈静"}
	people := map[string]estate.Owner{}
	for _, name := range []string{"甲", "乙", "丙"} {
		people[name], _ = hold(t, db, zhou, estate.TenureTenant, name, "", "", "")
	}
	transfer := func(r estate.Room, from, to, on string) (estate.Transfer, error) {
		n := estate.Transfer{
			RoomID: r.ID, CommunityID: r.CommunityID, FromOwnerID: people[from].ID, ToOwnerID: people[to].ID, TransferOn: day(on),
			OwedFen: 100, LateFeeFen: 3, MovedBills: 2, PrepaidFen: 700, PrepaidTo: estate.PrepaidFormer, Note: "买卖",
		}
		return n, try(db, func(tx *store.Tx) error { return estate.InsertTransfer(tx, by, &n) })
	}
	first := must[estate.Transfer](t)(transfer(zhou, "甲", "乙", "2026-03-01"))
	second := must[estate.Transfer](t)(transfer(gao, "甲", "乙", "2026-03-01"))
	clock.Advance(1e9)
	third := must[estate.Transfer](t)(transfer(zhou, "乙", "丙", "2026-02-01"))
	if _, err := transfer(zhou, "丙", "甲", "2026-02-01"); err == nil {
		t.Error("a second transfer of a room on one day was kept")
	}
	if _, err := transfer(zhou, "甲", "甲", "2026-01-01"); err == nil {
		t.Error("a transfer from somebody to themselves was kept")
	}
	want(t, "the transfers of a room", must[[]estate.Transfer](t)(estate.TransfersOfRoom(view(db), zhou.ID)), third, first)
	want(t, "the log", actions(t, db, "room", zhou.ID), "room.transferred", "room.transferred")

	page := func(scope office.Scope, after string, limit int) (list []estate.TransferLine, ids []string) {
		list = must[[]estate.TransferLine](t)(estate.TransferLines(view(db), scope, after, limit))
		for _, l := range list {
			ids = append(ids, l.ID)
		}
		return list, ids
	}
	list, ids := page(office.AllRooms(), "", 2)
	want(t, "the first page", ids, third.ID, second.ID)
	if l := list[0]; l.Transfer != third || l.Room != zhou || l.FromName != "乙" || l.ToName != "丙" || l.By != by {
		t.Errorf("the first line is %+v", l)
	}
	_, ids = page(office.AllRooms(), list[1].Cursor(), 2)
	want(t, "the second page", ids, first.ID)
	_, ids = page(office.Staff{Role: office.RoleSteward, Name: "高远"}.Scope(), "", 9)
	want(t, "a steward's transfers", ids, second.ID)
	_, err := estate.TransferLines(view(db), office.AllRooms(), "no cursor", 2)
	notFound(t, "a cursor that is none", err)
}
