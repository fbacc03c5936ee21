package reconcile_test

import (
	"sync"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/reconcile"
	"wuyepay/sandbox"
)

var (
	first  = models.Actor{Kind: models.ActorStaff, ID: "s1", Name: "甲"}
	second = models.Actor{Kind: models.ActorStaff, ID: "s2", Name: "乙"}
)

// strange is a day with money of orders that we do not know, 700 fen each.
func strange(w *paymenttest.World, n int) (models.Date, []proof.Finding) {
	w.T.Helper()
	if err := w.Box.SeedOrders(sandbox.Seed{Date: w.Db.Today().String(), Prefix: "STRANGE", Count: n, TotalFen: 700}); err != nil {
		w.T.Fatal(err)
	}
	day := w.NextDay()
	w.Reconcile(day)
	found := w.Findings(day)
	if len(found) != n {
		w.T.Fatalf("findings %+v", found)
	}
	return day, found
}

func finding(w *paymenttest.World, id string) proof.Finding {
	w.T.Helper()
	f, err := proof.FindingByID(w.Db.View(paymenttest.Bg), id)
	if err != nil {
		w.T.Fatal(err)
	}
	return f
}

// Money of an order that we do not know: into a room's prepayment, by two persons,
// once, and a rerun changes nothing of it.
func TestFindingBookedAsSurplus(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	day, found := strange(w, 1)
	id := found[0].ID
	paymenttest.Refused(t, reconcile.AskFinding(paymenttest.Bg, w.Pay, first, id, proof.AskSurplus, h.Room.ID, " "), payment.ErrNoReason)
	paymenttest.Refused(t, reconcile.AskFinding(paymenttest.Bg, w.Pay, first, id, proof.AskSurplus, "", "r"), reconcile.ErrFindingRoom)
	paymenttest.Refused(t, reconcile.AskFinding(paymenttest.Bg, w.Pay, first, id, "gift", "", "r"), reconcile.ErrFindingAction)
	paymenttest.Refused(t, reconcile.AskFinding(paymenttest.Bg, w.Pay, first, id, proof.AskSurplus, "nowhere", "r"), models.ErrNotFound)
	paymenttest.Refused(t, reconcile.DecideFinding(paymenttest.Bg, w.Pay, second, id, true), reconcile.ErrFindingDone)
	paymenttest.Refused(t, reconcile.SettleFinding(paymenttest.Bg, w.Pay, first, id), reconcile.ErrFindingAction)
	paymenttest.Must(t, reconcile.AskFinding(paymenttest.Bg, w.Pay, first, id, proof.AskSurplus, h.Room.ID, "业主线下扫码"))
	paymenttest.Refused(t, reconcile.AskFinding(paymenttest.Bg, w.Pay, second, id, proof.AskSuspense, "", "r"), reconcile.ErrFindingDone)
	paymenttest.Refused(t, reconcile.AcceptFinding(paymenttest.Bg, w.Pay, second, id, "r"), reconcile.ErrFindingDone)
	paymenttest.Refused(t, reconcile.DecideFinding(paymenttest.Bg, w.Pay, first, id, true), billing.ErrSamePerson)
	paymenttest.Refused(t, reconcile.DecideFinding(paymenttest.Bg, w.Pay, models.SystemActor("x"), id, true), billing.ErrSamePerson)
	// Refused, asked again, approved by eight at once: booked once.
	paymenttest.Must(t, reconcile.DecideFinding(paymenttest.Bg, w.Pay, second, id, false))
	paymenttest.Must(t, reconcile.AskFinding(paymenttest.Bg, w.Pay, first, id, proof.AskSurplus, h.Room.ID, "业主线下扫码"))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { _ = reconcile.DecideFinding(paymenttest.Bg, w.Pay, second, id, true) })
	}
	all.Wait()
	f := finding(w, id)
	if f.Resolution != proof.ResolutionRoom || f.ResolvedBy != "乙" || f.AskedName != "甲" || f.Reason != "业主线下扫码" || h.Prepaid() != 700 {
		t.Errorf("%+v, prepaid %d", f, h.Prepaid())
	}
	paymenttest.Refused(t, reconcile.DecideFinding(paymenttest.Bg, w.Pay, second, id, true), reconcile.ErrFindingDone)
	paymenttest.Refused(t, reconcile.AcceptFinding(paymenttest.Bg, w.Pay, first, id, "r"), reconcile.ErrFindingDone)
	w.Again(day, w.Reconcile(day))
	w.Clean()
}

