package payment_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// evidence returns what is kept, oldest first, with its bodies.
func evidence(w *paymenttest.World, f proof.EvidenceFilter) (out []payment.VerifiedEvidence) {
	w.T.Helper()
	if err := w.Pay.FlushEvidence(paymenttest.Bg); err != nil {
		w.T.Fatal(err)
	}
	f.Limit = 1000
	list, err := proof.EvidencePage(w.Db.View(paymenttest.Bg), f)
	if err != nil {
		w.T.Fatal(err)
	}
	for i := len(list) - 1; i >= 0; i-- {
		e, err := proof.EvidenceByID(w.Db.View(paymenttest.Bg), list[i].ID)
		if err != nil {
			w.T.Fatal(err)
		}
		out = append(out, w.Pay.VerifyEvidence(paymenttest.Bg, e))
	}
	return out
}

// verdicts is the evidence in few words.
func verdicts(list []payment.VerifiedEvidence) string {
	words := make([]string, len(list))
	for i, e := range list {
		words[i] = e.Kind + ":" + e.Verdict
	}
	return strings.Join(words, " ")
}

// The life of an order leaves its evidence, each piece with a signature that can be
// checked again and a content that hides the payer.
func TestEvidenceOfAnOrder(t *testing.T) {
	t.Parallel()
	for _, mode := range []sandbox.Mode{sandbox.ModePublicKey, sandbox.ModeCertificate} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Merchants = []sandbox.Merchant{{Name: "main", Mode: mode}} })
			h := w.Home(1)
			c := h.Order(0, 0)
			no := c.Order.No
			w.PaysAtWechat(no)
			w.Drain()
			call := w.Callbacks()[0]
			for range 2 {
				w.Tell(paymenttest.Bg, w.Pay, call)
			}
			list := evidence(w, proof.EvidenceFilter{OrderNo: no})
			if have, want := verdicts(list), "prepay:accepted callback:booked callback:repeat callback:repeat"; have != want {
				t.Fatalf("evidence %s, want %s", have, want)
			}
			for _, e := range list {
				if !e.Proven {
					t.Errorf("%s %s: its signature does not hold any more", e.Kind, e.Verdict)
				}
				if e.RequestID == "" || e.Serial == "" || !e.Whole() {
					t.Errorf("%s %s: incomplete: %+v", e.Kind, e.Verdict, e.Evidence)
				}
				if strings.Contains(e.Plain, c.Order.OpenID) {
					t.Errorf("%s: the payer is shown", e.Kind)
				}
			}
			if booked := list[1]; !bytes.Equal(booked.Body, call.Body) || !strings.Contains(booked.Plain,
				`"out_trade_no": "`+no) || booked.NotificationID == "" {
				t.Errorf("the callback is not kept as it came: %s", booked.Plain)
			}
			list[1].Body[20] ^= 1
			if w.Pay.VerifyEvidence(paymenttest.Bg, list[1].Evidence).Proven {
				t.Error("a changed body is proven")
			}
		})
	}
}

// What a query or a closing found is kept with what it changed; a question whose
// answer changes nothing leaves nothing.
func TestEvidenceOfQueriesAndClosings(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	paid, closed, dear := w.Home(1).Order(0, 0).Order, w.Home(1), w.Home(1).Order(0, 0).Order
	w.Inject(sandbox.Fault{Kind: sandbox.FaultLost, Route: sandbox.RouteNotifyPayment, OutTradeNo: paid.No})
	w.Ask(paid.No) // nothing new
	w.PaysAtWechat(paid.No)
	w.Ask(paid.No)
	c := closed.Order(0, 0)
	if _, err := w.Pay.Close(paymenttest.Bg, closed.User.ID, c.Order.No); err != nil {
		t.Fatal(err)
	}
	w.Exec("UPDATE orders SET amount_fen = amount_fen + 1, prepay_fen = prepay_fen + 1 WHERE no = ?", dear.No)
	w.Inject(sandbox.Fault{Kind: sandbox.FaultLost, Route: sandbox.RouteNotifyPayment, OutTradeNo: dear.No})
	w.PaysAtWechat(dear.No)
	w.Ask(dear.No)
	for no, want := range map[string]string{
		paid.No: "prepay:accepted query:booked", c.Order.No: "prepay:accepted close:closed", dear.No: "prepay:accepted query:mismatch",
	} {
		list := evidence(w, proof.EvidenceFilter{OrderNo: no})
		if have := verdicts(list); have != want {
			t.Errorf("evidence %s, want %s", have, want)
		}
		for _, e := range list {
			if !e.Proven || e.Status/100 != 2 {
				t.Errorf("%s %s: not proven, status %d", e.Kind, e.Verdict, e.Status)
			}
		}
	}
	// The reply of a query names the payer: nobody reads it without the data key.
	var raw []byte
	if err := w.Raw.QueryRow("SELECT body FROM evidence WHERE order_no = ? AND kind = 'query'", paid.No).Scan(&raw); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte(paid.OpenID)) || bytes.Contains(raw, []byte("openid")) {
		t.Error("a reply lies open in the database")
	}
}

