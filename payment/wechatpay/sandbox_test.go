package wechatpay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

// world is a sandbox with a movable business clock and a receiver of callbacks that answers 204 only to what
// this package accepts.
type world struct {
	t       *testing.T
	box     *sandbox.Server
	client  *wechatpay.Client
	receive *httptest.Server
	ahead   atomic.Int64 // business time is this many nanoseconds ahead of real time
	got     chan outcome
}

type outcome struct {
	n   wechatpay.Notification
	err error
}

func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

func newWorld(t *testing.T, m sandbox.Merchant, change func(*wechatpay.Config)) *world {
	t.Helper()
	w := &world{t: t, got: make(chan outcome, 100)}
	m.Name = "main"
	box, err := sandbox.Start(context.Background(),
		sandbox.Config{Now: w.now, Merchants: []sandbox.Merchant{m}, RefundSpacing: -1, RetryScale: 1.0 / 300})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	w.box = box
	w.client = w.newClient(change)
	w.receive = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		n, err := w.client.ParseNotification(r.Context(), r.Header, body)
		w.got <- outcome{n, err}
		switch {
		case errors.Is(err, wechatpay.ErrBadSignature):
			rw.WriteHeader(http.StatusUnauthorized)
		case err != nil:
			rw.WriteHeader(http.StatusInternalServerError)
		default:
			rw.WriteHeader(http.StatusNoContent)
		}
	}))
	t.Cleanup(w.receive.Close)
	return w
}

