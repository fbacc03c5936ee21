package estate_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func TestEnsureUser(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	ensure := func(app, openID string) (u estate.User, err error) {
		return u, db.Write(context.Background(), func(tx *store.Tx) (err error) {
			u, err = estate.EnsureUser(tx, app, openID, "union")
			return err
		})
	}
	found := make(chan string, 8)
	for range cap(found) { // first logins at once
		go func() {
			u, err := ensure("wx1", "o1")
			if err != nil {
				t.Error(err)
			}
			found <- u.ID
		}()
	}
	id := <-found
	for range cap(found) - 1 {
		if other := <-found; other != id || id == "" {
			t.Errorf("one openid is %q and %q", id, other)
		}
	}
	if u, err := ensure("wx2", "o1"); err != nil || u.ID == id {
		t.Errorf("an openid under another mini-program is %q, %v", u.ID, err)
	}
	u := must[estate.User](t)(estate.UserByID(view(db), id))
	if u.AppID != "wx1" || u.OpenID != "o1" || u.UnionID != "union" || u.PhoneIndex != "" {
		t.Errorf("the user is %+v", u)
	}
	_, err := estate.UserByID(view(db), models.NewID())
	notFound(t, "an unknown user", err)
}

func TestUserPhone(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	a, b, c := modelstest.User(t, db), modelstest.User(t, db), modelstest.User(t, db)
	set := func(id, phone string) error {
		return try(db, func(tx *store.Tx) error { return estate.SetUserPhone(tx, id, phone) })
	}
	if err := errors.Join(set(a.ID, "13800001234"), set(b.ID, "13800001234"), set(c.ID, "13900005678")); err != nil {
		t.Fatal(err)
	}
	for phone, users := range map[string][]string{"13800001234": {a.ID, b.ID}, "13900005678": {c.ID}, "13700000000": nil, "": nil} {
		want(t, "users of "+phone, must[[]string](t)(estate.UsersOfPhone(view(db), phone)), users...)
	}
	u := must[estate.User](t)(estate.UserByID(view(db), a.ID))
	if phone, err := estate.UserPhone(view(db), u); err != nil || phone != "13800001234" {
		t.Errorf("the phone is %q, %v", phone, err)
	}
	if phone, err := estate.UserPhone(view(db), a); err != nil || phone != "" {
		t.Errorf("before it was given the phone is %q, %v", phone, err)
	}
	if err := set(models.NewID(), "13800001234"); err == nil {
		t.Error("the phone of an unknown user was kept")
	}
}

func TestUserOfToken(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	u := modelstest.User(t, db)
	start := func(subject, id string, valid time.Duration) (token string) {
		modelstest.Write(t, db, func(tx *store.Tx) (err error) {
			token, _, err = office.StartSession(tx, subject, id, valid)
			return err
		})
		return token
	}
	if have, err := estate.UserOfToken(view(db), start(office.SessionUser, u.ID, time.Hour)); err != nil || have.ID != u.ID {
		t.Errorf("the token signs %q in, %v", have.ID, err)
	}
	for what, token := range map[string]string{
		"unknown": office.NewToken(), "empty": "", "expired": start(office.SessionUser, u.ID, -time.Second),
		"of staff": start(office.SessionStaff, u.ID, time.Hour), "of nobody": start(office.SessionUser, models.NewID(), time.Hour),
	} {
		if _, err := estate.UserOfToken(view(db), token); !errors.Is(err, models.ErrUnauthorized) {
			t.Errorf("a token that is %s: %v", what, err)
		}
	}
}
