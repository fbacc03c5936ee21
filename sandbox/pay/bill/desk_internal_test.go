package bill

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/pay"
	"wuyepay/sandbox/pay/apiv3"
	"wuyepay/sandbox/pay/merchant"
	"wuyepay/sandbox/pay/notice"
	"wuyepay/sandbox/user"
)

// newService returns the bills of a sandbox on the day after 2026-10-08, and its merchant.
func newService(tb testing.TB) (*Service, *merchant.Merchant) {
	tb.Helper()
	now := func() time.Time { return time.Date(2026, 10, 9, 12, 0, 0, 0, core.Shanghai) }
	k, err := core.New(context.Background(), core.Config{Now: now})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(k.Cancel)
	m, err := merchant.Open(k, nil)
	if err != nil {
		tb.Fatal(err)
	}
	h := apiv3.NewHost(k, m)
	return New(k, h, pay.New(k, m, user.NewSet(k), notice.NewSender(k, m), h)), m.List[0]
}

// A download address is good for five minutes.
func TestBillTokenRunsOut(t *testing.T) {
	t.Parallel()
	s, m := newService(t)
	key, err := crypt.ParsePrivateKey(m.PrivateKeyPEM)
	if err != nil {
		t.Fatal(err)
	}
	file := func(w io.Writer) error { _, err := io.WriteString(w, "a bill"); return err }
	for token, test := range map[string]struct {
		until  time.Duration
		status int
	}{"fresh": {time.Minute, 200}, "stale": {-time.Second, 400}} {
		s.desk.keep(token, ticket{m, file, time.Now().Add(test.until)})
		uri := "/v3/billdownload/file?token=" + token
		at := strconv.FormatInt(time.Now().Unix(), 10)
		signature, err := crypt.SignSHA256(key, []byte("GET\n"+uri+"\n"+at+"\nnonce\n\n"))
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequestWithContext(t.Context(), "GET", uri, http.NoBody)
		r.Header.Set("Authorization", apiv3.AuthScheme+` mchid="`+m.MchID+`",serial_no="`+m.CertificateSerial+
			`",nonce_str="nonce",timestamp="`+at+`",signature="`+signature+`"`)
		w := httptest.NewRecorder()
		s.serveBillFile(w, r)
		if w.Code != test.status || (w.Body.String() == "a bill") != (test.status == 200) {
			t.Errorf("%s token: %d %s, want %d", token, w.Code, w.Body, test.status)
		}
	}
}

func BenchmarkMillionRowBill(b *testing.B) {
	s, m := newService(b)
	seed := pay.Seed{Date: "2026-10-08", Prefix: "SEED", Count: 1_000_000, TotalFen: 100, StepFen: 1, Spread: 999}
	if err := s.pay.SeedOrders(seed); err != nil {
		b.Fatal(err)
	}
	file := s.tradeBill(m, "ALL", s.pay.Snapshot(m, "2026-10-08"))
	b.ResetTimer()
	for b.Loop() {
		if err := file(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
