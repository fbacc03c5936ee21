package statement_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/billing/statement"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// account is a room whose years are played, with what each owner was shown every
// evening: what they owed with late fee, less the prepayment that was theirs.
type account struct {
	*rapid.T
	outer    *testing.T
	db       *store.DB
	clock    *modelstest.Clock
	room     estate.Room
	bills    []fees.Bill
	owners   []estate.Tenure // in the order in which they came
	evenings map[models.Date]map[string]models.Fen
}

func newAccount(outer *testing.T, t *rapid.T) *account {
	a := &account{
		T: t, outer: outer, clock: modelstest.NewClock(time.Date(2024, 1, 1, 10, 0, 0, 0, models.Shanghai)),
		evenings: map[models.Date]map[string]models.Fen{},
	}
	a.db = modelstest.OpenAt(outer, a.clock.Now)
	a.room = modelstest.Room(outer, a.db)
	a.reload()
	return a
}

// reload reads who owns and owned the room.
func (a *account) reload() {
	list, err := estate.TenuresOfRoom(a.db.View(context.Background()), a.room.ID)
	if err != nil {
		a.Fatal(err)
	}
	a.owners = nil
	for i := len(list) - 1; i >= 0; i-- {
		a.owners = append(a.owners, list[i])
	}
}

func (a *account) now() estate.Tenure { return a.owners[len(a.owners)-1] }

func sightOf(t estate.Tenure) estate.BillVisibility {
	return estate.BillVisibility{OwnerID: t.OwnerID, Role: estate.RoleOwner, UntilOn: t.ToOn}
}

// shown is what an owner is shown today, less the prepayment that is theirs.
func (a *account) shown(t estate.Tenure) models.Fen {
	view := a.db.View(context.Background())
	room, err := estate.RoomByID(view, a.room.ID)
	if err != nil {
		a.Fatal(err)
	}
	bound := estate.BoundRoom{Room: room, BillVisibility: sightOf(t)}
	arrears, err := billing.VisibleArrears(view, bound)
	if err != nil {
		a.Fatal(err)
	}
	return arrears.TotalFen - bound.PrepaidSeen(view.Today())
}

func (a *account) pass(days int) {
	for range days {
		evening := map[string]models.Fen{}
		for _, t := range a.owners {
			evening[t.OwnerID] = a.shown(t)
		}
		a.evenings[a.db.Today()] = evening
		a.clock.Advance(24 * time.Hour)
	}
}

func (a *account) must(err error) {
	if err != nil {
		a.Fatal(err)
	}
}

func (a *account) write(fn func(tx *store.Tx) error) { a.must(a.db.Write(context.Background(), fn)) }

// issue makes a bill of today, or one that comes late: for the first day of an
// owner of before.
func (a *account) issue() {
	owner, start := a.now(), a.db.Today()
	if first := a.owners[0]; len(a.owners) > 1 && rapid.Bool().Draw(a.T, "for the first owner") {
		owner, start = first, first.ToOn-400
	}
	b := fees.Bill{
		ID: models.NewID(), CommunityID: a.room.CommunityID, RoomID: a.room.ID, OwnerID: owner.OwnerID,
		Item: fmt.Sprintf("费项%d", len(a.bills)), PeriodStart: start, PeriodEnd: start, IssuedOn: a.db.Today(),
		DueOn: a.db.Today() + models.Date(rapid.IntRange(-5, 20).Draw(a.T, "due")), Status: fees.BillUnpaid,
		PrincipalFen: models.Fen(rapid.Int64Range(1, 100000).Draw(a.T, "principal")), Basis: "{}", Source: fees.SourceRun,
		CreatedAt: a.db.Now(), UpdatedAt: a.db.Now(),
	}
	b.SetLateRule(estate.DefaultLateRule())
	a.write(func(tx *store.Tx) error {
		b := b
		if _, err := fees.InsertBills(tx, []fees.Bill{b}, false); err != nil {
			return err
		}
		if err := money.Journal(tx, []money.JournalLine{{
			Kind: money.JournalIssue, Debit: money.AccountReceivable, Credit: money.AccountRevenue, AmountFen: b.PrincipalFen,
			CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID,
		}}); err != nil {
			return err
		}
		return billing.OffsetPrepaid(tx, &b)
	})
	a.bills = append(a.bills, b)
}

