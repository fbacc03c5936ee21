package staff

import (
	"context"
	"errors"
	"strings"
	"sync"

	"wuyepay/models"
)

// Authenticate gives the account of a name and its password, for what a named member of
// staff does by command. Wrong tries are counted with those of the sign-in page.
func Authenticate(ctx context.Context, db *models.DB, username, password string) (models.Staff, error) {
	return authenticate(ctx, db, triesByName(username), username, password)
}

func triesByName(username string) map[string]int {
	return map[string]int{"signin:name:" + digest(strings.ToLower(username)): maxFailuresByName}
}

// authenticate gives the account of a name and its password. The try is counted before
// the password is looked at, and given back if it was right.
func authenticate(ctx context.Context, db *models.DB, tries map[string]int, username, password string) (s models.Staff, err error) {
	day, refused := db.Today(), false
	err = db.Write(ctx, func(tx *models.Tx) error {
		refused = false
		for subject, limit := range tries {
			ok, err := tx.CountAttempt(subject, day, limit)
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
	return s, db.Write(ctx, func(tx *models.Tx) error {
		for subject := range tries {
			if err := tx.ForgiveAttempt(subject, day); err != nil {
				return err
			}
		}
		return nil
	})
}

// decoy is checked when there is no such account, so that the answer takes as long
// as for a wrong password.
var decoy = sync.OnceValues(func() (string, error) { return HashPassword(models.NewToken()) })

func checkPassword(tx *models.Tx, username, password string) (models.Staff, error) {
	s, err := tx.StaffByUsername(username)
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
