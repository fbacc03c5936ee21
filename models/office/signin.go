package office

import (
	"context"
	"errors"
	"sync"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

// StaffSessionValid is how long a member of staff stays signed in.
const StaffSessionValid = 12 * time.Hour

// Refusals of a sign-in. An unknown name, a disabled account and a wrong password have
// the same one.
var (
	ErrBadSignIn = models.Refusal(models.KindUnauthorized, "BAD_SIGN_IN", "用户名或密码不正确")
	ErrLockedOut = models.Refusal(models.KindTooMany, "LOCKED_OUT", "今天输错密码的次数过多，该账号已暂停登录。请明天再试，或联系管理员。")
)

// Authenticate returns the member of staff of a name and a password, or [ErrBadSignIn],
// or [ErrLockedOut] once too many wrong passwords were tried today, by name or from addr.
// addr is the address that the try comes from; empty for a command.
//
// The try is counted before the password is looked at, and taken back if it was right,
// so that many at once cannot get past the limit. Everything that asks for a password counts
// it here: the console, the staff API and commands share the limit.
func Authenticate(ctx context.Context, db *store.DB, username, password, addr string) (s Staff, err error) {
	day, refused, tries := db.Today(), false, signInTries(username, addr)
	err = db.Write(ctx, func(tx *store.Tx) error {
		refused = false
		for subject, limit := range tries {
			ok, err := CountAttempt(tx, subject, day, limit)
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
		return s, ErrLockedOut
	}
	if s, err = checkPassword(db.View(ctx), username, password); err != nil {
		return s, err
	}
	return s, db.Write(ctx, func(tx *store.Tx) error {
		for subject := range tries {
			if err := ForgiveAttempt(tx, subject, day); err != nil {
				return err
			}
		}
		return nil
	})
}

// decoy is the hash of no password. It is checked when there is no such username, so that the
// answer takes as long as for a wrong password.
var decoy = sync.OnceValues(func() (string, error) { return HashPassword(NewToken()) })

func checkPassword(tx *store.Tx, username, password string) (Staff, error) {
	s, err := StaffByUsername(tx, username)
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
		return Staff{}, ErrBadSignIn
	}
	return s, nil
}

// StartStaffSession signs a member of staff in and writes the audit entry.
func StartStaffSession(tx *store.Tx, s Staff) (token string, expires models.Time, err error) {
	if token, expires, err = StartSession(tx, SessionStaff, s.ID, StaffSessionValid); err != nil {
		return "", expires, err
	}
	return token, expires, Audit(tx, s.Actor(), "staff.signed_in", "staff", s.ID, nil)
}

// EndStaffSession signs a member of staff out and writes the audit entry.
func EndStaffSession(tx *store.Tx, s Staff, token string) error {
	if err := EndSession(tx, token); err != nil {
		return err
	}
	return Audit(tx, s.Actor(), "staff.signed_out", "staff", s.ID, nil)
}

// StaffOfToken returns whom a token signs in; [models.ErrUnauthorized] if the token is
// unknown or expired, or the account is disabled.
func StaffOfToken(tx *store.Tx, token string) (Staff, error) {
	id, err := SessionSubject(tx, SessionStaff, token)
	if err != nil {
		return Staff{}, err
	}
	s, err := StaffByID(tx, id)
	if errors.Is(err, models.ErrNotFound) {
		err = models.ErrUnauthorized
	}
	return s, err
}
