package office

import (
	"errors"

	"gorm.io/gorm"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Attempt is how often a subject has failed on a day, for example to sign in with a
// password or to claim a room with four digits of a phone.
type Attempt struct {
	Subject  string // what is limited and for whom, as its user names it
	Day      models.Date
	Failures int
}

var attemptTable = store.NewTable[Attempt]("attempts")

// CountAttempt takes one of the tries that a subject has on a day, and reports whether
// there was one left. [ForgiveAttempt] returns a try that succeeds. The try is taken
// before it is known how it ends, so that many at once cannot get past the limit.
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

// ForgiveAttempt takes one failure of a subject on a day back. There are never less
// than none.
func ForgiveAttempt(tx *store.Tx, subject string, day models.Date) error {
	_, err := store.G[Attempt](tx).Where("subject = ? AND day = ? AND failures > 0", subject, day).
		Update(tx.Context(), "failures", gorm.Expr("failures - 1"))
	return err
}

// CountFailure adds a failed attempt of a subject on a day.
func CountFailure(tx *store.Tx, subject string, day models.Date) error {
	more := func() (int, error) {
		q := store.G[Attempt](tx).Where("subject = ? AND day = ?", subject, day)
		return q.Update(tx.Context(), "failures", gorm.Expr("failures + 1"))
	}
	n, err := more()
	if err != nil || n == 1 {
		return err
	}
	err = attemptTable.Insert(tx, Attempt{Subject: subject, Day: day, Failures: 1})
	if err != nil && tx.IsDuplicate(err) { // the first two at once
		_, err = more()
	}
	return err
}

// Failures returns the number of failed attempts of a subject on a day.
func Failures(tx *store.Tx, subject string, day models.Date) (int, error) {
	a, err := store.G[Attempt](tx).Where("subject = ? AND day = ?", subject, day).Take(tx.Context())
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return a.Failures, err
}
