package billing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// topUp puts money into the room's prepayment for an item, with its payment and its
// line in the journal.
func topUp(tx *store.Tx, r estate.Room, item string, amount models.Fen) error {
	p := money.Payment{ID: models.NewID(), Channel: money.ChannelWechat, CommunityID: r.CommunityID, RoomID: r.ID, AmountFen: amount,
		Source: money.LearnedByCallback, PaidAt: tx.Now, PaidOn: tx.Today(), BookedAt: tx.Now}
	if err := money.MovePrepaidOf(tx, r.ID, item, money.PrepaidTopup, amount, p.ID, ""); err != nil {
		return err
	}
	return money.Journal(tx,
		[]money.JournalLine{{Kind: money.JournalTopup, Debit: money.AccountWechat, Credit: money.AccountPrepaid, AmountFen: amount,
			CommunityID: r.CommunityID, RoomID: r.ID, PaymentID: p.ID}})
}

// balances are a room's balances by item; zero ones are missing.
func balances(t testing.TB, db *store.DB, r estate.Room) map[string]models.Fen {
	t.Helper()
	list, err := money.PrepaidBalances(db.View(context.Background()), []string{r.ID})
	billingtest.NoError(t, err)
	out := map[string]models.Fen{}
	for _, b := range list[r.ID] {
		out[b.Item] = b.AmountFen
	}
	return out
}

// newBill issues a bill of an item today and lets prepayment settle it.
func newBill(tx *store.Tx, r estate.Room, item string, principal models.Fen, on models.Date) (fees.Bill, error) {
	b := fees.Bill{
		ID: models.NewID(), CommunityID: r.CommunityID, RoomID: r.ID, Item: item, PeriodStart: on, PeriodEnd: on, IssuedOn: tx.Today(),
		DueOn: tx.Today() + 15, Status: fees.BillUnpaid, PrincipalFen: principal, Basis: `{"kind":"fixed"}`, Source: fees.SourceRun,
		CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	b.SetLateRule(estate.DefaultLateRule())
	if _, err := fees.InsertBills(tx, []fees.Bill{b}, false); err != nil {
		return b, err
	}
	if err := money.Journal(tx, []money.JournalLine{{Kind: money.JournalIssue, Debit: money.AccountReceivable, Credit: money.AccountRevenue,
		AmountFen: principal, CommunityID: r.CommunityID, RoomID: r.ID, BillID: b.ID}}); err != nil {
		return b, err
	}
	return b, billing.OffsetPrepaid(tx, &b)
}

// The item's own prepayment goes first, then the general one; that of another item
// is not touched.
func TestPrepaymentOfTheItemGoesFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		principal models.Fen
		paid      models.Fen
		want      map[string]models.Fen
	}{
		{"less than the item has", 1500, 1500, map[string]models.Fen{"": 1000, "水费": 500, "电费": 3000}},
		{"the item and some of the general", 2700, 2700, map[string]models.Fen{"": 300, "电费": 3000}},
		{"more than both", 5000, 3000, map[string]models.Fen{"电费": 3000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			room := modelstest.Room(t, db)
			modelstest.Write(t, db, func(tx *store.Tx) error {
				err := errors.Join(topUp(tx, room, "", 1000), topUp(tx, room, "水费", 2000), topUp(tx, room, "电费", 3000))
				if err != nil {
					return err
				}
				b, err := newBill(tx, room, "水费", c.principal, tx.Today())
				if b.PaidPrincipalFen != c.paid {
					t.Errorf("%d paid, want %d", b.PaidPrincipalFen, c.paid)
				}
				return err
			})
			if diff := cmp.Diff(c.want, balances(t, db, room)); diff != "" {
				t.Errorf("balances wanted (-), had (+):\n%s", diff)
			}
		})
	}
}

