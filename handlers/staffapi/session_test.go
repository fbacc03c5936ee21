package staffapi_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

type ctx = context.Context

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.send("POST", "/session", "", `{"username":" finance ","password":"`+password+`","code":""}`).want(http.StatusOK, "")
	token := a.body["token"].(string)
	until, err := time.Parse(time.RFC3339, a.body["expires_at"].(string))
	if left := time.Until(until); err != nil || left < 11*time.Hour || left > 12*time.Hour {
		t.Errorf("valid until %v (%v)", a.body["expires_at"], err)
	}
	staff := a.body["staff"].(map[string]any)
	if staff["id"] != d.staff[office.RoleFinance].ID || staff["role"] != "finance" || staff["name"] != "员工finance" {
		t.Errorf("signed in as %v", staff)
	}
	if me := d.send("GET", "/me", token, "").want(http.StatusOK, ""); me.body["id"] != staff["id"] {
		t.Errorf("me: %v", me.body)
	}
	d.send("DELETE", "/session", token, "").want(http.StatusNoContent, "")
	d.send("GET", "/me", token, "").want(http.StatusUnauthorized, "UNAUTHORIZED")
	log, err := office.AuditEntries(d.db.View(t.Context()), office.AuditFilter{Limit: 10})
	if err != nil || log[0].Action != "staff.signed_out" || log[1].Action != "staff.signed_in" {
		t.Errorf("audit %v, %v", log, err)
	}
}

// Nobody gets in by what is not theirs.
func TestNotSignedIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	room := modelstest.Room(t, d.db)
	user := modelstest.User(t, d.db, room)
	var owner string
	modelstest.Write(t, d.db, func(tx *store.Tx) (err error) {
		owner, _, err = office.StartSession(tx, office.SessionUser, user.ID, time.Hour)
		return err
	})
	for _, token := range []string{"", "x", owner} {
		d.send("GET", "/me", token, "").want(http.StatusUnauthorized, "UNAUTHORIZED")
	}
	d.send("GET", "/me", "", "", "Authorization", d.signIn("admin")).want(http.StatusUnauthorized, "UNAUTHORIZED")
	for _, name := range []string{"finance", "nobody"} {
		d.send("POST", "/session", "", `{"username":"`+name+`","password":"wrong password"}`).want(http.StatusUnauthorized, "BAD_SIGN_IN")
	}
}

// Wrong passwords are counted by name and by address, together with those of the console.
func TestLockedOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	wrong := `{"username":"Admin","password":"wrong password"}`
	right := `{"username":"admin","password":"` + password + `"}`
	for range 9 {
		d.send("POST", "/session", "", wrong).want(http.StatusUnauthorized, "BAD_SIGN_IN")
	}
	if _, err := office.Authenticate(t.Context(), d.db, "admin", "wrong password", ""); err == nil {
		t.Fatal("a wrong password was right")
	}
	d.send("POST", "/session", "", right).want(http.StatusTooManyRequests, "LOCKED_OUT")
	d.signIn("finance")
	d.clock.Advance(24 * time.Hour)
	d.signIn("admin")
}

// An account that is disabled, or whose password is changed, loses its tokens at once.
func TestDisabledAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := d.staff[office.RoleCashier]
	token := d.signIn(s.Role)
	d.send("GET", "/me", token, "").want(http.StatusOK, "")
	modelstest.Write(t, d.db, func(tx *store.Tx) error { return office.DisableStaff(tx, modelstest.Actor, s.ID) })
	d.send("GET", "/me", token, "").want(http.StatusUnauthorized, "UNAUTHORIZED")
	d.send("POST", "/session", "", `{"username":"cashier","password":"`+password+`"}`).want(http.StatusUnauthorized, "BAD_SIGN_IN")
	modelstest.Write(t, d.db, func(tx *store.Tx) error { return office.EnableStaff(tx, modelstest.Actor, s.ID) })
	d.send("GET", "/me", token, "").want(http.StatusUnauthorized, "UNAUTHORIZED")
}

// A role may what it may in the console.
func TestPermissions(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, role := range office.StaffRoles {
		token := d.signIn(role)
		a := d.send("POST", "/test/1", token, `{"yes":true}`)
		if d.staff[role].Can(office.PermRefundApprove) {
			a.want(http.StatusNotFound, "NOT_FOUND") // past the guard
		} else {
			a.want(http.StatusForbidden, "FORBIDDEN")
		}
	}
}

// A steward sees the communities of their own rooms, everybody else all.
func TestCommunities(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	mine := modelstest.Room(t, d.db, func(r *estate.Room) { r.Steward = "员工steward" })
	other := modelstest.Community(t, d.db, "别处")
	modelstest.Room(t, d.db, func(r *estate.Room) { r.CommunityID = other.ID })
	ids := func(role string) (out []string) {
		for _, c := range d.send("GET", "/me", d.signIn(role), "").want(http.StatusOK, "").body["communities"].([]any) {
			out = append(out, c.(map[string]any)["id"].(string))
		}
		return out
	}
	if have := ids(office.RoleSteward); !slices.Equal(have, []string{mine.CommunityID}) {
		t.Errorf("the steward's: %v", have)
	}
	if have := ids(office.RoleManager); len(have) != 2 || !slices.Contains(have, other.ID) {
		t.Errorf("the manager's: %v", have)
	}
}

// Input is taken as strictly as that of phones.
func TestStrictInput(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	token := d.signIn("manager")
	a := d.send("GET", "/me?verbose=1", token, "").want(http.StatusBadRequest, "INVALID_REQUEST")
	if detail := a.body["details"].([]any)[0].(map[string]any); detail["field"] != "query.verbose" || detail["message"] != "不认识的参数" {
		t.Errorf("details %v", a.body["details"])
	}
	for _, body := range []string{`{"yes":true,"no":1}`, `{"yes":"true"}`, `{`, ``} {
		d.send("POST", "/test/1", token, body).want(http.StatusBadRequest, "INVALID_REQUEST")
	}
	d.send("POST", "/test/1", token, `{"yes":true,"x":"`+strings.Repeat("x", 70_000)+`"}`).want(http.StatusRequestEntityTooLarge,
		"REQUEST_TOO_LARGE")
	if a := d.send("POST", "/me", token, `{}`).want(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED"); a.header.Get("Allow") != "GET" {
		t.Errorf("allowed: %q", a.header.Get("Allow"))
	}
	d.send("GET", "/nothing", token, "").want(http.StatusNotFound, models.ErrNotFound.Code)
}
