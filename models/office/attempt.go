package office

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/store"
)

// CountAttempt takes one of the tries that a subject has on a day: false if there
// are none left. A try that succeeds is given back with [ForgiveAttempt]. The
// try is taken before it is known how it ends, so that many at once cannot get
// past the limit.
func CountAttempt(tx *store.Tx, subject string, day models.Date, limit int) (bool, error) {
	// Counted first and looked at then: the row is locked by the update.
	if err := CountFailure(tx, subject, day); err != nil {
		return false, err
	}
	n, err := Failures(tx, subject, day)
	if err != nil || n <= limit {
		return err == nil, err
	}
	return false, ForgiveAttempt(tx, subject, day)
}

// ForgiveAttempt gives a try back.
func ForgiveAttempt(tx *store.Tx, subject string, day models.Date) error {
	_, err := tx.Exec("UPDATE attempts SET failures = failures - 1 WHERE subject = ? AND day = ? AND failures > 0", subject, day)
	return err
}

// CountFailure adds a failed attempt of a subject on a day.
func CountFailure(tx *store.Tx, subject string, day models.Date) error {
	n, err := tx.Exec("UPDATE attempts SET failures = failures + 1 WHERE subject = ? AND day = ?", subject, day)
	if err != nil || n == 1 {
		return err
	}
	_, err = tx.Exec("INSERT INTO attempts (subject, day, failures) VALUES (?,?,1)", subject, day)
	if err != nil && tx.IsDuplicate(err) {
		_, err = tx.Exec("UPDATE attempts SET failures = failures + 1 WHERE subject = ? AND day = ?", subject, day)
	}
	return err
}

// Failures is the number of failed attempts of a subject on a day.
func Failures(tx *store.Tx, subject string, day models.Date) (int, error) {
	n := 0
	err := tx.QueryRow([]any{&n}, "SELECT failures FROM attempts WHERE subject = ? AND day = ?", subject, day)
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return n, err
}
