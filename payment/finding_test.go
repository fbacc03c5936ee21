package payment_test

import (
	"sync"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

var (
	first  = models.Actor{Kind: models.ActorStaff, ID: "s1", Name: "甲"}
	second = models.Actor{Kind: models.ActorStaff, ID: "s2", Name: "乙"}
)

// strange is a day with money of orders that we do not know, 700 fen each.
func (w *world) strange(n int) (models.Date, []proof.Finding) {
	w.t.Helper()
	if err := w.box.SeedOrders(sandbox.Seed{Date: w.db.Today().String(), Prefix: "STRANGE", Count: n, TotalFen: 700}); err != nil {
		w.t.Fatal(err)
	}
	day := w.nextDay()
	w.reconcile(day)
	found := w.findings(day)
	if len(found) != n {
		w.t.Fatalf("findings %+v", found)
	}
	return day, found
}

func (w *world) finding(id string) proof.Finding {
	w.t.Helper()
	f, err := proof.FindingByID(w.db.View(bg), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

// Money of an order that we do not know: into a room's prepayment, by two persons,
// once, and a rerun changes nothing of it.
func TestFindingBookedAsSurplus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	day, found := w.strange(1)
	id := found[0].ID
	refused(t, w.pay.AskFinding(bg, first, id, proof.AskSurplus, h.room.ID, " "), payment.ErrNoReason)
	refused(t, w.pay.AskFinding(bg, first, id, proof.AskSurplus, "", "r"), payment.ErrFindingRoom)
	refused(t, w.pay.AskFinding(bg, first, id, "gift", "", "r"), payment.ErrFindingAction)
	refused(t, w.pay.AskFinding(bg, first, id, proof.AskSurplus, "nowhere", "r"), models.ErrNotFound)
	refused(t, w.pay.DecideFinding(bg, second, id, true), payment.ErrFindingDone)
	refused(t, w.pay.SettleFinding(bg, first, id), payment.ErrFindingAction)
	must(t, w.pay.AskFinding(bg, first, id, proof.AskSurplus, h.room.ID, "业主线下扫码"))
	refused(t, w.pay.AskFinding(bg, second, id, proof.AskSuspense, "", "r"), payment.ErrFindingDone)
	refused(t, w.pay.AcceptFinding(bg, second, id, "r"), payment.ErrFindingDone)
	refused(t, w.pay.DecideFinding(bg, first, id, true), billing.ErrSamePerson)
	refused(t, w.pay.DecideFinding(bg, models.SystemActor("x"), id, true), billing.ErrSamePerson)
	// Refused, asked again, approved by eight at once: booked once.
	must(t, w.pay.DecideFinding(bg, second, id, false))
	must(t, w.pay.AskFinding(bg, first, id, proof.AskSurplus, h.room.ID, "业主线下扫码"))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { _ = w.pay.DecideFinding(bg, second, id, true) })
	}
	all.Wait()
	f := w.finding(id)
	if f.Resolution != proof.ResolutionRoom || f.ResolvedBy != "乙" || f.AskedName != "甲" || f.Reason != "业主线下扫码" || h.prepaid() != 700 {
		t.Errorf("%+v, prepaid %d", f, h.prepaid())
	}
	refused(t, w.pay.DecideFinding(bg, second, id, true), payment.ErrFindingDone)
	refused(t, w.pay.AcceptFinding(bg, first, id, "r"), payment.ErrFindingDone)
	w.again(day, w.reconcile(day))
	w.clean()
}