// Into suspense, and from there to the room that it turns out to be for.
func TestFindingInSuspense(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	_, found := strange(w, 1)
	paymenttest.Must(t, reconcile.AskFinding(paymenttest.Bg, w.Pay, first, found[0].ID, proof.AskSuspense, "", "不知是谁"))
	paymenttest.Must(t, reconcile.DecideFinding(paymenttest.Bg, w.Pay, second, found[0].ID, true))
	w.Clean()
	b, err := proof.BookingOfFinding(w.Db.View(paymenttest.Bg), found[0].ID)
	if err != nil || !b.Suspended() || b.AmountFen != 700 {
		t.Fatalf("%+v, %v", b, err)
	}
	paymenttest.Refused(t, reconcile.MoveFromSuspense(paymenttest.Bg, w.Pay, second, b.ID), reconcile.ErrFindingDone)
	paymenttest.Refused(t, reconcile.AskFromSuspense(paymenttest.Bg, w.Pay, first, b.ID, "nowhere"), models.ErrNotFound)
	paymenttest.Must(t, reconcile.AskFromSuspense(paymenttest.Bg, w.Pay, first, b.ID, h.Room.ID))
	paymenttest.Refused(t, reconcile.AskFromSuspense(paymenttest.Bg, w.Pay, second, b.ID, h.Room.ID), reconcile.ErrFindingDone)
	paymenttest.Refused(t, reconcile.MoveFromSuspense(paymenttest.Bg, w.Pay, first, b.ID), billing.ErrSamePerson)
	paymenttest.Must(t, reconcile.AskFromSuspense(paymenttest.Bg, w.Pay, second, b.ID, "")) // thought better of
	paymenttest.Must(t, reconcile.AskFromSuspense(paymenttest.Bg, w.Pay, first, b.ID, h.Room.ID))
	paymenttest.Must(t, reconcile.MoveFromSuspense(paymenttest.Bg, w.Pay, second, b.ID))
	paymenttest.Refused(t, reconcile.MoveFromSuspense(paymenttest.Bg, w.Pay, second, b.ID), reconcile.ErrFindingDone)
	paymenttest.Refused(t, reconcile.AskFromSuspense(paymenttest.Bg, w.Pay, first, b.ID, h.Room.ID), reconcile.ErrFindingDone)
	if h.Prepaid() != 700 {
		t.Errorf("prepaid %d", h.Prepaid())
	}
	if n, sum, err := proof.SuspenseSum(w.Db.View(paymenttest.Bg)); n != 0 || sum != 0 || err != nil {
		t.Errorf("%d, %d in suspense, %v", n, sum, err)
	}
	w.Clean()
}

// Staff ask WeChat once more: the bill was wrong, and WeChat's word agrees.
func TestFindingSettledByQuery(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(3)
	kept, other := h.Paid(0), h.Paid(1)
	day := w.NextDay()
	editBill(w, tradeBill, func(rows [][]string) [][]string {
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
	w.Reconcile(day)
	var only, amount proof.Finding
	for _, f := range w.Findings(day) {
		switch f.Kind {
		case proof.FindingOnlyOurs:
			only = f
		case proof.FindingAmount:
			amount = f
		}
	}
	w.Inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: sandbox.RouteQuery})
	paymenttest.Refused(t, reconcile.SettleFinding(paymenttest.Bg, w.Pay, first, only.ID), payment.ErrUnavailable)
	paymenttest.Must(t, reconcile.SettleFinding(paymenttest.Bg, w.Pay, first, only.ID))
	if f := finding(w, only.ID); f.Resolution != proof.ResolutionSettled || f.ResolvedBy != "甲" {
		t.Errorf("%+v", f)
	}
	paymenttest.Refused(t, reconcile.SettleFinding(paymenttest.Bg, w.Pay, first, only.ID), reconcile.ErrFindingDone)
	// The books changed behind the program's back do not agree by asking.
	w.Exec("UPDATE payments SET amount_fen = amount_fen + 1 WHERE order_no = ?", other.OutTradeNo)
	paymenttest.Refused(t, reconcile.SettleFinding(paymenttest.Bg, w.Pay, first, amount.ID), reconcile.ErrFindingDiffers)
	w.Exec("UPDATE payments SET amount_fen = amount_fen - 1 WHERE order_no = ?", other.OutTradeNo)
	// Money that is booked is not surplus.
	paymenttest.Refused(t, reconcile.AskFinding(paymenttest.Bg, w.Pay, first, amount.ID, proof.AskSuspense,
		"", "r"), proof.ErrFindingBooked)
	paymenttest.Must(t, reconcile.SettleFinding(paymenttest.Bg, w.Pay, first, amount.ID))
	w.Agree()
}

