package bill_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestWhenABillIsThere(t *testing.T) {
	t.Parallel()
	c := sandboxtest.NewClock("2026-10-08 23:50")
	s := sandboxtest.Start(t, sandbox.Config{Now: c.Now})
	sandboxtest.PayOrder(t, s, "PF000001", 100)
	ask := func(query string) string {
		_, err := sandboxtest.AskBill(t, s, query)
		if err == nil {
			return "ok"
		}
		return sandboxtest.APICode(t, err)
	}
	check := func(name, query, want string) {
		t.Helper()
		if got := ask(query); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	day := "tradebill?bill_date=2026-10-08"
	check("same day", day, "INVALID_REQUEST")
	check("future", "tradebill?bill_date=2026-10-09", "INVALID_REQUEST")
	check("no date", "tradebill", "PARAM_ERROR")
	check("bad type", day+"&bill_type=SOME", "PARAM_ERROR")
	c.Add(10 * time.Hour) // 09:50
	check("before ten", day, "STATEMENT_CREATING")
	if err := s.SetBillState("2026-10-08", sandbox.BillReady); err != nil {
		t.Fatal(err)
	}
	check("told to be ready", day, "ok")
	if err := s.SetBillState("2026-10-08", sandbox.BillCreating); err != nil {
		t.Fatal(err)
	}
	c.Add(time.Hour)
	check("told to be late", day, "STATEMENT_CREATING")
	if err := s.SetBillState("2026-10-08", sandbox.BillAuto); err != nil {
		t.Fatal(err)
	}
	check("after ten", day, "ok")
	check("fees account", "fundflowbill?bill_date=2026-10-08&account_type=FEES", "NO_STATEMENT_EXIST")
	check("no refunds that day", day+"&bill_type=REFUND", "NO_STATEMENT_EXIST")
	check("no trade that day", "tradebill?bill_date=2026-10-07", "NO_STATEMENT_EXIST")
	check("too old", "tradebill?bill_date=2026-06-01", "INVALID_REQUEST")
}

func TestBillTokenIsTheMerchantsOwn(t *testing.T) {
	t.Parallel()
	c := sandboxtest.NewClock("2026-10-08 12:00")
	s := sandboxtest.Start(t, sandbox.Config{Now: c.Now, Merchants: []sandbox.Merchant{{Name: "main"}, {Name: "other"}}})
	sandboxtest.PayOrder(t, s, "PF000001", 100)
	c.Add(24 * time.Hour)
	a, err := sandboxtest.AskBill(t, s, "tradebill?bill_date=2026-10-08")
	if err != nil {
		t.Fatal(err)
	}
	_, err = sandboxtest.Unverified(t, s, "other").Get(t.Context(), a.URL)
	if code := sandboxtest.APICode(t, err); code != "NO_AUTH" {
		t.Errorf("another merchant: %s, want NO_AUTH", code)
	}
	_, err = sandboxtest.Unverified(t, s, "main").Get(t.Context(), strings.Replace(a.URL, "token=", "token=x", 1))
	if code := sandboxtest.APICode(t, err); code != "INVALID_REQUEST" {
		t.Errorf("bad token: %s, want INVALID_REQUEST", code)
	}
	u, err := url.Parse(a.URL)
	if err != nil {
		t.Fatal(err)
	}
	status, _, _ := sandboxtest.RawCall(t, s, "main", "GET", u.RequestURI(), "unsigned body", nil)
	if status != 401 {
		t.Errorf("wrongly signed download: %d, want 401", status)
	}
}

func TestBillFaults(t *testing.T) {
	t.Parallel()
	c := sandboxtest.NewClock("2026-10-08 12:00")
	s := sandboxtest.Start(t, sandbox.Config{Now: c.Now})
	for _, no := range []string{"PF000001", "PF000002", "PF000003"} {
		sandboxtest.PayOrder(t, s, no, 100)
	}
	c.Add(24 * time.Hour)
	right, err := sandboxtest.AskBill(t, s, "tradebill?bill_date=2026-10-08")
	if err != nil {
		t.Fatal(err)
	}
	whole := len(sandboxtest.Download(t, s, right))
	if _, err := s.Inject(sandbox.Fault{Kind: sandbox.FaultWrongHash}); err != nil {
		t.Fatal(err)
	}
	wrong, err := sandboxtest.AskBill(t, s, "tradebill?bill_date=2026-10-08")
	if err != nil || wrong.HashValue == right.HashValue || len(wrong.HashValue) != 40 {
		t.Errorf("wrong hash: %+v, %v", wrong, err)
	}
	if _, err := s.Inject(sandbox.Fault{Kind: sandbox.FaultHalfBill}); err != nil {
		t.Fatal(err)
	}
	status, _, half := sandboxtest.RawCall(t, s, "main", "GET", right.URL[len("https://api.mch.weixin.qq.com"):], "", nil)
	if status != 200 || len(half) != whole/2 {
		t.Errorf("half bill: %d, %d bytes of %d", status, len(half), whole)
	}
}