// Into suspense, and from there to the room that it turns out to be for.
func TestFindingInSuspense(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	_, found := w.strange(1)
	must(t, w.pay.AskFinding(bg, first, found[0].ID, proof.AskSuspense, "", "不知是谁"))
	must(t, w.pay.DecideFinding(bg, second, found[0].ID, true))
	w.clean()
	b, err := proof.BookingOfFinding(w.db.View(bg), found[0].ID)
	if err != nil || !b.Suspended() || b.AmountFen != 700 {
		t.Fatalf("%+v, %v", b, err)
	}
	refused(t, w.pay.MoveFromSuspense(bg, second, b.ID), payment.ErrFindingDone)
	refused(t, w.pay.AskFromSuspense(bg, first, b.ID, "nowhere"), models.ErrNotFound)
	must(t, w.pay.AskFromSuspense(bg, first, b.ID, h.room.ID))
	refused(t, w.pay.AskFromSuspense(bg, second, b.ID, h.room.ID), payment.ErrFindingDone)
	refused(t, w.pay.MoveFromSuspense(bg, first, b.ID), billing.ErrSamePerson)
	must(t, w.pay.AskFromSuspense(bg, second, b.ID, "")) // thought better of
	must(t, w.pay.AskFromSuspense(bg, first, b.ID, h.room.ID))
	must(t, w.pay.MoveFromSuspense(bg, second, b.ID))
	refused(t, w.pay.MoveFromSuspense(bg, second, b.ID), payment.ErrFindingDone)
	refused(t, w.pay.AskFromSuspense(bg, first, b.ID, h.room.ID), payment.ErrFindingDone)
	if h.prepaid() != 700 {
		t.Errorf("prepaid %d", h.prepaid())
	}
	if n, sum, err := proof.SuspenseSum(w.db.View(bg)); n != 0 || sum != 0 || err != nil {
		t.Errorf("%d, %d in suspense, %v", n, sum, err)
	}
	w.clean()
}

// Staff ask WeChat once more: the bill was wrong, and WeChat's word agrees.
func TestFindingSettledByQuery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(3)
	kept, other := h.paid(0), h.paid(1)
	day := w.nextDay()
	w.editBill(tradeBill, func(rows [][]string) [][]string {
		var out [][]string
		for _, row := range rows {
			switch row[colTradeNo] {
			case kept.OutTradeNo: // lacks it
				continue
			case other.OutTradeNo:
				row[12], row[colTotal] = "129.48", "129.48"
			}
			out = append(out, row)
		}
		return out
	})
	w.reconcile(day)
	var only, amount proof.Finding
	for _, f := range w.findings(day) {
		switch f.Kind {
		case proof.FindingOnlyOurs:
			only = f
		case proof.FindingAmount:
			amount = f
		}
	}
	w.inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: sandbox.RouteQuery})
	refused(t, w.pay.SettleFinding(bg, first, only.ID), payment.ErrUnavailable)
	must(t, w.pay.SettleFinding(bg, first, only.ID))
	if f := w.finding(only.ID); f.Resolution != proof.ResolutionSettled || f.ResolvedBy != "甲" {
		t.Errorf("%+v", f)
	}
	refused(t, w.pay.SettleFinding(bg, first, only.ID), payment.ErrFindingDone)
	// The books changed behind the program's back do not agree by asking.
	w.exec("UPDATE payments SET amount_fen = amount_fen + 1 WHERE order_no = ?", other.OutTradeNo)
	refused(t, w.pay.SettleFinding(bg, first, amount.ID), payment.ErrFindingDiffers)
	w.exec("UPDATE payments SET amount_fen = amount_fen - 1 WHERE order_no = ?", other.OutTradeNo)
	// Money that is booked is not surplus.
	refused(t, w.pay.AskFinding(bg, first, amount.ID, proof.AskSuspense, "", "r"), proof.ErrFindingBooked)
	must(t, w.pay.SettleFinding(bg, first, amount.ID))
	w.agree()
}

// Finance signs a day off once its differences are dealt with; a rerun that finds
// the same changes nothing, one that finds something new opens the day again.
func TestSignOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	h.paid(0)
	refused(t, w.pay.SignOff(bg, first, "main", w.db.Today()-1), payment.ErrDayNotRun)
	day, found := w.strange(1)
	refused(t, w.pay.SignOff(bg, first, "main", day), payment.ErrDayOpen)
	must(t, w.pay.AcceptFinding(bg, first, found[0].ID, "线下收款码"))
	must(t, w.pay.SignOff(bg, first, "main", day))
	refused(t, w.pay.SignOff(bg, second, "main", day), payment.ErrDaySigned)
	if r := w.reconcile(day); !r.SignedOff {
		t.Error("the same again opened the day")
	}
	w.clean()
	w.exec("UPDATE payments SET transaction_id = 'T1' WHERE order_no IN (SELECT no FROM orders WHERE status = 'paid')")
	if r := w.reconcile(day); r.SignedOff {
		t.Error("still signed off with something new")
	}
	rows, err := proof.Reconciliations(w.db.View(bg), day, day)
	if err != nil || rows[0].Signed() || rows[0].ReopenedName != "甲" || rows[0].ReopenedAt.IsZero() {
		t.Errorf("%+v, %v", rows, err)
	}
	refused(t, w.pay.SignOff(bg, first, "main", day), payment.ErrDayOpen)
	// A bill that says other sums without a difference opens it as well.
	w.exec("UPDATE payments SET transaction_id = (SELECT transaction_id FROM orders WHERE no = order_no)")
	w.reconcile(day)
	must(t, w.pay.SignOff(bg, second, "main", day))
	w.editBill(fundFlow, func(rows [][]string) [][]string {
		drawn := append([]string(nil), rows[0]...)
		drawn[colFlowBusiness], drawn[colFlowType], drawn[colFlowDirection] = "W1", "提现", "支出"
		return append(rows, drawn)
	})
	if r := w.reconcile(day); r.SignedOff {
		t.Error("still signed off with other sums")
	}
}

