package office_test

import (
	"errors"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	clock := modelstest.NewClock(modelstest.Start)
	db := modelstest.OpenAt(t, clock.Now)
	start := func(subject, id string, valid time.Duration) (token string) {
		modelstest.Write(t, db, func(tx *store.Tx) (err error) {
			var expires models.Time
			token, expires, err = office.StartSession(tx, subject, id, valid)
			if left := time.Until(expires.Time); left > valid || left < valid-time.Minute {
				t.Errorf("a session of %s ends in %s", valid, left)
			}
			return err
		})
		return token
	}
	signedIn := func(subject, token string) string {
		id, err := office.SessionSubject(view(db), subject, token)
		if err != nil && !errors.Is(err, models.ErrUnauthorized) {
			t.Fatal(err)
		}
		return id
	}
	phone, desk := start(office.SessionUser, "u1", time.Hour), start(office.SessionUser, "u1", time.Hour)
	other, over := start(office.SessionUser, "u2", time.Hour), start(office.SessionUser, "u1", -time.Second)
	staff := start(office.SessionStaff, "u1", time.Hour)
	clock.Advance(1000 * time.Hour) // business time does not end a session
	check := func(when string, want ...string) {
		t.Helper()
		for i, have := range []string{
			signedIn(office.SessionUser, phone), signedIn(office.SessionUser, desk), signedIn(office.SessionUser, other),
			signedIn(office.SessionStaff, staff),
		} {
			if have != want[i] {
				t.Errorf("%s session %d is of %q, want %q", when, i, have, want[i])
			}
		}
	}
	check("at first", "u1", "u1", "u2", "u1")
	for what, have := range map[string]string{
		"expired": signedIn(office.SessionUser, over), "of staff": signedIn(office.SessionUser, staff),
		"of a user": signedIn(office.SessionStaff, phone), "unknown": signedIn(office.SessionUser, "x"),
		"the kept hash": signedIn(office.SessionUser, office.TokenHash(phone)),
	} {
		if have != "" {
			t.Errorf("a token that is %s signs %s in", what, have)
		}
	}
	for range 2 { // a token that has ended is no error
		modelstest.Write(t, db, func(tx *store.Tx) error { return office.EndSession(tx, phone) })
	}
	check("after one has ended,", "", "u1", "u2", "u1")
	modelstest.Write(t, db, func(tx *store.Tx) error { return office.EndSessionsOf(tx, office.SessionUser, "u1") })
	check("after those of u1 have ended,", "", "", "u2", "u1")

	start(office.SessionUser, "u1", -time.Second)
	modelstest.Write(t, db, func(tx *store.Tx) error {
		if n, err := office.PurgeSessions(tx); err != nil || n != 1 {
			t.Errorf("%d sessions were purged, %v", n, err)
		}
		return nil
	})
	check("after the purge", "", "", "u2", "u1")
	if a, b := office.NewToken(), office.NewToken(); a == b || len(a) != 43 {
		t.Errorf("tokens %s and %s", a, b)
	}
}