// bring imports an arrear of the owner of today, due long ago or soon. The evenings since
// it was due are told anew: it was owed then, with the late fee of each day.
func (a *account) bring() {
	due := a.db.Today() + models.Date(rapid.IntRange(-90, 10).Draw(a.T, "due"))
	b := fees.Bill{
		ID: models.NewID(), CommunityID: a.room.CommunityID, RoomID: a.room.ID, OwnerID: a.now().OwnerID,
		Item: fmt.Sprintf("旧费项%d", len(a.bills)), PeriodStart: due - 30, PeriodEnd: due, IssuedOn: min(due, a.db.Today()), DueOn: due,
		Status: fees.BillUnpaid, PrincipalFen: models.Fen(rapid.Int64Range(2, 100000).Draw(a.T, "principal")), Basis: "{}",
		Source: fees.SourceImport, CreatedAt: a.db.Now(), UpdatedAt: a.db.Now(),
	}
	if rapid.Bool().Draw(a.T, "part paid") {
		b.OpeningPaidFen, b.Status = b.PrincipalFen/2, fees.BillPartial
		b.PaidPrincipalFen = b.OpeningPaidFen
	}
	b.SetLateRule(estate.DefaultLateRule())
	a.write(func(tx *store.Tx) error {
		if _, err := fees.InsertBills(tx, []fees.Bill{b}, false); err != nil {
			return err
		}
		return money.Journal(tx, []money.JournalLine{{
			Kind: money.JournalOpening, Debit: money.AccountReceivable, Credit: money.AccountOpening, AmountFen: b.OutstandingFen(),
			CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID,
		}})
	})
	for day, evening := range a.evenings {
		if _, was := evening[b.OwnerID]; day < b.IssuedOn || !was {
			continue
		}
		late, err := calc.ComputeLateFee(estate.DefaultLateRule(), b.PrincipalFen, b.OutstandingFen(), b.DueOn, nil, day)
		a.must(err)
		evening[b.OwnerID] += b.OutstandingFen() + late.Accrued
	}
	a.bills = append(a.bills, b)
}

// pay brings money for one of the bills, of whichever owner; what it cannot take is prepaid.
func (a *account) pay() {
	if len(a.bills) == 0 {
		return
	}
	b := rapid.SampledFrom(a.bills).Draw(a.T, "bill")
	amount := models.Fen(rapid.Int64Range(1, int64(b.PrincipalFen)+2000).Draw(a.T, "amount"))
	payment := models.NewID()
	a.write(func(tx *store.Tx) error {
		left, err := billing.Apply(tx, billing.Money{
			PaymentID: payment, RoomID: a.room.ID, CommunityID: a.room.CommunityID, Debit: money.AccountWechat,
			Settlement:  rapid.SampledFrom([]string{estate.LateFeeFirst, estate.PrincipalFirst}).Draw(a.T, "policy"),
			EffectiveOn: tx.Today(),
		}, []billing.Portion{{BillID: b.ID, Amount: amount}})
		if err != nil || left == 0 {
			return err
		}
		return a.prepay(tx, left, payment)
	})
}

func (a *account) prepay(tx *store.Tx, amount models.Fen, payment string) error {
	if err := money.MovePrepaid(tx, a.room.ID, money.PrepaidTopup, amount, payment, ""); err != nil {
		return err
	}
	return money.Journal(tx,
		[]money.JournalLine{{Kind: money.JournalTopup, Debit: money.AccountWechat, Credit: money.AccountPrepaid, AmountFen: amount,
			CommunityID: a.room.CommunityID, RoomID: a.room.ID, PaymentID: payment}})
}

// adjust changes a bill otherwise than by money; what cannot be is refused.
func (a *account) adjust() {
	if len(a.bills) == 0 {
		return
	}
	b := rapid.SampledFrom(a.bills).Draw(a.T, "bill")
	x := billing.Adjustment{
		BillID: b.ID,
		Kind: rapid.SampledFrom([]string{fees.EntryWaiver, fees.EntryCorrection, fees.EntryDiscount, fees.EntryVoid}).Draw(a.T,
			"adjustment"),
		AmountFen: models.Fen(rapid.Int64Range(1, int64(b.PrincipalFen)*2).Draw(a.T, "amount")),
	}
	if x.Kind == fees.EntryWaiver {
		x.AmountFen = x.AmountFen%50 + 1
	}
	err := a.db.Write(context.Background(), func(tx *store.Tx) error { _, err := billing.Adjust(tx, billingtest.Approval, x); return err })
	if _, refused := models.AsError(err); err != nil && !refused {
		a.Fatal(err)
	}
}