// A rerun and a signature at once: no day is signed with an open finding.
func TestSignOffRacesRerun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	tr := h.paid(0)
	day := w.nextDay()
	w.reconcile(day)
	for i := range 6 {
		w.exec("UPDATE payments SET transaction_id = ? WHERE order_no = ?", "T"+string(rune('0'+i)), tr.OutTradeNo)
		var all sync.WaitGroup
		all.Go(func() { _ = w.pay.SignOff(bg, first, "main", day) })
		all.Go(func() {
			if _, err := w.pay.Reconcile(bg, day); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		w.exec("UPDATE payments SET transaction_id = ? WHERE order_no = ?", tr.TransactionID, tr.OutTradeNo)
		w.clean()
		w.reconcile(day)
	}
}

// Days that were missed are made up for; one whose bill cannot be had is left for
// later, and keeps neither the other days nor the other merchant waiting.
func TestCatchUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other"}} })
	h := w.home(3)
	var days []models.Date
	for i := range 3 {
		if i == 2 {
			w.exec("UPDATE communities SET merchant = 'other'")
		}
		h.paid(i, silent)
		days = append(days, w.nextDay())
	}
	must(t, w.box.SetBillState(days[1].String(), sandbox.BillCreating))
	// The lost callbacks: without them no payment says that there is a past.
	if _, err := w.pay.Reconcile(bg, days[0]); err != nil {
		t.Fatal(err)
	}
	n, err := w.pay.CatchUp(bg, w.db.Today())
	refused(t, err, payment.ErrBillCreating)
	if n != 2 { // the third day, of both merchants
		t.Errorf("%d days", n)
	}
	must(t, w.box.SetBillState(days[1].String(), sandbox.BillReady))
	if n, err := w.pay.CatchUp(bg, days[1]); n != 0 || err != nil {
		t.Errorf("%d days before the missing one, %v", n, err)
	}
	if n, err := w.pay.CatchUp(bg, w.db.Today()+9); n != 2 || err != nil {
		t.Errorf("%d days, %v", n, err)
	}
	if n, err := w.pay.CatchUp(bg, w.db.Today()); n != 0 || err != nil {
		t.Errorf("%d days again, %v", n, err)
	}
	w.agree()
}

// How long findings have been open, in bands of days.
func TestFindingAges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, found := w.strange(3)
	w.exec("UPDATE findings SET created_at = created_at - ? WHERE id = ?", 5*24*3600*1000, found[0].ID)
	w.exec("UPDATE findings SET created_at = created_at - ? WHERE id = ?", 40*24*3600*1000, found[1].ID)
	bands, err := proof.FindingAges(w.db.View(bg), 3, 8, 31)
	if err != nil || len(bands) != 4 || bands[0].Count != 1 || bands[1].Count != 1 || bands[1].From != 3 || bands[1].To != 7 || bands[2].Count != 0 || bands[3].SumFen != 700 || bands[3].To != 0 {
		t.Errorf("%+v, %v", bands, err)
	}
	must(t, w.pay.AcceptFinding(bg, first, found[1].ID, "r"))
	open, err := proof.FindingPage(w.db.View(bg), proof.FindingFilter{Open: true, Limit: 10})
	if err != nil || len(open) != 2 {
		t.Errorf("%+v, %v", open, err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
