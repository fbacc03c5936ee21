package handlers

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"

	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/payment/receipt"
)

//go:embed templates/receipt.html
var pages embed.FS

var genuinePage = template.Must(template.ParseFS(pages, "templates/receipt.html"))

// genuine is the public page about a receipt.
type genuine struct {
	Paper            *receipt.Document // nil: no such receipt, or it cannot be told
	Message, Hint    string
	Void             bool
	Amount, Channel  string
	PaidAt, VoidedAt string
	Nonce            string
}

// Genuine tells the person who has scanned the code of a receipt whether it is genuine, with
// names masked and without a sign-in: the token in the address is what lets them see
// it. A wrong address and an unknown receipt look alike.
func (a *API) Genuine(w http.ResponseWriter, r *http.Request) {
	page, status := genuine{Nonce: office.NewToken()}, http.StatusOK
	p, err := a.Pay.Receipts.PublicReceipt(r.Context(), r.PathValue("id"), r.PathValue("token"))
	if err != nil {
		f := Fail(r.Context(), a.Log, err)
		status, page.Message, page.Hint = f.status, "没有这张收据", "请重新扫描收据上的二维码；如仍看到本页，这张收据可能不是真的，请联系物业核实。"
		if status != http.StatusNotFound {
			page.Message, page.Hint = f.Message, "现在无法核验，请稍后再试。"
		}
	} else {
		page.Paper, page.Void, page.Amount, page.Channel = p, p.Status == receipts.ReceiptVoid,
			p.AmountFen.String(), money.ChannelNames[p.Channel]
		page.PaidAt, page.VoidedAt = receipt.Minute(p.PaidAt), receipt.Minute(p.VoidedAt)
	}
	writePage(w, status, page)
}

// GenuineLimited answers to who asks too often.
func (*API) GenuineLimited(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	writePage(w, http.StatusTooManyRequests, genuine{Nonce: office.NewToken(), Message: "查询过于频繁", Hint: "请稍后再试。"})
}

// writePage sends the page: nothing of it is stored, indexed, framed or told to other
// sites, and it loads nothing.
func writePage(w http.ResponseWriter, status int, page genuine) {
	var b bytes.Buffer
	if err := genuinePage.Execute(&b, page); err != nil {
		http.Error(w, "系统繁忙，请稍后再试", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+page.Nonce+
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the person who asked may have gone
}