// Finance signs a day off once its differences are dealt with; a rerun that finds
// the same changes nothing, one that finds something new opens the day again.
func TestSignOff(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	h.Paid(0)
	paymenttest.Refused(t, reconcile.SignOff(paymenttest.Bg, w.Pay, first, "main", w.Db.Today()-1), reconcile.ErrDayNotRun)
	day, found := strange(w, 1)
	paymenttest.Refused(t, reconcile.SignOff(paymenttest.Bg, w.Pay, first, "main", day), reconcile.ErrDayOpen)
	paymenttest.Must(t, reconcile.AcceptFinding(paymenttest.Bg, w.Pay, first, found[0].ID, "线下收款码"))
	paymenttest.Must(t, reconcile.SignOff(paymenttest.Bg, w.Pay, first, "main", day))
	paymenttest.Refused(t, reconcile.SignOff(paymenttest.Bg, w.Pay, second, "main", day), reconcile.ErrDaySigned)
	if r := w.Reconcile(day); !r.SignedOff {
		t.Error("the same again opened the day")
	}
	w.Clean()
	w.Exec("UPDATE payments SET transaction_id = 'T1' WHERE order_no IN (SELECT no FROM orders WHERE status = 'paid')")
	if r := w.Reconcile(day); r.SignedOff {
		t.Error("still signed off with something new")
	}
	rows, err := proof.Reconciliations(w.Db.View(paymenttest.Bg), day, day)
	if err != nil || rows[0].Signed() || rows[0].ReopenedName != "甲" || rows[0].ReopenedAt.IsZero() {
		t.Errorf("%+v, %v", rows, err)
	}
	paymenttest.Refused(t, reconcile.SignOff(paymenttest.Bg, w.Pay, first, "main", day), reconcile.ErrDayOpen)
	// A bill that says other sums without a difference opens it as well.
	w.Exec("UPDATE payments SET transaction_id = (SELECT transaction_id FROM orders WHERE no = order_no)")
	w.Reconcile(day)
	paymenttest.Must(t, reconcile.SignOff(paymenttest.Bg, w.Pay, second, "main", day))
	editBill(w, fundFlow, func(rows [][]string) [][]string {
		drawn := append([]string(nil), rows[0]...)
		drawn[colFlowBusiness], drawn[colFlowType], drawn[colFlowDirection] = "W1", "提现", "支出"
		return append(rows, drawn)
	})
	if r := w.Reconcile(day); r.SignedOff {
		t.Error("still signed off with other sums")
	}
}

// A rerun and a signature at once: no day is signed with an open finding.
func TestSignOffRacesRerun(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	tr := h.Paid(0)
	day := w.NextDay()
	w.Reconcile(day)
	for i := range 6 {
		w.Exec("UPDATE payments SET transaction_id = ? WHERE order_no = ?", "T"+string(rune('0'+i)), tr.OutTradeNo)
		var all sync.WaitGroup
		all.Go(func() { _ = reconcile.SignOff(paymenttest.Bg, w.Pay, first, "main", day) })
		all.Go(func() {
			if _, err := reconcile.Run(paymenttest.Bg, w.Pay, day); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		w.Exec("UPDATE payments SET transaction_id = ? WHERE order_no = ?", tr.TransactionID, tr.OutTradeNo)
		w.Clean()
		w.Reconcile(day)
	}
}

// Days that were missed are made up for; one whose bill cannot be had is left for
// later, and keeps neither the other days nor the other merchant waiting.
func TestCatchUp(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other"}} })
	h := w.Home(3)
	var days []models.Date
	for i := range 3 {
		if i == 2 {
			w.Exec("UPDATE communities SET merchant = 'other'")
		}
		h.Paid(i, paymenttest.Silent)
		days = append(days, w.NextDay())
	}
	paymenttest.Must(t, w.Box.SetBillState(days[1].String(), sandbox.BillCreating))
	// The lost callbacks: without them no payment says that there is a past.
	if _, err := reconcile.Run(paymenttest.Bg, w.Pay, days[0]); err != nil {
		t.Fatal(err)
	}
	n, err := reconcile.CatchUp(paymenttest.Bg, w.Pay, w.Db.Today())
	paymenttest.Refused(t, err, payment.ErrBillCreating)
	if n != 2 { // the third day, of both merchants
		t.Errorf("%d days", n)
	}
	paymenttest.Must(t, w.Box.SetBillState(days[1].String(), sandbox.BillReady))
	if n, err := reconcile.CatchUp(paymenttest.Bg, w.Pay, days[1]); n != 0 || err != nil {
		t.Errorf("%d days before the missing one, %v", n, err)
	}
	if n, err := reconcile.CatchUp(paymenttest.Bg, w.Pay, w.Db.Today()+9); n != 2 || err != nil {
		t.Errorf("%d days, %v", n, err)
	}
	if n, err := reconcile.CatchUp(paymenttest.Bg, w.Pay, w.Db.Today()); n != 0 || err != nil {
		t.Errorf("%d days again, %v", n, err)
	}
	w.Agree()
}

// How long findings have been open, in bands of days.
func TestFindingAges(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	_, found := strange(w, 3)
	w.Exec("UPDATE findings SET created_at = created_at - ? WHERE id = ?", 5*24*3600*1000, found[0].ID)
	w.Exec("UPDATE findings SET created_at = created_at - ? WHERE id = ?", 40*24*3600*1000, found[1].ID)
	bands, err := proof.FindingAges(w.Db.View(paymenttest.Bg), 3, 8, 31)
	if err != nil || len(bands) != 4 || bands[0].Count != 1 || bands[1].Count != 1 || bands[1].From != 3 || bands[1].To != 7 ||
		bands[2].Count != 0 || bands[3].SumFen != 700 || bands[3].To != 0 {
		t.Errorf("%+v, %v", bands, err)
	}
	paymenttest.Must(t, reconcile.AcceptFinding(paymenttest.Bg, w.Pay, first, found[1].ID, "r"))
	open, err := proof.FindingPage(w.Db.View(paymenttest.Bg), proof.FindingFilter{Open: true, Limit: 10})
	if err != nil || len(open) != 2 {
		t.Errorf("%+v, %v", open, err)
	}
}
