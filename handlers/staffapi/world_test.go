package staffapi_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"wuyepay/billing/intake"
	"wuyepay/handlers/staffapi"
	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

const password = "correct horse battery"

// hash is that of the password of all staff.
var hash = sync.OnceValues(func() (string, error) { return office.HashPassword(password) })

// desk is the API of staff over a database of its own.
type desk struct {
	t     *testing.T
	db    *store.DB
	clock *modelstest.Clock
	doors http.Handler
	staff map[string]office.Staff // by role
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, clock: modelstest.NewClock(modelstest.Start), staff: map[string]office.Staff{}}
	d.db = modelstest.OpenAt(t, d.clock.Now)
	h, err := hash()
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range office.StaffRoles {
		s := office.Staff{Username: role, Name: "员工" + role, Role: role, PasswordHash: h}
		modelstest.Write(t, d.db, func(tx *store.Tx) error { return office.AddStaff(tx, modelstest.Actor, &s) })
		d.staff[role] = s
	}
	worker := intake.NewWorker(d.db, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { _ = worker.Close() })
	a := &staffapi.API{
		DB: d.db, Worker: worker, Log: slog.New(slog.DiscardHandler),
		ClientAddr: func(r *http.Request) string { return r.Header.Get("X-Test-Addr") },
	}
	mux := http.NewServeMux()
	api := staffapi.NewHuma(mux, "https://fees.example.cn")
	a.Routes(api)
	staffapi.Handle(api, a, a.SignedIn(api, "testDecide", http.MethodPost, "/test/{id}", office.PermRefundApprove, "审批", "仅供测试"),
		func(_ ctx, _ *struct {
			ID   string `path:"id" doc:"编号"`
			Body struct {
				Yes bool `json:"yes" doc:"是否同意"`
			}
		}) (*struct{}, error) {
			return nil, models.ErrNotFound
		})
	mux.HandleFunc("GET "+staffapi.Prefix+"/openapi.json", staffapi.Document(api))
	mux.HandleFunc(staffapi.Prefix+"/", a.Fallback(mux))
	d.doors = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(models.WithRequestID(r.Context(), "01TESTREQUEST0000000000000")))
	})
	return d
}

// answer is what came back.
type answer struct {
	t      *testing.T
	call   string
	status int
	header http.Header
	body   map[string]any
}

// send sends a request; a token of "" is nobody's.
func (d *desk) send(method, path, token, body string, headers ...string) answer {
	d.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(d.t.Context(), method, staffapi.Prefix+path, reader)
	r.Header.Set("X-Test-Addr", "203.0.113.9")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	d.doors.ServeHTTP(w, r)
	a := answer{t: d.t, call: method + " " + path, status: w.Code, header: w.Header()}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &a.body); err != nil {
			d.t.Fatalf("%s: %v: %s", a.call, err, w.Body)
		}
	}
	return a
}

// want holds the status and, of a refusal, the code against what is wanted.
func (a answer) want(status int, code string) answer {
	a.t.Helper()
	if a.status != status || code != "" && a.body["code"] != code {
		a.t.Fatalf("%s: %d %v, want %d %s", a.call, a.status, a.body, status, code)
	}
	if code != "" && (a.body["request_id"] != "01TESTREQUEST0000000000000" || a.body["message"] == "") {
		a.t.Errorf("%s: a refusal of another form: %v", a.call, a.body)
	}
	if a.header.Get("Cache-Control") != "no-store" {
		a.t.Errorf("%s: may be kept by others", a.call)
	}
	return a
}

// signIn returns the token of a role.
func (d *desk) signIn(role string) string {
	d.t.Helper()
	a := d.send("POST", "/session", "", `{"username":"`+role+`","password":"`+password+`"}`).want(http.StatusOK, "")
	return a.body["token"].(string)
}