func (w *world) newClient(change func(*wechatpay.Config)) *wechatpay.Client {
	w.t.Helper()
	all := w.box.Credentials()
	m, _ := all.Merchant("main")
	cfg := wechatpay.Config{
		Name: "main", BaseURL: w.box.URL(), AppID: all.AppID, MchID: m.MchID, CertificateSerial: m.CertificateSerial,
		PrivateKeyPEM: m.PrivateKeyPEM, APIv3Key: m.APIv3Key, PublicKeyID: m.PublicKeyID, PublicKeyPEM: m.PublicKeyPEM,
		SubMchID: m.SubMchID, Timeout: hangs,
	}
	if change != nil {
		change(&cfg)
	}
	c, err := wechatpay.New(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(c.Close)
	return c
}

func (w *world) order(no string, fen int64) wechatpay.Order {
	return wechatpay.Order{
		OutTradeNo: no, Description: "物业费 1-101", OpenID: w.box.OpenID("li"), NotifyURL: w.receive.URL + "/notify",
		Attach: "k=v", TotalFen: fen, ExpiresAt: w.now().Add(30 * time.Minute),
	}
}

func (w *world) next() outcome {
	w.t.Helper()
	select {
	case o := <-w.got:
		return o
	case <-time.After(hangs):
		w.t.Fatal("no callback came")
		return outcome{}
	}
}

// hangs is how long a test waits for what comes, however slow the machine is.
const hangs = 5 * time.Minute

// untilStruck returns a context that ends once no fault is left to strike: what a
// fault holds up is given up, and nothing before it.
func (w *world) untilStruck() context.Context {
	ctx, cancel := context.WithCancel(w.t.Context())
	go func() {
		defer cancel()
		for len(w.box.Faults()) > 0 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
	}()
	return ctx
}

// spoiled is a call that a fault strikes. It is given up only where the fault keeps
// WeChat silent.
func (w *world) spoiled(f sandbox.Fault, call func(context.Context) error) error {
	w.t.Helper()
	ctx := context.Background()
	if f.Kind == sandbox.FaultTimeoutBefore || f.Kind == sandbox.FaultTimeoutAfter {
		f.Delay = hangs
		w.inject(f)
		ctx = w.untilStruck()
	} else {
		w.inject(f)
	}
	return call(ctx)
}

func (w *world) inject(f sandbox.Fault) {
	w.t.Helper()
	if _, err := w.box.Inject(f); err != nil {
		w.t.Fatal(err)
	}
}

// pay goes from order to money as a phone would.
func (w *world) pay(o wechatpay.Order) sandbox.Transaction {
	w.t.Helper()
	id, err := w.client.Prepay(context.Background(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	p, err := w.client.PayParams(id)
	if err != nil {
		w.t.Fatal(err)
	}
	paid, err := w.box.RequestPayment(sandbox.PaymentRequest{
		TimeStamp: p.TimeStamp, NonceStr: p.NonceStr, Package: p.Package, SignType: p.SignType, PaySign: p.PaySign,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return paid
}

// TestWholeLife pays, hears of it, refunds, hears of it and reads both bills, for every kind of merchant.
func TestWholeLife(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]sandbox.Merchant{
		"public key":          {Mode: sandbox.ModePublicKey},
		"certificate":         {Mode: sandbox.ModeCertificate},
		"both":                {Mode: sandbox.ModeBoth},
		"partner":             {Mode: sandbox.ModePublicKey, Partner: true},
		"partner certificate": {Mode: sandbox.ModeCertificate, Partner: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, m, nil)
			// Early in a day, so that payment and refund stand in one bill.
			w.ahead.Store(int64(time.Until(midday(time.Now().AddDate(0, 0, 1)))))
			day := w.now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
			paid := w.pay(w.order("PF|LIFE*01_-", 12345))
			o := w.next()
			if o.err != nil || o.n.Transaction == nil {
				t.Fatalf("callback: %+v", o)
			}
			asked, err := w.client.Query(context.Background(), "PF|LIFE*01_-")
			if err != nil {
				t.Fatal(err)
			}
			for source, tr := range map[string]wechatpay.Transaction{"callback": *o.n.Transaction, "query": asked} {
				if !tr.Paid() || tr.TotalFen != 12345 || tr.TransactionID != paid.TransactionID || tr.MchID != paid.MchID ||
					tr.SubMchID != paid.SubMchID || tr.OpenID != paid.OpenID || tr.Attach != "k=v" || tr.Currency != "CNY" ||
					!tr.SuccessTime.Equal(paid.PaidAt.Truncate(time.Second)) {
					t.Errorf("%s: %+v, paid %+v", source, tr, paid)
				}
			}
			if err := w.client.CloseOrder(context.Background(), "PF|LIFE*01_-"); !errors.Is(err, wechatpay.ErrOrderPaid) {
				t.Errorf("closing a paid order: %v", err)
			}
			w.refund(345)
			w.bills(day, 12345, 345)
		})
	}
}

func midday(t time.Time) time.Time {
	t = t.In(time.FixedZone("", 8*3600))
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, t.Location())
}

func (w *world) refund(fen int64) {
	w.t.Helper()
	request := wechatpay.RefundRequest{
		OutTradeNo: "PF|LIFE*01_-", OutRefundNo: "RF|@*1", RefundFen: fen, TotalFen: 12345, Reason: "多收",
		NotifyURL: w.receive.URL + "/refund",
	}
	for range 2 { // the second time is the same refund
		r, err := w.client.Refund(context.Background(), request)
		if err != nil || r.Status != wechatpay.RefundProcessing || r.RefundFen != fen {
			w.t.Fatalf("refund: %+v, %v", r, err)
		}
	}
	if err := w.box.FinishRefund("RF|@*1", sandbox.RefundSuccess); err != nil {
		w.t.Fatal(err)
	}
	o := w.next()
	if o.err != nil || o.n.Refund == nil || o.n.Refund.Status != wechatpay.RefundSuccess || o.n.Refund.RefundFen != fen {
		w.t.Fatalf("refund callback: %+v", o)
	}
	r, err := w.client.QueryRefund(context.Background(), "RF|@*1")
	if err != nil || r.Status != wechatpay.RefundSuccess || r.SuccessTime.IsZero() {
		w.t.Errorf("refund query: %+v, %v", r, err)
	}
	if tr, err := w.client.Query(context.Background(), "PF|LIFE*01_-"); err != nil || tr.State != wechatpay.StateRefund {
		w.t.Errorf("after the refund: %+v, %v", tr, err)
	}
}

func (w *world) bills(day string, paid, refunded int64) {
	w.t.Helper()
	ctx := context.Background()
	if _, err := w.client.TradeBill(ctx, day); !errors.Is(err, wechatpay.ErrRefused) && !errors.Is(err, wechatpay.ErrStatementCreating) {
		w.t.Errorf("a bill of today: %v", err)
	}
	w.ahead.Add(int64(25 * time.Hour))
	b, err := w.client.TradeBill(ctx, day)
	if err != nil {
		w.t.Fatal(err)
	}
	defer b.Close()
	states := ""
	sum, err := b.Rows(ctx, func(r *wechatpay.TradeRow) error {
		states += r.State + " "
		if r.OutTradeNo != "PF|LIFE*01_-" || r.State == wechatpay.RowRefund && r.OutRefundNo != "RF|@*1" {
			return fmt.Errorf("row %+v", *r)
		}
		return nil
	})
	if err != nil || sum.Rows != 2 || sum.Payments != 1 || sum.Refunds != 1 || sum.TotalFen != paid || sum.RefundFen != refunded {
		w.t.Errorf("trade bill: %+v, %s, %v", sum, states, err)
	}
	flow, err := w.client.FundFlowBill(ctx, day)
	if err != nil {
		w.t.Fatal(err)
	}
	defer flow.Close()
	flows, err := flow.Rows(ctx, func(*wechatpay.FlowRow) error { return nil })
	if err != nil || flows.IncomeFen < paid || flows.ExpenseFen < refunded {
		w.t.Errorf("fund flow: %+v, %v", flows, err)
	}
	if _, err := w.client.TradeBill(ctx, "2020-01-01"); err == nil {
		w.t.Error("a bill of 2020 exists")
	}
}

// TestFaultsOnPrepay spoils the call in every way; afterwards the very same order must still be possible.
func TestFaultsOnPrepay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Merchant{}, nil)
	for kind, want := range map[sandbox.FaultKind]wechatpay.Kind{
		sandbox.FaultTimeoutBefore: wechatpay.ErrUnknown, sandbox.FaultTimeoutAfter: wechatpay.ErrUnknown,
		sandbox.FaultCutBefore: wechatpay.ErrUnknown, sandbox.FaultCutAfter: wechatpay.ErrUnknown,
		sandbox.FaultFrequency: wechatpay.ErrRateLimited, sandbox.FaultSystemError: wechatpay.ErrUnknown,
		sandbox.FaultSystemErrorAfter: wechatpay.ErrUnknown, sandbox.FaultBadGateway: wechatpay.ErrUnknown,
		sandbox.FaultBadGatewayAfter: wechatpay.ErrUnknown, sandbox.FaultUnsigned: wechatpay.ErrUnknown,
		sandbox.FaultForged: wechatpay.ErrUnknown, sandbox.FaultSignTest: wechatpay.ErrUnknown, sandbox.FaultStale: wechatpay.ErrUnknown,
		sandbox.FaultWrongSerial: wechatpay.ErrUnknown, sandbox.FaultTruncated: wechatpay.ErrUnknown,
	} {
		o := w.order("PF-"+strings.ToUpper(string(kind)), 100)
		err := w.spoiled(sandbox.Fault{Kind: kind, Route: sandbox.RoutePrepay, OutTradeNo: o.OutTradeNo}, func(ctx context.Context) error {
			_, err := w.client.Prepay(ctx, o)
			return err
		})
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", kind, err, want)
		}
		if id, err := w.client.Prepay(context.Background(), o); err != nil || id == "" {
			t.Errorf("%s: the repeat failed: %v", kind, err)
		}
		o.TotalFen++
		if _, err := w.client.Prepay(context.Background(), o); !errors.Is(err, wechatpay.ErrParamsChanged) {
			t.Errorf("%s: changed parameters: %v", kind, err)
		}
	}
	w.inject(sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RouteRefund, Status: 403, Code: "NOTENOUGH"})
	var e *wechatpay.Error
	_, err := w.client.Refund(context.Background(),
		wechatpay.RefundRequest{OutTradeNo: "PF-CUT-AFTER", OutRefundNo: "R1", RefundFen: 1, TotalFen: 100})
	if !errors.As(err, &e) || e.Kind != wechatpay.ErrRefused || e.Code != "NOT_ENOUGH" || e.RequestID == "" {
		t.Errorf("refund without funds: %#v", err)
	}
}

