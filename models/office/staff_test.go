package office_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// TestLastAdmin has two admins disable each other at once: one stays.
func TestLastAdmin(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	admins := []office.Staff{{Username: "a", Role: office.RoleAdmin}, {Username: "b", Role: office.RoleAdmin}}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return errors.Join(office.AddStaff(tx, modelstest.Actor, &admins[0]), office.AddStaff(tx, modelstest.Actor, &admins[1]))
	})
	results := make(chan error, 2)
	for i := range admins {
		go func() {
			results <- try(db, func(tx *store.Tx) error { return office.DisableStaff(tx, admins[i].Actor(), admins[1-i].ID) })
		}()
	}
	first, second := <-results, <-results
	if (first == nil) == (second == nil) || !errors.Is(errors.Join(first, second), office.ErrLastAdmin) {
		t.Errorf("two admins disabled each other: %v, %v", first, second)
	}
}

// hired adds an account of a role.
func hired(t *testing.T, db *store.DB, username, name, role string) office.Staff {
	t.Helper()
	s := office.Staff{Username: username, Name: name, Role: role, PasswordHash: "hash of " + username}
	modelstest.Write(t, db, func(tx *store.Tx) error { return office.AddStaff(tx, modelstest.Actor, &s) })
	return s
}

func TestAddStaff(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	s, plain := hired(t, db, "zhou", " 周楠 ", office.RoleSteward), hired(t, db, "gao", "  ", office.RoleCashier)
	if s.Name != "周楠" || plain.Name != "gao" || s.CreatedAt != db.Now() {
		t.Errorf("the accounts are %+v and %+v", s, plain)
	}
	if a := s.Actor(); a != (models.Actor{Kind: models.ActorStaff, ID: s.ID, Name: "周楠"}) {
		t.Errorf("as an actor: %+v", a)
	}
	for what, s := range map[string]office.Staff{
		"a name that is taken": {Username: "zhou", Role: office.RoleAdmin},
		"a role that is none":  {Username: "new", Role: "king"},
	} {
		err := try(db, func(tx *store.Tx) error { return office.AddStaff(tx, modelstest.Actor, &s) })
		if err == nil || errors.Is(err, office.ErrUsernameTaken) != (s.Username == "zhou") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n, err := office.StaffCount(view(db)); err != nil || n != 2 {
		t.Errorf("%d accounts, %v", n, err)
	}
	if have, err := office.StaffByUsername(view(db), "zhou"); err != nil || have != s {
		t.Errorf("by username: %+v, %v", have, err)
	}
	if name, err := office.StaffNamed(view(db), s.ID); err != nil || name != "周楠" {
		t.Errorf("by id the name is %s, %v", name, err)
	}
	_, err := office.StaffNamed(view(db), models.NewID())
	notFound(t, "the name of nobody", err)
	wantActions(t, db, "staff", s.ID, "staff.added")
}

func TestDisableStaff(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	admin, s := hired(t, db, "a", "", office.RoleAdmin), hired(t, db, "z", "", office.RoleFinance)
	disable := func(by models.Actor, id string) error {
		return try(db, func(tx *store.Tx) error { return office.DisableStaff(tx, by, id) })
	}
	signIn := func() (token string) {
		modelstest.Write(t, db, func(tx *store.Tx) (err error) {
			token, _, err = office.StartSession(tx, office.SessionStaff, s.ID, time.Hour)
			return err
		})
		return token
	}
	token := signIn()
	if err := disable(s.Actor(), s.ID); !errors.Is(err, office.ErrOwnAccount) {
		t.Errorf("one's own account: %v", err)
	}
	if err := disable(modelstest.Actor, admin.ID); !errors.Is(err, office.ErrLastAdmin) {
		t.Errorf("the last admin: %v", err)
	}
	notFound(t, "nobody", disable(admin.Actor(), models.NewID()))
	for range 2 { // a second time nothing happens
		if err := disable(admin.Actor(), s.ID); err != nil {
			t.Fatal(err)
		}
	}
	_, err := office.StaffByID(view(db), s.ID)
	notFound(t, "a disabled account by id", err)
	_, err = office.StaffByUsername(view(db), "z")
	notFound(t, "a disabled account by name", err)
	if have, err := office.AnyStaff(view(db), s.ID); err != nil || !have.Disabled {
		t.Errorf("it is %+v, %v", have, err)
	}
	if _, err := office.SessionSubject(view(db), office.SessionStaff, token); !errors.Is(err, models.ErrUnauthorized) {
		t.Errorf("a session of a disabled account: %v", err)
	}
	list, err := office.StaffList(view(db))
	if err != nil || len(list) != 2 || list[0].ID != admin.ID || list[1].ID != s.ID {
		t.Errorf("the list is %+v, %v", list, err)
	}
	for range 2 {
		modelstest.Write(t, db, func(tx *store.Tx) error { return office.EnableStaff(tx, admin.Actor(), s.ID) })
	}
	if have, err := office.StaffByID(view(db), s.ID); err != nil || have.Disabled {
		t.Errorf("enabled again it is %+v, %v", have, err)
	}
	wantActions(t, db, "staff", s.ID, "staff.added", "staff.disabled", "staff.enabled")
}

func TestSetStaffPassword(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	s := hired(t, db, "z", "", office.RoleFinance)
	set := func(hash string) error {
		return try(db, func(tx *store.Tx) error { return office.SetStaffPassword(tx, s.Actor(), s, hash) })
	}
	if err := set("new"); err != nil {
		t.Fatal(err)
	}
	if err := set("newer"); !errors.Is(err, office.ErrPasswordChanged) {
		t.Errorf("on a hash that is no more: %v", err)
	}
	if have, err := office.StaffByID(view(db), s.ID); err != nil || have.PasswordHash != "new" {
		t.Errorf("the hash is %s, %v", have.PasswordHash, err)
	}
	wantActions(t, db, "staff", s.ID, "staff.added", "staff.password")
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		permission office.Permission
		roles      []string
	}{
		{office.PermNone, append([]string{"", "king"}, office.StaffRoles...)},
		{office.PermSelf, office.StaffRoles},
		{office.PermStaffEdit, []string{office.RoleAdmin}},
		{office.PermTakings, []string{office.RoleCashier, office.RoleFinance, office.RoleManager, office.RoleAdmin}},
		{office.PermRefundApprove, []string{office.RoleManager, office.RoleAdmin}},
		{"no such thing", nil},
	} {
		var have []string
		for _, role := range append([]string{"", "king"}, office.StaffRoles...) {
			if (office.Staff{Role: role}).Can(tt.permission) {
				have = append(have, role)
			}
		}
		if !slices.Equal(have, tt.roles) {
			t.Errorf("%q is granted to %q, want %q", tt.permission, have, tt.roles)
		}
	}
}
