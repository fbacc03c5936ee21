package office

import (
	"time"

	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Lease is the right of one replica to run a job, until an instant of real time.
type Lease struct {
	Name    string
	Holder  string
	UntilAt models.Time
}

var leaseTable = store.NewTable[Lease]("leases")

var sqlTakeLease = leaseTable.Update("holder, until_at", "name = ? AND (holder = ? OR until_at < ?)")

// AcquireLease takes a lease for some real time, and reports whether it is the holder's
// now. A holder renews by acquiring again. A lease that has ended is free for anybody.
func AcquireLease(tx *store.Tx, name, holder string, valid time.Duration) (bool, error) {
	now := models.RealNow()
	l := Lease{Name: name, Holder: holder, UntilAt: models.At(now.Add(valid))}
	ok, err := sqlTakeLease.Guarded(tx, &l, name, holder, now)
	if err != nil || ok {
		return ok, err
	}
	n, err := leaseTable.InsertNew(tx, l) // none if somebody else holds it
	return n == 1, err
}

// ReleaseLease ends a holder's lease before its time. Somebody else's stays.
func ReleaseLease(tx *store.Tx, name, holder string) error {
	_, err := store.G[Lease](tx).Where("name = ? AND holder = ?", name, holder).
		Set(clause.Assignments(map[string]any{"until_at": models.Time{}})).Update(tx.Context())
	return err
}