func TestMovePrepaymentRefuses(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return errors.Join(topUp(tx, room, "", 1000), topUp(tx, room, "水费", 500))
	})
	for _, c := range []struct {
		name   string
		x      billing.PrepaidTransfer
		scope  office.Scope
		refuse error
	}{
		{
			"more than there is",
			billing.PrepaidTransfer{FromItem: "", ToItem: "水费", AmountFen: 1001, Reason: "x"}, office.AllRooms(), money.ErrPrepaidShort,
		},
		{
			"from an item without any",
			billing.PrepaidTransfer{FromItem: "电费", ToItem: "水费", AmountFen: 1, Reason: "x"}, office.AllRooms(), money.ErrPrepaidShort,
		},
		{
			"to an item the room does not have",
			billing.PrepaidTransfer{ToItem: "游泳费", AmountFen: 1, Reason: "x"}, office.AllRooms(), billing.ErrPrepayItem,
		},
		{
			"to itself",
			billing.PrepaidTransfer{FromItem: "水费", ToItem: "水费", AmountFen: 1, Reason: "x"}, office.AllRooms(), billing.ErrPrepayMove,
		},
		{"nothing", billing.PrepaidTransfer{ToItem: "水费", Reason: "x"}, office.AllRooms(), billing.ErrPrepayMove},
		{"without a reason", billing.PrepaidTransfer{ToItem: "水费", AmountFen: 1}, office.AllRooms(), billing.ErrMoveReason},
		{
			"by a steward of other rooms",
			billing.PrepaidTransfer{ToItem: "水费", AmountFen: 1, Reason: "x"},
			office.Scope{}, models.ErrNotFound,
		},
	} {
		c.x.RoomID = room.ID
		err := db.Write(context.Background(), func(tx *store.Tx) error { return billing.MovePrepaid(tx, modelstest.Actor, c.scope, c.x) })
		if !errors.Is(err, c.refuse) {
			t.Errorf("%s: %v, want %v", c.name, err, c.refuse)
		}
	}
	if diff := cmp.Diff(map[string]models.Fen{"": 1000, "水费": 500}, balances(t, db, room)); diff != "" {
		t.Errorf("a refused move changed the balances:\n%s", diff)
	}
}

// Whatever happens, no balance falls below zero, and every fen that came in is in a
// balance or in a bill.
func TestPrepaymentIsNeverLost(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	items := []string{"", "水费", "电费"}
	rapid.Check(t, func(rt *rapid.T) {
		room := modelstest.Room(t, db)
		want := map[string]models.Fen{}
		var in, spent models.Fen
		for n := range rapid.IntRange(1, 12).Draw(rt, "steps") {
			amount := models.Fen(rapid.Int64Range(1, 3000).Draw(rt, "amount"))
			item := rapid.SampledFrom(items).Draw(rt, "item")
			switch rapid.SampledFrom([]string{"topup", "move", "bill"}).Draw(rt, "step") {
			case "topup":
				modelstest.Write(t, db, func(tx *store.Tx) error { return topUp(tx, room, item, amount) })
				in, want[item] = in+amount, want[item]+amount
			case "move":
				to := rapid.SampledFrom(items).Draw(rt, "to")
				err := db.Write(context.Background(), func(tx *store.Tx) error {
					return billing.MovePrepaid(tx, modelstest.Actor, office.AllRooms(), billing.PrepaidTransfer{
						RoomID: room.ID, FromItem: item, ToItem: to, AmountFen: amount, Reason: "x",
					})
				})
				if err == nil {
					want[item], want[to] = want[item]-amount, want[to]+amount
				}
			case "bill":
				if item == "" {
					continue
				}
				var b fees.Bill
				modelstest.Write(t, db, func(tx *store.Tx) (err error) {
					b, err = newBill(tx, room, item, amount, tx.Today()+models.Date(n))
					return err
				})
				own := want[item].Min(amount)
				general := want[""].Min(amount - own)
				if b.PaidPrincipalFen != own+general {
					rt.Fatalf("%d of %d paid, want %d and %d", b.PaidPrincipalFen, amount, own, general)
				}
				want[item], want[""], spent = want[item]-own, want[""]-general, spent+own+general
			}
			holdBalances(rt, db, room, want, in-spent)
		}
	})
	for _, v := range violationsBut(t, db, "a payment") { // no payments were made for these top-ups
		t.Error(v)
	}
}

