package control

import (
	"cmp"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"time"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay"
	"wuyepay/sandbox/pay/bill"
	"wuyepay/sandbox/user"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"yuan": bill.YuanText,
	"when": func(t time.Time) string { return t.In(core.Shanghai).Format("01-02 15:04:05") },
	"tail": func(s string) string { // enough of an openid to distinguish users
		if len(s) > 8 {
			return "…" + s[len(s)-8:]
		}
		return s
	},
	"refundWord": func(status pay.RefundStatus) string { return refundNames[status] },
}).Parse(pageText))

// refundNames are the states of a refund for people.
var refundNames = map[pay.RefundStatus]string{
	pay.RefundProcessing: "处理中", pay.RefundSuccess: "已到账", pay.RefundAbnormal: "异常", pay.RefundClosed: "已关闭",
}

// How much the page shows.
const (
	shownOrders   = 20
	shownMessages = 20
	shownUsers    = 10
	lookedAt      = 2000 // newest orders searched for the lists
)

// pageData is what the page shows.
type pageData struct {
	Now      time.Time
	Note     string
	Open     []pay.Transaction
	Paid     []pay.Transaction
	Messages []pageMessage
	Users    []pageUser
	Faults   []fault.Fault
}

type pageMessage struct {
	user.Message
	Lines []pageLine
}

type pageLine struct{ Label, Value string }

type pageUser struct {
	OpenID, Name string
	Quotas       []pageQuota
}

type pageQuota struct {
	Template core.Template
	Left     int
}

// notes are the only texts that a redirect can show, so that a link cannot put words on
// the page.
var notes = map[string]string{
	"paid":      "支付成功",
	"cancelled": "已取消支付，订单仍未支付",
	"granted":   "已允许发送一次",
	"refund":    "退款结果已通知商户",
	"cleared":   "故障已清除",
	"failed":    "操作没有成功：订单可能已支付、已关闭或已过期",
}

// pageRoutes returns the page and its buttons. A button answers with a redirect, so
// that the page, which reloads itself, never repeats it.
func (s *Control) pageRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.servePage)
	action := func(path, note string, act func(*http.Request) error) {
		mux.HandleFunc("POST /sandbox/phone/"+path, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, core.MaxBody)
			done := note
			if err := act(r); err != nil {
				s.Core.Log.Debug("sandbox: phone", "action", path, "error", err)
				done = "failed"
			}
			http.Redirect(w, r, "/?note="+done, http.StatusSeeOther)
		})
	}
	action("pay", "paid", func(r *http.Request) error {
		_, err := s.Pay.Pay(r.PostFormValue("no"))
		return err
	})
	// WeChat does not learn that the payment sheet was closed. The order stays open.
	action("cancel", "cancelled", func(*http.Request) error { return nil })
	action("refund", "refund", func(r *http.Request) error {
		return s.Pay.FinishRefund(r.PostFormValue("no"), pay.RefundStatus(r.PostFormValue("status")))
	})
	action("grant", "granted", func(r *http.Request) error {
		if !s.Users.Issued(r.PostFormValue("openid")) {
			return errors.New("sandbox: no such user")
		}
		return s.Mini.GrantSubscription(r.PostFormValue("openid"), r.PostFormValue("template"), 1)
	})
	action("clear-faults", "cleared", func(*http.Request) error {
		s.ClearFaults()
		return nil
	})
	return mux
}

// servePage serves the page. Its policy allows nothing from elsewhere.
func (s *Control) servePage(w http.ResponseWriter, r *http.Request) {
	data := pageData{
		Now: s.Core.Now(), Note: notes[r.URL.Query().Get("note")],
		Faults: s.Core.Faults.List(),
	}
	s.pageOrders(&data)
	s.pagePeople(&data)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
	if err := pageTemplate.Execute(w, data); err != nil {
		s.Core.Log.Debug("sandbox: page not sent", "error", err)
	}
}

// pageOrders adds the newest orders.
func (s *Control) pageOrders(data *pageData) {
	looked := 0
	for t := range s.Pay.Newest() {
		if looked++; looked > lookedAt || len(data.Open) >= shownOrders && len(data.Paid) >= shownOrders {
			return
		}
		switch {
		case t.State == pay.NotPay && len(data.Open) < shownOrders:
			data.Open = append(data.Open, t)
		case (t.State == pay.Paid || t.State == pay.Refunded) && len(data.Paid) < shownOrders:
			data.Paid = append(data.Paid, t)
		}
	}
}

// pagePeople adds the newest messages and users.
func (s *Control) pagePeople(data *pageData) {
	for _, received := range s.Users.NewestMessages(shownMessages) {
		m := pageMessage{Message: received}
		if t, ok := s.Mini.Template(m.TemplateID); ok {
			for _, k := range t.Keywords {
				m.Lines = append(m.Lines, pageLine{cmp.Or(k.Label, k.Name), m.Values[k.Name]})
			}
		}
		data.Messages = append(data.Messages, m)
	}
	for _, person := range s.Users.Newest(shownUsers) {
		u := pageUser{OpenID: person.OpenID, Name: person.Name}
		for _, t := range s.Mini.Templates {
			u.Quotas = append(u.Quotas, pageQuota{t, s.Users.Quota(u.OpenID, t.ID)})
		}
		data.Users = append(data.Users, u)
	}
}
