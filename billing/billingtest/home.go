package billingtest

import (
	"context"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// Home is a room whose owner 王小明 may sell it, with everybody's phone bound.
type Home struct {
	T     *testing.T
	Db    *store.DB
	Clock *modelstest.Clock
	Room  estate.Room
	User  estate.User // of the owner
}

func NewHome(t *testing.T) *Home {
	t.Helper()
	h := &Home{T: t, Clock: modelstest.NewClock(modelstest.Start)}
	h.Db = modelstest.OpenAt(t, h.Clock.Now)
	h.Room = modelstest.Room(t, h.Db)
	h.User = modelstest.User(t, h.Db, h.Room)
	return h
}

// Owner is who owns the room on a day.
func (h *Home) Owner(on string) estate.Owner {
	h.T.Helper()
	list, err := estate.RoomOwners(h.Db.View(context.Background()), h.Room.ID, models.MustDate(on))
	if err != nil || len(list) != 1 {
		h.T.Fatalf("owners on %s: %v, %v", on, list, err)
	}
	return list[0]
}

// Bill is one of the owner of a day, for some days.
func (h *Home) Bill(owner estate.Owner, from, to string, with ...func(*fees.Bill)) fees.Bill {
	h.T.Helper()
	return modelstest.Bill(h.T, h.Db, h.Room, append([]func(*fees.Bill){func(b *fees.Bill) {
		b.OwnerID, b.PeriodStart, b.PeriodEnd = owner.ID, models.MustDate(from), models.MustDate(to)
		b.DueOn = b.PeriodStart + 14
	}}, with...)...)
}

func (h *Home) Request(on string, with ...func(*billing.TransferRequest)) billing.TransferRequest {
	req := billing.TransferRequest{
		RoomID: h.Room.ID, On: models.MustDate(on), Name: "李新", Phone: "13700000001", PrepaidTo: estate.PrepaidStays,
	}
	for _, f := range with {
		f(&req)
	}
	return req
}

func (h *Home) Transfer(on string, with ...func(*billing.TransferRequest)) estate.Transfer {
	h.T.Helper()
	done, err := billing.Transfer(context.Background(), h.Db, modelstest.Actor, h.Request(on, with...))
	if err != nil {
		h.T.Fatal(err)
	}
	h.Agree()
	return done
}

// Agree fails the test where the books do not agree.
func (h *Home) Agree() {
	h.T.Helper()
	found, err := proof.Check(h.Db.View(context.Background()))
	if err != nil || len(found) > 0 {
		h.T.Fatalf("books: %v, %v", found, err)
	}
}
