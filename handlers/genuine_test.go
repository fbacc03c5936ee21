package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// scan opens the page about a receipt.
func (f *front) scan(doors http.Handler, path string) answer {
	f.t.Helper()
	w := httptest.NewRecorder()
	doors.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return answer{f.t, path, w.Code, w.Header(), w.Body.String()}
}

// wantPage holds a page and its headers against what every such page has.
func (a answer) wantPage(status int, texts ...string) {
	a.t.Helper()
	if a.Status != status {
		a.t.Errorf("%s: status %d, want %d", a.call, a.Status, status)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			a.t.Errorf("%s: the page lacks %q:\n%s", a.call, text, a.Body)
		}
	}
	nonce := regexp.MustCompile(`<style nonce="([^"]{43})">`).FindStringSubmatch(a.Body)
	if nonce == nil {
		a.t.Fatalf("%s: no nonce:\n%s", a.call, a.Body)
	}
	policy := "default-src 'none'; style-src 'nonce-" + nonce[1] + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
		"X-Robots-Tag": "noindex, nofollow", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": policy,
	} {
		if have := a.Header.Get(name); have != want {
			a.t.Errorf("%s: %s is %q, want %q", a.call, name, have, want)
		}
	}
	if strings.Contains(a.Body, "<script") || strings.Contains(a.Body, "src=") || strings.Contains(a.Body, "href=") {
		a.t.Errorf("%s: the page loads something:\n%s", a.call, a.Body)
	}
}

// A receipt is genuine by its id and its token alone; the page tells little of it.
func TestGenuineReceipt(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	o := h.PaidOrder(0, 0, 1)
	r := f.Receipt(o.No)
	address, err := url.Parse(r.URL)
	if err != nil || address.Path != "/r/"+r.ID+"/"+r.Token {
		t.Fatalf("the code leads to %s, %v", r.URL, err)
	}
	good := f.scan(f.doors, address.Path)
	good.wantPage(200, "该收据真实有效", "No. "+r.Number(), "¥ 258.98", "贰佰伍拾捌元玖角捌分", "微信支付", "2026-03-15 10:00", "测试小区",
		"1栋****", "王**")
	for _, secret := range []string{"王小明", h.Room.Number, o.No, r.TransactionID, o.OpenID, h.User.ID} {
		if strings.Contains(good.Body, secret) {
			t.Errorf("the page tells %q", secret)
		}
	}
	other := f.Receipt(h.W.Home(1).PaidOrder(0, 0).No)
	missing := f.scan(f.doors, "/r/"+models.NewID()+"/"+r.Token)
	missing.wantPage(404, "没有这张收据", "请联系物业核实")
	blank := regexp.MustCompile(`nonce="[^"]*"`)
	for name, path := range map[string]string{
		"a longer token": address.Path + "x", "a shorter token": address.Path[:len(address.Path)-1],
		"another receipt's token": "/r/" + r.ID + "/" + other.Token, "upper case": "/r/" + r.ID + "/" + strings.ToUpper(r.Token),
		"no receipt": "/r/nothing/nothing",
	} {
		f.run(name, func(t *testing.T) {
			a := f.scan(f.doors, path)
			a.wantPage(404)
			if blank.ReplaceAllString(a.Body, "") != blank.ReplaceAllString(missing.Body, "") {
				t.Errorf("a wrong token answers otherwise than an unknown receipt:\n%s", a.Body)
			}
		})
	}
	if w := f.scan(f.doors, "/r/"+r.ID+"/"); w.Status != 404 {
		t.Errorf("without a token: %d", w.Status)
	}
}

// After a refund the old receipt is void and says which one stands in its place.
func TestVoidReceipt(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	o := h.PaidOrder(0, 0, 1)
	old := f.Receipt(o.No)
	ask := paymenttest.WholeOrder(o)
	ask.Lines = append(ask.Lines, paymenttest.Share(h.Bills[0], 11002, 1947))
	f.Finishes(f.Sent(ask), sandbox.RefundSuccess)
	now := f.Receipt(o.No)
	if now.ID == old.ID || now.AmountFen != 12949 {
		t.Fatalf("now %s of %s, was %s", now.Number(), now.AmountFen, old.Number())
	}
	a := f.scan(f.doors, "/r/"+old.ID+"/"+old.Token)
	a.wantPage(200, "该收据已作废", "¥ 258.98", "作废时间</dt><dd>2026-03-15 10:00", "替换收据</dt><dd>No. "+now.Number())
	if strings.Contains(a.Body, "真实有效") {
		t.Error("a void receipt is said to be genuine")
	}
	f.scan(f.doors, "/r/"+now.ID+"/"+now.Token).wantPage(200, "该收据真实有效", "¥ 129.49", "退款后重新开具")
}

// Where nothing can be told, the page does not say that the receipt is false.
func TestGenuineOnABadDay(t *testing.T) {
	f := newFront(t)
	r := f.Receipt(f.Home(1).PaidOrder(0, 0).No)
	path := "/r/" + r.ID + "/" + r.Token
	broken := f.scan(f.broken(), path)
	broken.wantPage(500, "系统繁忙", "现在无法核验")
	f.Exec("UPDATE receipts SET amount_fen = amount_fen + 100 WHERE id = ?", r.ID)
	forged := f.scan(f.doors, path)
	forged.wantPage(500, "系统繁忙", "现在无法核验")
	for _, a := range []answer{broken, forged} {
		if strings.Contains(a.Body, "没有这张收据") || strings.Contains(a.Body, "真实有效") {
			t.Errorf("the page says what it cannot know:\n%s", a.Body)
		}
	}
	w := httptest.NewRecorder()
	f.API.GenuineLimited(w)
	limited := answer{t, "limited", w.Code, w.Header(), w.Body.String()}
	limited.wantPage(429, "查询过于频繁", "请稍后再试")
	if limited.Header.Get("Retry-After") != "5" {
		t.Errorf("headers %v", limited.Header)
	}
}
