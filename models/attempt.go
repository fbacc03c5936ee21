package models

// CountAttempt takes one of the tries that a subject has on a day: false if there
// are none left. A try that succeeds is given back with [Tx.ForgiveAttempt]. The
// try is taken before it is known how it ends, so that many at once cannot get
// past the limit.
func (tx *Tx) CountAttempt(subject string, day Date, limit int) (bool, error) {
	// Counted first and looked at then: the row is locked by the update.
	if err := tx.CountFailure(subject, day); err != nil {
		return false, err
	}
	n, err := tx.Failures(subject, day)
	if err != nil || n <= limit {
		return err == nil, err
	}
	return false, tx.ForgiveAttempt(subject, day)
}

// ForgiveAttempt gives a try back.
func (tx *Tx) ForgiveAttempt(subject string, day Date) error {
	_, err := tx.exec("UPDATE attempts SET failures = failures - 1 WHERE subject = ? AND day = ? AND failures > 0", subject, day)
	return err
}