func holdBalances(rt *rapid.T, db *store.DB, room estate.Room, want map[string]models.Fen, total models.Fen) {
	tx := db.View(context.Background())
	r, err := estate.RoomByID(tx, room.ID)
	if err != nil {
		rt.Fatal(err)
	}
	list, err := money.PrepaidBalances(tx, []string{room.ID})
	if err != nil {
		rt.Fatal(err)
	}
	var sum models.Fen
	for _, b := range list[room.ID] {
		sum += b.AmountFen
		if b.AmountFen != want[b.Item] || b.AmountFen < 0 {
			rt.Fatalf("balance of %q is %d, want %d", b.Item, b.AmountFen, want[b.Item])
		}
	}
	if r.PrepaidFen != total || sum != total {
		rt.Fatalf("the room has %d, its balances %d, want %d", r.PrepaidFen, sum, total)
	}
}

// violationsBut proves the books, leaving rules about something out.
func violationsBut(t testing.TB, db *store.DB, prefix string) (out []proof.Violation) {
	t.Helper()
	list, err := proof.Check(db.View(context.Background()))
	billingtest.NoError(t, err)
	for _, v := range list {
		if len(v.Rule) < len(prefix) || v.Rule[:len(prefix)] != prefix {
			out = append(out, v)
		}
	}
	return out
}

// Rooms that prepaid and whose balance does not cover the next bill of each item.
func TestShortPrepayments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		general  models.Fen
		own      models.Fen // for 水费
		bills    map[string]models.Fen
		missing  models.Fen
		spendFor models.Fen
	}{
		{name: "covered by the item", general: 0, own: 3000, bills: map[string]models.Fen{"水费": 3000}, missing: 0, spendFor: 0},
		{name: "covered by both", general: 1000, own: 2000, bills: map[string]models.Fen{"水费": 3000}, missing: 0, spendFor: 0},
		{name: "a fen short", general: 999, own: 2000, bills: map[string]models.Fen{"水费": 3000}, missing: 1, spendFor: 2999},
		{
			name: "the item's own is for nothing else", general: 0, own: 9000, bills: map[string]models.Fen{"水费": 3000, "电费": 2000},
			missing: 2000, spendFor: 9000,
		},
		{
			name: "general is for all", general: 4000, own: 1000, bills: map[string]models.Fen{"水费": 3000, "电费": 2000}, missing: 0,
			spendFor: 0,
		},
		{name: "nothing billed yet", general: 1, own: 0, bills: nil, missing: 0, spendFor: 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			room, never := modelstest.Room(t, db), modelstest.Room(t, db)
			for item, principal := range c.bills {
				for _, r := range []estate.Room{room, never} {
					modelstest.Bill(t, db, r, func(b *fees.Bill) { // an older and higher one says nothing
						b.Item, b.PrincipalFen, b.PeriodStart, b.PeriodEnd = item, 99999,
							billingtest.Day("2025-11-01"), billingtest.Day("2025-11-30")
					})
					modelstest.Bill(t, db, r, func(b *fees.Bill) {
						b.Item, b.PrincipalFen, b.PeriodStart, b.PeriodEnd = item, principal,
							billingtest.Day("2026-02-01"), billingtest.Day("2026-02-28")
					})
				}
			}
			modelstest.Write(t, db, func(tx *store.Tx) error {
				for item, amount := range map[string]models.Fen{"": c.general, "水费": c.own} {
					if amount > 0 {
						if err := topUp(tx, room, item, amount); err != nil {
							return err
						}
					}
				}
				return nil
			})
			list, err := billing.ShortPrepayments(db.View(context.Background()), []string{room.ID, never.ID})
			billingtest.NoError(t, err)
			switch {
			case c.missing == 0 && len(list) != 0:
				t.Errorf("reminded for nothing: %+v", list)
			case c.missing > 0 && (len(list) != 1 || list[0].RoomID != room.ID || list[0].MissingFen != c.missing ||
				list[0].BalanceFen != c.spendFor):
				t.Errorf("%+v, want %d missing of room %s", list, c.missing, room.ID)
			}
		})
	}
}
