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

// Home is a room whose owner 王小明 may sell it. The phone numbers of all
// persons are bound.
type Home struct {
	T     *testing.T
	DB    *store.DB
	Clock *modelstest.Clock
	Room  estate.Room
	User  estate.User // the owner's
}

// NewHome returns a home on [modelstest.Start].
func NewHome(t *testing.T) *Home {
	t.Helper()
	h := &Home{T: t, Clock: modelstest.NewClock(modelstest.Start)}
	h.DB = modelstest.OpenAt(t, h.Clock.Now)
	h.Room = modelstest.Room(t, h.DB)
	h.User = modelstest.User(t, h.DB, h.Room)
	return h
}

// Owner returns the owner of the room on a day.
func (h *Home) Owner(on string) estate.Owner {
	h.T.Helper()
	list, err := estate.RoomOwners(h.DB.View(context.Background()), h.Room.ID, models.MustDate(on))
	if err != nil || len(list) != 1 {
		h.T.Fatalf("owners on %s: %v, %v", on, list, err)
	}
	return list[0]
}

// Bill adds a bill of an owner for some days. It is due 14 days after the first
// of them.
func (h *Home) Bill(owner estate.Owner, from, to string, with ...func(*fees.Bill)) fees.Bill {
	h.T.Helper()
	return modelstest.Bill(h.T, h.DB, h.Room, append([]func(*fees.Bill){func(b *fees.Bill) {
		b.OwnerID, b.PeriodStart, b.PeriodEnd = owner.ID, models.MustDate(from), models.MustDate(to)
		b.DueOn = b.PeriodStart + 14
	}}, with...)...)
}

// Request returns a request to transfer the room to 李新 on a day.
func (h *Home) Request(on string, with ...func(*billing.TransferRequest)) billing.TransferRequest {
	req := billing.TransferRequest{
		RoomID: h.Room.ID, On: models.MustDate(on), Name: "李新", Phone: "13700000001", PrepaidTo: estate.PrepaidStays,
	}
	for _, f := range with {
		f(&req)
	}
	return req
}

// Transfer transfers the room and checks the books.
func (h *Home) Transfer(on string, with ...func(*billing.TransferRequest)) estate.Transfer {
	h.T.Helper()
	done, err := billing.Transfer(context.Background(), h.DB, modelstest.Actor, h.Request(on, with...))
	if err != nil {
		h.T.Fatal(err)
	}
	h.CheckBooks()
	return done
}

// CheckBooks fails the test if an invariant of the books is violated.
func (h *Home) CheckBooks() {
	h.T.Helper()
	found, err := proof.Check(h.DB.View(context.Background()))
	if err != nil || len(found) > 0 {
		h.T.Fatalf("books: %v, %v", found, err)
	}
}