func TestOrderStates(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Merchant{}, nil)
	ctx := context.Background()
	if _, err := w.client.Query(ctx, "PF-NOBODY"); !errors.Is(err, wechatpay.ErrOrderNotExist) {
		t.Errorf("unknown order: %v", err)
	}
	if _, err := w.client.QueryRefund(ctx, "RF-NOBODY"); !errors.Is(err, wechatpay.ErrRefundNotExist) {
		t.Errorf("unknown refund: %v", err)
	}
	o := w.order("PF-STATES", 100)
	if _, err := w.client.Prepay(ctx, o); err != nil {
		t.Fatal(err)
	}
	if tr, err := w.client.Query(ctx, o.OutTradeNo); err != nil || tr.State != wechatpay.StateNotPay || tr.TotalFen != 100 {
		t.Errorf("unpaid: %+v, %v", tr, err)
	}
	for range 2 {
		if err := w.client.CloseOrder(ctx, o.OutTradeNo); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if tr, err := w.client.Query(ctx, o.OutTradeNo); err != nil || tr.State != wechatpay.StateClosed {
		t.Errorf("closed: %+v, %v", tr, err)
	}
	if _, err := w.client.Prepay(ctx, o); !errors.Is(err, wechatpay.ErrOrderClosed) {
		t.Errorf("order again after closing: %v", err)
	}
	paid := w.order("PF-PAID", 100)
	w.pay(paid)
	if _, err := w.client.Prepay(ctx, paid); !errors.Is(err, wechatpay.ErrOrderPaid) {
		t.Errorf("order again after paying: %v", err)
	}
}