func (a *account) transfer() {
	_, err := billing.Transfer(context.Background(), a.db, modelstest.Actor, billing.TransferRequest{
		RoomID: a.room.ID, On: a.db.Today(), Name: fmt.Sprintf("业主%d", len(a.owners)),
		PrepaidTo: rapid.SampledFrom([]string{estate.PrepaidStays, estate.PrepaidFormer}).Draw(a.T, "prepayment to"),
	})
	if err != nil && !errors.Is(err, billing.ErrTransferPaid) && !errors.Is(err, billing.ErrTransferDate) {
		a.Fatal(err)
	}
	a.reload()
}

// Whatever happens to a room, also where it changes hands: each owner's statement
// of any days ends with what they were shown on the evening of the last, and goes
// on where the one of the days before ended.
func TestStatementsEndWithWhatWasShown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a := newAccount(t, rt)
		defer a.db.Close()
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{
				"issue", "issue", "import", "pay", "pay", "prepay", "adjust", "adjust", "transfer",
			}).Draw(rt, "step") {
			case "issue":
				a.issue()
			case "import":
				a.bring()
			case "pay":
				a.pay()
			case "prepay":
				a.write(func(tx *store.Tx) error {
					return a.prepay(tx, models.Fen(rapid.Int64Range(1, 50000).Draw(rt, "prepayment")), models.NewID())
				})
			case "adjust":
				a.adjust()
			case "transfer":
				a.transfer()
			}
			a.pass(rapid.IntRange(0, 20).Draw(rt, "days"))
		}
		a.pass(1)
		a.compare()
	})
}

func (a *account) compare() {
	view := a.db.View(context.Background())
	first := models.MustDate("2023-12-01")
	days := slices.Sorted(maps.Keys(a.evenings))
	for range 6 {
		day := rapid.SampledFrom(days).Draw(a.T, "evening")
		for owner, want := range a.evenings[day] {
			t := a.owners[0]
			for _, x := range a.owners {
				if x.OwnerID == owner {
					t = x
				}
			}
			from := max(first, day-models.Date(rapid.IntRange(0, 60).Draw(a.T, "span")))
			s, err := statement.Of(view, a.room, sightOf(t), from, day)
			a.must(err)
			if s.ClosingFen != want {
				a.Fatalf("%s: the statement from %s closes with %s, shown was %s: %+v", day, from, s.ClosingFen, want, s)
			}
			before, err := statement.Of(view, a.room, sightOf(t), first-1, from-1)
			a.must(err)
			if before.BookedFen != s.OpeningFen {
				a.Fatalf("%s: opens with %s, the days before ended with %s", from, s.OpeningFen, before.BookedFen)
			}
			balance := s.OpeningFen
			for _, l := range s.Lines {
				if balance += l.ChargeFen - l.PaidFen; l.BalanceFen != balance || l.On < from || l.On > day ||
					l.ChargeFen < 0 || l.PaidFen < 0 {
					a.Fatalf("line %+v after %s", l, balance)
				}
			}
			if balance != s.BookedFen {
				a.Fatalf("the lines end with %s, booked is %s", balance, s.BookedFen)
			}
		}
	}
}

