package staff

import (
	"context"
	"errors"
	"sync"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Authenticate returns the member of staff of a name and a password, for commands that a
// named person gives. It counts wrong tries together with those of the sign-in page.
func Authenticate(ctx context.Context, db *store.DB, username, password string) (office.Staff, error) {
	return authenticate(ctx, db, triesByName(username), username, password)
}

// authenticate returns the member of staff of a name and a password. It counts the try
// before it looks at the password, and takes it off again if the password was right.
func authenticate(ctx context.Context, db *store.DB, tries map[string]int, username, password string) (s office.Staff, err error) {
	day, refused := db.Today(), false
	err = db.Write(ctx, func(tx *store.Tx) error {
		refused = false
		for subject, limit := range tries {
			ok, err := office.CountAttempt(tx, subject, day, limit)
			if err != nil {
				return err
			}
			refused = refused || !ok
		}
		return nil
	})
	if err != nil {
		return s, err
	}
	if refused {
		return s, errLockedOut
	}
	if s, err = checkPassword(db.View(ctx), username, password); err != nil {
		return s, err
	}
	return s, db.Write(ctx, func(tx *store.Tx) error {
		for subject := range tries {
			if err := office.ForgiveAttempt(tx, subject, day); err != nil {
				return err
			}
		}
		return nil
	})
}

// decoy is the hash of no password. It is checked when there is no such username, so that the
// answer takes as long as for a wrong password.
var decoy = sync.OnceValues(func() (string, error) { return HashPassword(office.NewToken()) })

func checkPassword(tx *store.Tx, username, password string) (office.Staff, error) {
	s, err := office.StaffByUsername(tx, username)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return s, err
	}
	known, hash := err == nil, s.PasswordHash
	if !known {
		if hash, err = decoy(); err != nil {
			return s, err
		}
	}
	if !CheckPassword(hash, password) || !known {
		return s, errBadSignIn
	}
	return s, nil
}