// TestFaultsOnCallbacks: what is not proven is refused, what is proven but odd comes through for the caller to
// judge, and the true message arrives in the end.
func TestFaultsOnCallbacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Merchant{Mode: sandbox.ModeBoth}, nil)
	for _, tt := range []struct {
		kind sandbox.FaultKind
		want wechatpay.Kind
	}{
		{sandbox.FaultForged, wechatpay.ErrBadSignature}, {sandbox.FaultSignTest, wechatpay.ErrBadSignature},
		{sandbox.FaultStale, wechatpay.ErrBadSignature}, {sandbox.FaultWrongSerial, wechatpay.ErrBadSignature},
		{sandbox.FaultNoResource, wechatpay.ErrMalformed}, {sandbox.FaultWrongTotal, ""}, {sandbox.FaultWrongOrder, ""},
	} {
		o := w.order("PF-"+strings.ToUpper(string(tt.kind)), 100)
		w.inject(sandbox.Fault{Kind: tt.kind, Route: sandbox.RouteNotifyPayment, OutTradeNo: o.OutTradeNo})
		w.pay(o)
		first := w.next()
		if wechatpay.KindOf(first.err) != tt.want {
			t.Errorf("%s: %v, want %q", tt.kind, first.err, tt.want)
		}
		switch tt.kind {
		case sandbox.FaultWrongTotal:
			if first.n.Transaction.TotalFen != 101 {
				t.Errorf("%s: %+v", tt.kind, first.n.Transaction)
			}
		case sandbox.FaultWrongOrder:
			if first.n.Transaction.OutTradeNo == o.OutTradeNo {
				t.Errorf("%s: %+v", tt.kind, first.n.Transaction)
			}
		default:
			if again := w.next(); again.err != nil || again.n.Transaction.OutTradeNo != o.OutTradeNo {
				t.Errorf("%s: the true message: %+v", tt.kind, again)
			}
		}
	}
}

// TestTheSwitch: a merchant moves from certificates to the public key; callbacks come signed by either, the
// certificate is rotated in the middle.
func TestTheSwitch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Merchant{Mode: sandbox.ModeBoth}, nil)
	serials := map[string]bool{}
	step := func(no string) {
		t.Helper()
		w.pay(w.order(no, 100))
		if o := w.next(); o.err != nil {
			t.Errorf("%s: %v", no, o.err)
		}
		if err := w.box.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, a := range w.box.Attempts(no) {
			serials[a.Serial] = true
		}
	}
	for i, mode := range []sandbox.Mode{sandbox.ModePublicKey, sandbox.ModeCertificate, sandbox.ModeBoth, sandbox.ModeBoth} {
		if err := w.box.SetCallbackSigner("main", mode); err != nil {
			t.Fatal(err)
		}
		step(fmt.Sprintf("PF-SWITCH-%d", i))
	}
	if len(serials) != 2 {
		t.Errorf("serials seen: %v", serials)
	}
	if calls := w.box.Calls(sandbox.RouteCertificates); calls != 1 {
		t.Errorf("%d downloads of certificates", calls)
	}
}

// TestCertificateRotation needs a new client, as after a restart: within a minute of a download no further one
// is made for an unknown serial.
func TestCertificateRotation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Merchant{Mode: sandbox.ModeCertificate}, nil)
	w.pay(w.order("PF-BEFORE", 100))
	if o := w.next(); o.err != nil {
		t.Fatal(o.err)
	}
	serial, err := w.box.RotateCertificate("main")
	if err != nil || serial == "" {
		t.Fatal(err)
	}
	fresh := w.newClient(nil)
	if tr, err := fresh.Query(context.Background(), "PF-BEFORE"); err != nil || !tr.Paid() {
		t.Errorf("query after the rotation: %+v, %v", tr, err)
	}
	// The old client asks for a reply signed by the old certificate, which WeChat Pay still has.
	if tr, err := w.client.Query(context.Background(), "PF-BEFORE"); err != nil || !tr.Paid() {
		t.Errorf("query of the old client: %+v, %v", tr, err)
	}
}

func TestBillFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Merchant{}, nil)
	ctx := context.Background()
	yesterday := w.now().In(time.FixedZone("", 8*3600)).AddDate(0, 0, -1).Format(time.DateOnly)
	if err := w.box.SetBillState(yesterday, sandbox.BillReady); err != nil {
		t.Fatal(err)
	}
	if _, err := w.client.TradeBill(ctx, yesterday); !errors.Is(err, wechatpay.ErrNoStatement) {
		t.Errorf("a day without trade: %v", err)
	}
	seed := sandbox.Seed{Merchant: "main", Date: yesterday, Prefix: "SEED", Count: 5000,
		Description: "物业费,`x", TotalFen: 10000, StepFen: 1, Spread: 100}
	if err := w.box.SeedOrders(seed); err != nil {
		t.Fatal(err)
	}
	if err := w.box.SetBillState(yesterday, sandbox.BillCreating); err != nil {
		t.Fatal(err)
	}
	if _, err := w.client.TradeBill(ctx, yesterday); !errors.Is(err, wechatpay.ErrStatementCreating) {
		t.Errorf("not ready: %v", err)
	}
	if err := w.box.SetBillState(yesterday, sandbox.BillReady); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		fault sandbox.Fault
		want  wechatpay.Kind
	}{
		{sandbox.Fault{Kind: sandbox.FaultWrongHash, Route: sandbox.RouteTradeBill}, wechatpay.ErrBillHash},
		{sandbox.Fault{Kind: sandbox.FaultHalfBill, Route: sandbox.RouteBillDownload}, wechatpay.ErrBillHash},
		{sandbox.Fault{Kind: sandbox.FaultTruncated, Route: sandbox.RouteBillDownload}, wechatpay.ErrUnknown},
		{sandbox.Fault{Kind: sandbox.FaultBadGateway, Route: sandbox.RouteBillDownload}, wechatpay.ErrUnknown},
		{sandbox.Fault{Kind: sandbox.FaultUnsigned, Route: sandbox.RouteTradeBill}, wechatpay.ErrUnknown},
		{sandbox.Fault{Kind: sandbox.FaultFrequency, Route: sandbox.RouteTradeBill}, wechatpay.ErrRateLimited},
	} {
		w.inject(tt.fault)
		if _, err := w.client.TradeBill(ctx, yesterday); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.fault.Kind, err, tt.want)
		}
	}
	b, err := w.client.TradeBill(ctx, yesterday)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	seen := 0
	sum, err := b.Rows(ctx, func(r *wechatpay.TradeRow) error { seen++; return nil })
	want := int64(5000*10000 + 50*(99*100/2))
	if err != nil || seen != 5000 || sum.Rows != 5000 || sum.TotalFen != want {
		t.Errorf("%d rows, %+v, %v, want total %d", seen, sum, err, want)
	}
}

// TestCoupon: the bill is credited with the total, not with what the payer gave.
func TestCoupon(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Merchant{}, nil)
	o := w.order("PF-COUPON", 1000)
	if _, err := w.client.Prepay(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := w.box.PayWith(o.OutTradeNo, sandbox.PayOptions{CouponFen: 100}); err != nil {
		t.Fatal(err)
	}
	got := w.next()
	if got.err != nil || got.n.Transaction.TotalFen != 1000 || got.n.Transaction.PayerTotalFen != 900 {
		t.Errorf("%+v, %v", got.n.Transaction, got.err)
	}
}

// TestErrorTextsAreClean looks for keys and people in whatever the faults produced.
func TestErrorTextsAreClean(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Merchant{}, nil)
	all := w.box.Credentials()
	m, _ := all.Merchant("main")
	secrets := []string{m.APIv3Key, "PRIVATE KEY", w.box.OpenID("li"), "signature=", "http", m.MchID, "PF-CLEAN"}
	for _, kind := range []sandbox.FaultKind{
		sandbox.FaultTimeoutAfter, sandbox.FaultCutAfter, sandbox.FaultSystemError,
		sandbox.FaultUnsigned, sandbox.FaultForged, sandbox.FaultTruncated,
	} {
		err := w.spoiled(sandbox.Fault{Kind: kind, Route: sandbox.RoutePrepay}, func(ctx context.Context) error {
			_, err := w.client.Prepay(ctx, w.order("PF-CLEAN", 100))
			return err
		})
		for _, text := range []string{fmt.Sprint(err), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
			for _, secret := range secrets {
				if bytes.Contains([]byte(text), []byte(secret)) {
					t.Errorf("%s: text shows %q: %s", kind, secret, text)
				}
			}
		}
	}
}
