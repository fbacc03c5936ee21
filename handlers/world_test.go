package handlers_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/handlers"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment/paymenttest"
	"wuyepay/reminder"
	"wuyepay/wechat"
	"wuyepay/wechat/wechattest"
)

// requestID is the id that every request of these tests has.
const requestID = "01TESTREQUEST0000000000000"

// front is the front door over a community, WeChat's side of it, and one clock for both.
type front struct {
	*paymenttest.World
	t     *testing.T
	API   *handlers.API
	doors http.Handler
}

func newFront(t *testing.T, change ...func(*paymenttest.Setup)) *front {
	t.Helper()
	w := paymenttest.NewWorld(t, change...)
	f := &front{World: w, t: t}
	f.API = f.api(w.Db)
	f.doors = doors(f.API)
	return f
}

// run runs a case: what fails in it is its own.
func (f *front) run(name string, fn func(t *testing.T)) {
	whole := f.t
	whole.Run(name, func(t *testing.T) {
		f.t = t
		defer func() { f.t = whole }()
		fn(t)
	})
}

// api returns an API over a database.
func (f *front) api(db *store.DB) *handlers.API {
	f.t.Helper()
	creds := f.Box.Credentials()
	mini, err := wechat.New(wechat.Config{AppID: creds.AppID, AppSecret: creds.AppSecret, BaseURL: f.Box.URL(),
		MessageToken: creds.MessageToken, MessageAESKey: creds.MessageAESKey, Timeout: paymenttest.Hangs}, wechattest.NewTokens())
	if err != nil {
		f.t.Fatal(err)
	}
	templates := map[string]reminder.Template{}
	for key, id := range creds.Templates {
		templates[key] = reminder.Template{ID: id}
	}
	log := slog.New(slog.NewTextHandler(f.Logs, nil))
	service := reminder.New(db, mini, reminder.Config{Templates: templates}, reminder.Logger(log))
	return &handlers.API{DB: db, Pay: f.Service(db, 30), Mini: mini, Reminder: service, Requests: &billing.Requests{DB: db},
		AppID: creds.AppID, Log: log}
}

// doors returns what serves an API as the server does, without its limits and logs.
func doors(a *handlers.API) http.Handler {
	mux := http.NewServeMux()
	a.Routes(handlers.NewHuma(mux))
	mux.HandleFunc("POST /wechat/pay/{merchant}/notify", a.PayNotify)
	mux.HandleFunc("GET /wechat/message", a.MessageCheck)
	mux.HandleFunc("POST /wechat/message", a.Message)
	mux.HandleFunc("GET /r/{id}/{token}", a.Genuine)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(models.WithRequestID(r.Context(), cmp.Or(r.Header.Get("X-Test-Request"), requestID))))
	})
}

// answer is what came back.
type answer struct {
	t      *testing.T
	call   string
	Status int
	Header http.Header
	Body   string
}

// phone is a phone; without a token nobody has signed in on it.
type phone struct {
	f     *front
	token string
}

// as is the phone of a user who is signed in.
func (f *front) as(u estate.User) *phone {
	f.t.Helper()
	var token string
	modelstest.Write(f.t, f.Db, func(tx *store.Tx) (err error) {
		token, _, err = office.StartSession(tx, office.SessionUser, u.ID, time.Hour)
		return err
	})
	return &phone{f, token}
}

// send sends a request below /api/v1; body is a text as it is, or a value for JSON.
func (p *phone) send(method, path string, body any, change ...func(*http.Request)) answer {
	p.f.t.Helper()
	return p.sendTo(p.f.doors, method, path, body, change...)
}

func (p *phone) sendTo(doors http.Handler, method, path string, body any, change ...func(*http.Request)) answer {
	p.f.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			p.f.t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	r := httptest.NewRequestWithContext(context.Background(), method, "/api/v1"+path, reader)
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	doors.ServeHTTP(w, r)
	return answer{p.f.t, method + " " + path, w.Code, w.Header(), w.Body.String()}
}