// TestStatementByTheFigures follows worked example 3 through an account: a bill of
// 1320.19, 500 paid after 30 days, 200 prepaid, and a bill that takes it.
func TestStatementByTheFigures(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	at := func(s string) { h.Clock.Set(models.MustDate(s).Start().Add(10 * time.Hour)) }
	owner := h.Owner("2026-01-01")
	at("2026-01-01")
	bill := h.Bill(owner, "2026-01-01", "2026-12-31", func(b *fees.Bill) {
		b.PrincipalFen, b.DueOn, b.CreatedAt = 132019, models.MustDate("2026-01-31"), h.DB.Now()
	})
	at("2026-03-02")
	pay := func(prepay models.Fen, portions ...billing.Portion) {
		id := models.NewID()
		modelstest.Write(t, h.DB, func(tx *store.Tx) error {
			m := billing.Money{
				PaymentID: id, RoomID: h.Room.ID, CommunityID: h.Room.CommunityID, Debit: money.AccountWechat,
				Settlement: estate.LateFeeFirst, EffectiveOn: tx.Today(),
			}
			if _, err := billing.Apply(tx, m, portions); err != nil || prepay == 0 {
				return err
			}
			if err := money.MovePrepaid(tx, h.Room.ID, money.PrepaidTopup, prepay, id, ""); err != nil {
				return err
			}
			return money.Journal(tx,
				[]money.JournalLine{{Kind: money.JournalTopup, Debit: money.AccountWechat, Credit: money.AccountPrepaid, AmountFen: prepay,
					CommunityID: h.Room.CommunityID, RoomID: h.Room.ID, PaymentID: id}})
		})
	}
	pay(20000, billing.Portion{BillID: bill.ID, Amount: 50000})
	at("2026-04-01")
	second := h.Bill(owner, "2026-04-01", "2026-04-30", func(b *fees.Bill) { b.CreatedAt = h.DB.Now() })
	modelstest.Write(t, h.DB, func(tx *store.Tx) error { return billing.OffsetPrepaid(tx, &second) })
	at("2026-04-15")
	view := h.DB.View(context.Background())
	s, err := statement.Of(view, h.Room, estate.BillVisibility{OwnerID: owner.ID, Role: estate.RoleOwner},
		models.MustDate("2026-02-01"), models.MustDate("2026-12-31"))
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		On, Kind                     string
		Charge, Paid, About, Balance models.Fen
	}
	var have []line
	for _, l := range s.Lines {
		have = append(have, line{
			On: l.On.String(), Kind: l.Kind, Charge: l.ChargeFen, Paid: l.PaidFen, About: l.AmountFen, Balance: l.BalanceFen,
		})
	}
	want := []line{
		{On: "2026-03-02", Kind: statement.LineLateFee, Charge: 11882, Paid: 0, About: 0, Balance: 143901},
		{On: "2026-03-02", Kind: statement.LinePayment, Charge: 0, Paid: 70000, About: 0, Balance: 73901},
		{On: "2026-04-01", Kind: statement.LineBill, Charge: 11002, Paid: 0, About: 0, Balance: 84903},
		{On: "2026-04-01", Kind: statement.LineOffset, Charge: 0, Paid: 0, About: 11002, Balance: 84903},
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
	// Opening 1320.19; as of 2026-04-15 939.01 of principal, 123.95 of late fee, and
	// 89.98 of prepayment are left.
	if s.OpeningFen != 132019 || s.BookedFen != 93901-8998 || s.LateDueFen != 12395 || s.ClosingFen != 93901-8998+12395 ||
		s.PrepaidFen != 8998 || s.To != models.MustDate("2026-04-15") {
		t.Errorf("%+v", s)
	}
	for _, bad := range [][2]string{{"2026-04-16", "2026-05-01"}, {"2026-03-02", "2026-03-01"}, {"2019-01-01", "2026-01-01"}} {
		if _, err := statement.Of(view, h.Room, estate.BillVisibility{OwnerID: owner.ID}, models.MustDate(bad[0]),
			models.MustDate(bad[1])); !errors.Is(err, statement.ErrSpan) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// A transfer divides the account: prepayment goes over on the day, each has their
// own bills.
func TestStatementsOfBothOwners(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	former := h.Owner("2026-01-01")
	h.Bill(former, "2026-01-01", "2026-01-31")
	modelstest.Write(t, h.DB, func(tx *store.Tx) error {
		if err := money.MovePrepaid(tx, h.Room.ID, money.PrepaidTopup, 5000, "p", ""); err != nil {
			return err
		}
		return money.Journal(tx,
			[]money.JournalLine{{Kind: money.JournalTopup, Debit: money.AccountWechat, Credit: money.AccountPrepaid, AmountFen: 5000,
				CommunityID: h.Room.CommunityID, RoomID: h.Room.ID, PaymentID: "p"}})
	})
	if _, err := billing.Transfer(context.Background(), h.DB, modelstest.Actor, h.Request("2026-03-20")); err != nil {
		t.Fatal(err)
	}
	h.Clock.Advance(10 * 24 * time.Hour)
	view := h.DB.View(context.Background())
	kinds := func(s statement.Statement) (out []string) {
		for _, l := range s.Lines {
			out = append(out, l.Kind)
		}
		return out
	}
	from, to := statement.Year(2026, view.Today())
	old, err := statement.Of(view, h.Room,
		estate.BillVisibility{OwnerID: former.ID, Role: estate.RoleOwner, UntilOn: models.MustDate("2026-03-19")}, from, to)
	if err != nil || !cmp.Equal(kinds(old), []string{statement.LineBill, statement.LinePayment, statement.LinePrepaidOut}) ||
		old.BookedFen != 11002 || old.PrepaidFen != 0 {
		t.Errorf("%v %+v %v", kinds(old), old, err)
	}
	buyer := h.Owner("2026-03-20")
	fresh, err := statement.Of(view, h.Room, estate.BillVisibility{OwnerID: buyer.ID, Role: estate.RoleOwner}, from, to)
	if err != nil || !cmp.Equal(kinds(fresh), []string{statement.LinePrepaidIn}) || fresh.ClosingFen != -5000 {
		t.Errorf("%v %+v %v", kinds(fresh), fresh, err)
	}
}

// Prepayment that stays with the former owner leaves their account on the day, and
// never shows in the new owner's; no bill takes it any more, and the books owe it.
func TestPrepaymentOwedToFormerOwner(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	former := h.Owner("2026-01-01")
	prepay := func(item string, amount models.Fen) {
		modelstest.Write(t, h.DB, func(tx *store.Tx) error {
			payment := models.NewID()
			if err := money.MovePrepaidOf(tx, h.Room.ID, item, money.PrepaidTopup, amount, payment, ""); err != nil {
				return err
			}
			return money.Journal(tx,
				[]money.JournalLine{{Kind: money.JournalTopup, Debit: money.AccountWechat, Credit: money.AccountPrepaid, AmountFen: amount,
					CommunityID: h.Room.CommunityID, RoomID: h.Room.ID, PaymentID: payment}})
		})
	}
	prepay("", 3000)
	prepay("水费", 2000)
	h.Clock.Advance(24 * time.Hour)
	prepay("", 100) // on the day itself it is the new owner's, until it is taken out
	done := h.Transfer("2026-03-16", func(r *billing.TransferRequest) { r.PrepaidTo = estate.PrepaidFormer })
	buyer := h.Owner("2026-03-16")
	bill := h.Bill(buyer, "2026-03-16", "2026-03-31", func(b *fees.Bill) { b.Item = "水费" })
	modelstest.Write(t, h.DB, func(tx *store.Tx) error { return billing.OffsetPrepaid(tx, &bill) })
	view := h.DB.View(context.Background())
	room, err := estate.RoomByID(view, h.Room.ID)
	if err != nil || done.PrepaidFen != 5100 || room.PrepaidFen != 0 || bill.Status != fees.BillUnpaid {
		t.Errorf("kept %d, in the room %d, bill %s, %v", done.PrepaidFen, room.PrepaidFen, bill.Status, err)
	}
	if owed, err := money.OwedToFormer(view, h.Room.ID); err != nil || owed != 5100 {
		t.Errorf("owed to the former owner: %d, %v", owed, err)
	}
	h.CheckBooks()
	from, to := statement.Year(2026, view.Today())
	for _, tt := range []struct {
		sight estate.BillVisibility
		kinds []string
	}{
		{estate.BillVisibility{OwnerID: former.ID, Role: estate.RoleOwner, UntilOn: models.MustDate("2026-03-15")},
			[]string{statement.LinePayment, statement.LinePayment, statement.LinePrepaidOut}},
		{
			estate.BillVisibility{OwnerID: buyer.ID, Role: estate.RoleOwner},
			[]string{statement.LinePayment, statement.LineBill, statement.LinePrepaidOut},
		},
	} {
		s, err := statement.Of(view, h.Room, tt.sight, from, to)
		var kinds []string
		for _, l := range s.Lines {
			kinds = append(kinds, l.Kind)
		}
		if err != nil || !cmp.Equal(kinds, tt.kinds) || s.PrepaidFen != 0 {
			t.Errorf("%v, %d, %v", kinds, s.PrepaidFen, err)
		}
	}
}