// Whatever does not settle leaves evidence of each attempt, with why.
func TestEvidenceOfRefusedCallbacks(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	o := w.Home(1).Order(0, 0).Order
	p := w.Platform("main")
	dear := p.Paid(o, w.Clock.Now())
	dear["amount"] = map[string]any{"total": int64(o.AmountFen) + 1, "currency": "CNY"}
	wrong := p.Signed(p.Sealed("EV-1", "TRANSACTION.SUCCESS", dear))
	forged := p.Signed(p.Sealed("EV-2", "TRANSACTION.SUCCESS", p.Paid(o, w.Clock.Now())))
	forged.Header.Set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/x")
	garbage := paymenttest.Callback{
		Merchant: "main", Header: http.Header{"Wechatpay-Serial": {"序列号 \x00"}}, Body: bytes.Repeat([]byte{0xff, 0}, 5000),
	}
	for _, c := range []paymenttest.Callback{wrong, wrong, forged, garbage, p.Signed([]byte(`{"id":"EV-3"}`))} {
		if status := w.Tell(paymenttest.Bg, w.Pay, c); status < 400 {
			t.Fatalf("answered %d", status)
		}
	}
	w.Pay.NoteUnreadable("main", http.Header{}, "cut")
	w.Pay.NoteUnreadable("nobody", http.Header{}, "cut")
	list := evidence(w, proof.EvidenceFilter{Kind: proof.EvidenceCallback})
	counts := map[string]int{}
	for _, e := range list {
		counts[e.Verdict]++
		if e.Proven != (e.Verdict != proof.VerdictBadSignature) {
			t.Errorf("%s: proven %v", e.Verdict, e.Proven)
		}
	}
	if counts["mismatch"] != 2 || counts["bad_signature"] != 3 || counts["malformed"] != 1 || len(list) != 6 {
		t.Errorf("evidence: %s", verdicts(list))
	}
	for _, e := range list {
		if e.BodySize == 10_000 && (len(e.Body) != 2<<10 || e.Whole()) {
			t.Errorf("%d bytes of a forgery are kept", len(e.Body))
		}
	}
	untouched(w, o.No)
}

// Anyone who floods us with forgeries fills no disk: beyond so many a minute they are
// only counted, and none is forgotten.
func TestFloodOfForgeries(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	const flood = 500
	for range flood {
		w.Tell(paymenttest.Bg, w.Pay, paymenttest.Callback{Merchant: "main", Header: http.Header{}, Body: []byte("{}")})
	}
	var rows, attempts int
	for _, e := range evidence(w, proof.EvidenceFilter{Verdict: proof.VerdictBadSignature}) {
		rows++
		attempts += e.Times
	}
	if attempts != flood || rows > 2*60+2 {
		t.Errorf("%d attempts in %d rows", attempts, rows)
	}
}

// What the database does not take at once is written later, and nothing that
// happened to the payment changes by it.
func TestEvidenceWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	w.Exec("ALTER TABLE evidence RENAME TO elsewhere")
	w.Tell(paymenttest.Bg, w.Pay, paymenttest.Callback{Merchant: "main", Header: http.Header{}, Body: []byte("{}")})
	if err := w.Pay.FlushEvidence(paymenttest.Bg); err == nil {
		t.Fatal("written without its table")
	}
	w.Exec("ALTER TABLE elsewhere RENAME TO evidence")
	if list := evidence(w, proof.EvidenceFilter{}); len(list) != 1 {
		t.Errorf("%d pieces", len(list))
	}
}

func TestEraseEvidence(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	for range 1201 {
		if err := w.Db.Write(paymenttest.Bg, func(tx *store.Tx) error {
			return proof.KeepEvidence(tx, &proof.Evidence{Kind: proof.EvidenceCallback, Merchant: "main", Verdict: proof.VerdictRepeat})
		}); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(2 * time.Millisecond)
	cut := models.RealNow()
	time.Sleep(2 * time.Millisecond)
	w.Tell(paymenttest.Bg, w.Pay, paymenttest.Callback{Merchant: "main", Header: http.Header{}, Body: []byte("{}")})
	evidence(w, proof.EvidenceFilter{})
	by := models.SystemActor("test")
	if n, err := w.Pay.EraseEvidence(paymenttest.Bg, by, cut); err != nil || n != 1201 {
		t.Fatalf("%d erased, %v", n, err)
	}
	if n, err := w.Pay.EraseEvidence(paymenttest.Bg, by, cut); err != nil || n != 0 {
		t.Fatalf("%d erased again, %v", n, err)
	}
	if list := evidence(w, proof.EvidenceFilter{}); len(list) != 1 {
		t.Errorf("%d pieces are left", len(list))
	}
	if n := w.Number("SELECT COUNT(*) FROM audit WHERE action = 'evidence.erased'"); n != 1 {
		t.Errorf("%d audit lines", n)
	}
}

func TestEvidenceConfig(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]int{29: 1, 30: 0, 730: 0, 3650: 0, 3651: 1, 0: 1} {
		if faults := (payment.EvidenceConfig{KeepDays: days}).Validate(); len(faults) != want {
			t.Errorf("%d days: %v", days, faults)
		}
	}
}

// A reconciled day leaves the signed replies that announced the hashes of both bills.
func TestEvidenceOfBills(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	w.Home(1).Paid(0)
	w.Reconcile(w.NextDay())
	for _, kind := range []string{proof.EvidenceTradeBill, proof.EvidenceFlowBill} {
		list := evidence(w, proof.EvidenceFilter{Kind: kind})
		if len(list) != 1 || !list[0].Proven || !strings.Contains(list[0].Detail, "SHA1 ") || list[0].Merchant != "main" {
			t.Fatalf("%s: %s, %+v", kind, verdicts(list), list)
		}
		hash := list[0].Detail[strings.Index(list[0].Detail, "SHA1 ")+5:]
		if !strings.Contains(strings.ToLower(string(list[0].Body)), strings.ToLower(hash)) || strings.Contains(list[0].Plain, "token=") {
			t.Errorf("%s: %s", kind, list[0].Plain)
		}
	}
}
