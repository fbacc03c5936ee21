package billing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// historyOf returns the history of a room, newest first, as field old new reason by.
func historyOf(t *testing.T, db *store.DB, roomID string) []string {
	t.Helper()
	list, err := estate.RoomChanges(db.View(context.Background()), roomID, "", 100)
	billingtest.NoError(t, err)
	var out []string
	for _, c := range list {
		out = append(out, strings.Join([]string{c.Field, c.OldValue, c.NewValue, c.Reason, c.By.Name}, "|"))
	}
	return out
}

func edit(r estate.Room, change func(r *estate.Room)) billing.RoomEdit {
	q := billing.RoomEdit{Room: r, Seen: billing.RoomFingerprint(r), Reason: "实测面积"}
	change(&q.Room)
	return q
}

func TestRoomIsChangedWithHistory(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	ctx := context.Background()
	r := modelstest.Room(t, db, func(r *estate.Room) { r.Price, r.Steward = "2.35", "周楠" })
	bill := modelstest.Bill(t, db, r)
	made, err := billing.ChangeRoom(ctx, db, billingtest.Finance, edit(r, func(r *estate.Room) {
		r.Area, r.Price, r.Cycle, r.Steward, r.Code = " １００．５ ", "", fees.CycleYear, "陈静", "9-9-999"
	}))
	billingtest.NoError(t, err)
	if len(made) != 4 {
		t.Errorf("%+v", made)
	}
	now, err := estate.RoomByID(db.View(ctx), r.ID)
	billingtest.NoError(t, err)
	if now.Area != "100.50" || now.Price != "" || now.Cycle != fees.CycleYear || now.Steward != "陈静" || now.Code != r.Code {
		t.Errorf("%+v", now)
	}
	want := []string{"steward|周楠|陈静|实测面积|财务", "cycle||year|实测面积|财务", "price|2.35||实测面积|财务", "area|137.52|100.50|实测面积|财务"}
	if diff := cmp.Diff(want, historyOf(t, db, r.ID)); diff != "" {
		t.Error(diff)
	}
	if b, err := fees.BillByID(db.View(ctx), bill.ID); err != nil || b.PrincipalFen != bill.PrincipalFen || b.Basis != bill.Basis {
		t.Errorf("an issued bill was changed: %+v, %v", b, err)
	}
	audit, err := office.AuditEntries(db.View(ctx), office.AuditFilter{Subject: "room", SubjectID: r.ID, Limit: 5})
	if err != nil || len(audit) != 1 || !strings.Contains(audit[0].Detail, `"area":["137.52","100.50"]`) ||
		strings.Contains(audit[0].Detail, "周楠") {
		t.Errorf("%+v, %v", audit, err)
	}
}

func TestRoomIsNotChangedWrongly(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	ctx := context.Background()
	r := modelstest.Room(t, db)
	for name, tt := range map[string]struct {
		by     office.Staff
		change func(q *billing.RoomEdit)
		want   error
	}{
		"by a cashier":       {billingtest.Cashier, func(q *billing.RoomEdit) { q.Room.Area = "1" }, models.ErrForbidden},
		"by a steward":       {billingtest.Steward, func(q *billing.RoomEdit) { q.Room.Area = "1" }, models.ErrForbidden},
		"nothing":            {billingtest.Manager, func(*billing.RoomEdit) {}, billing.ErrRoomSame},
		"no reason":          {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.Area, q.Reason = "1", " " }, billing.ErrNoReason},
		"no area":            {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.Area = "" }, billing.ErrRoomArea},
		"an area of 0":       {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.Area = "0" }, billing.ErrRoomArea},
		"three decimals":     {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.Area = "1.234" }, billing.ErrRoomArea},
		"an area in words":   {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.Area = "一百" }, billing.ErrRoomArea},
		"a price in percent": {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.Price = "3%" }, billing.ErrRoomPrice},
		"a price below 0":    {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.Price = "-1" }, billing.ErrRoomPrice},
		"a cycle of a week":  {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.Cycle = "week" }, billing.ErrRoomCycle},
		"another state":      {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.Occupancy = "gone" }, billing.ErrRoomState},
		"a long kind": {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.Kind = strings.Repeat("房", 41) },
			billing.ErrRoomText},
		"handed over in 2091": {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.HandedOverOn = billingtest.Day("2091-01-01") },
			billing.ErrRoomHandover},
		"no room":    {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.ID = models.NewID() }, models.ErrNotFound},
		"seen older": {billingtest.Manager, func(q *billing.RoomEdit) { q.Room.Area, q.Seen = "1", "x" }, billing.ErrRoomMoved},
	} {
		q := edit(r, func(*estate.Room) {})
		tt.change(&q)
		if _, err := billing.ChangeRoom(ctx, db, tt.by, q); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if h := historyOf(t, db, r.ID); len(h) != 0 {
		t.Errorf("%v", h)
	}
}

// TestTwoPeopleDoNotOverwriteEachOther shows both the same room; the second is refused.
func TestTwoPeopleDoNotOverwriteEachOther(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	first := edit(r, func(r *estate.Room) { r.Area = "100" })
	second := edit(r, func(r *estate.Room) { r.Price = "3" })
	refused := make(chan error, 2)
	for _, q := range []billing.RoomEdit{first, second} {
		go func() {
			_, err := billing.ChangeRoom(context.Background(), db, billingtest.Manager, q)
			refused <- err
		}()
	}
	a, b := <-refused, <-refused
	if (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), billing.ErrRoomMoved) {
		t.Errorf("%v and %v", a, b)
	}
}

// TestHandoverMovesTheFirstTenure as a file does.
func TestHandoverMovesTheFirstTenure(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	room := h.Room
	was, err := estate.OwnerTenuresOfRooms(h.DB.View(context.Background()), []string{room.ID})
	billingtest.NoError(t, err)
	first := was[room.ID][0].FromOn
	modelstest.Write(t, h.DB, func(tx *store.Tx) error {
		_, err := tx.ExecGuarded("UPDATE rooms SET handed_over_on = ? WHERE id = ?", first, room.ID)
		return err
	})
	room, err = estate.RoomByID(h.DB.View(context.Background()), room.ID)
	billingtest.NoError(t, err)
	_, err = billing.ChangeRoom(context.Background(), h.DB, billingtest.Manager, edit(room, func(r *estate.Room) {
		r.HandedOverOn = billingtest.Day("2025-06-15")
	}))
	billingtest.NoError(t, err)
	now, err := estate.OwnerTenuresOfRooms(h.DB.View(context.Background()), []string{room.ID})
	if err != nil || now[room.ID][0].FromOn != billingtest.Day("2025-06-15") {
		t.Errorf("%+v, %v", now, err)
	}
}
