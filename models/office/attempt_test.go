package office_test

import (
	"testing"

	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// TestAttempts takes the tries of a day at once from many sides.
func TestAttempts(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	const limit = 5
	taken := make(chan bool, 20)
	for range cap(taken) {
		go func() {
			ok := false
			err := try(db, func(tx *store.Tx) (err error) {
				ok, err = office.CountAttempt(tx, "x", tx.Today(), limit)
				return err
			})
			if err != nil {
				t.Error(err)
			}
			taken <- ok
		}()
	}
	n := 0
	for range cap(taken) {
		if <-taken {
			n++
		}
	}
	if n != limit {
		t.Errorf("%d tries were given, want %d", n, limit)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return office.ForgiveAttempt(tx, "x", tx.Today()) })
	modelstest.Write(t, db, func(tx *store.Tx) error {
		ok, err := office.CountAttempt(tx, "x", tx.Today(), limit)
		if err == nil && !ok {
			t.Error("a try that was given back is not there")
		}
		return err
	})
}

// TestFailuresOfADay counts for one subject and one day what another does not see.
func TestFailuresOfADay(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	count := func(subject string, later int) {
		modelstest.Write(t, db, func(tx *store.Tx) error { return office.CountFailure(tx, subject, tx.Today().Plus(later)) })
	}
	forgive := func(subject string, later int) {
		modelstest.Write(t, db, func(tx *store.Tx) error { return office.ForgiveAttempt(tx, subject, tx.Today().Plus(later)) })
	}
	count("a", 0)
	count("a", 0)
	count("a", 1)
	forgive("a", 1)
	forgive("a", 1) // never less than none
	forgive("b", 0)
	for _, tt := range []struct {
		subject     string
		later, want int
	}{{"a", 0, 2}, {"a", 1, 0}, {"a", -1, 0}, {"b", 0, 0}} {
		n, err := office.Failures(view(db), tt.subject, view(db).Today().Plus(tt.later))
		if err != nil || n != tt.want {
			t.Errorf("%s has failed %d times %d days from now, want %d (%v)", tt.subject, n, tt.later, tt.want, err)
		}
	}
}