// key puts an idempotency key on a request.
func key(k string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Idempotency-Key", k) }
}

// order asks for an order under a key of its own.
func (p *phone) order(path string, body any) answer {
	p.f.t.Helper()
	return p.send("POST", path, body, key(models.NewID()))
}

// get returns the body of an answer that must be 200.
func (p *phone) get(path string) object {
	p.f.t.Helper()
	return p.send("GET", path, nil).must(http.StatusOK)
}

// must returns the body of an answer that must have a status.
func (a answer) must(status int) object {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("%s: status %d, want %d: %s", a.call, a.Status, status, a.Body)
	}
	if a.Body == "" {
		return nil
	}
	out := object{}
	if err := json.Unmarshal([]byte(a.Body), &out); err != nil {
		a.t.Fatalf("%s: %v: %s", a.call, err, a.Body)
	}
	return out
}

// refused returns the body of an answer that must be a refusal.
func (a answer) refused(status int, code string) object {
	a.t.Helper()
	out := a.must(status)
	if out["code"] != code || out["request_id"] != requestID || out["message"] == "" {
		a.t.Fatalf("%s: %s, want code %s", a.call, a.Body, code)
	}
	if kind := a.Header.Get("Content-Type"); kind != "application/json" {
		a.t.Errorf("%s: the refusal is %q", a.call, kind)
	}
	return out
}

// object is a JSON object.
type object map[string]any

// at walks down to a value: names of fields, numbers of items.
func (o object) at(path ...any) any {
	var v any = map[string]any(o)
	for _, step := range path {
		switch s := step.(type) {
		case string:
			v = v.(map[string]any)[s]
		case int:
			v = v.([]any)[s]
		}
	}
	return v
}

// text is at for a text.
func (o object) text(path ...any) string { s, _ := o.at(path...).(string); return s }

// fen is at for an amount.
func (o object) fen(path ...any) models.Fen {
	n, ok := o.at(path...).(float64)
	if !ok {
		return -1
	}
	return models.Fen(n)
}

// list is at for a list of objects.
func (o object) list(path ...any) (out []object) {
	for _, x := range o.at(path...).([]any) {
		out = append(out, x.(map[string]any))
	}
	return out
}

// wants holds a body against JSON in which every field is written out.
func (o object) wants(t *testing.T, want string) {
	t.Helper()
	var w any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%v: %s", err, want)
	}
	wanted, _ := json.MarshalIndent(w, "", " ")
	have, _ := json.MarshalIndent(o, "", " ")
	if !bytes.Equal(wanted, have) {
		t.Errorf("body\n%s\nwant\n%s", have, wanted)
	}
}

// named puts values in the place of names in a text: "bill" for $bill.
func named(text string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "$"+pairs[i], pairs[i+1])
	}
	return text
}

// pays is the body of an order for bills of a home at today's amounts.
func pays(h *paymenttest.Home, prepay models.Fen, bills ...int) object {
	ids := []string{}
	for _, i := range bills {
		ids = append(ids, h.Bills[i].ID)
	}
	return object{"room_id": h.Room.ID, "bill_ids": ids, "prepay_fen": prepay, "expected_total_fen": h.Due(bills...) + prepay}
}

// shares lets somebody else pay bills of a home for an hour.
func (p *phone) shares(h *paymenttest.Home, bills ...int) object {
	p.f.t.Helper()
	ids := []string{}
	for _, i := range bills {
		ids = append(ids, h.Bills[i].ID)
	}
	return p.send("POST", "/rooms/"+h.Room.ID+"/shares", object{"bill_ids": ids, "valid_hours": 1}).must(http.StatusCreated)
}

// broken serves the API over a database whose every statement fails.
func (f *front) broken() http.Handler {
	f.t.Helper()
	db := modelstest.OpenConfig(f.t, f.Cfg, f.Clock.Now)
	a := f.api(db)
	if err := db.Close(); err != nil {
		f.t.Fatal(err)
	}
	return doors(a)
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
