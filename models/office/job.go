package office

import (
	"errors"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

// JobRun is one scheduled run of a job; Slot is the scheduled business time, so
// that each slot runs once over all replicas.
type JobRun struct {
	Job        string
	Slot       string
	StartedAt  models.Time
	FinishedAt models.Time
	Outcome    string
}

// AcquireLease takes a lease for some real time: true if it is now ours. A holder
// renews by acquiring again.
func AcquireLease(tx *store.Tx, name, holder string, valid time.Duration) (bool, error) {
	now := models.RealNow()
	ok, err := tx.ExecGuarded("UPDATE leases SET holder = ?, until_at = ? WHERE name = ? AND (holder = ? OR until_at < ?)",
		holder, models.At(now.Add(valid)), name, holder, now)
	if err != nil || ok {
		return ok, err
	}
	_, err = tx.Exec("INSERT INTO leases (name, holder, until_at) VALUES (?,?,?)", name, holder, models.At(now.Add(valid)))
	if err != nil && tx.IsDuplicate(err) {
		return false, nil
	}
	return err == nil, err
}

// ReleaseLease gives a lease back before its time.
func ReleaseLease(tx *store.Tx, name, holder string) error {
	_, err := tx.Exec("UPDATE leases SET until_at = 0 WHERE name = ? AND holder = ?", name, holder)
	return err
}

// LastJobRun gives the newest slot of a job that was done; an empty run if none.
func LastJobRun(tx *store.Tx, job string) (JobRun, error) {
	var r JobRun
	err := tx.QueryRow([]any{&r.Job, &r.Slot, &r.StartedAt, &r.FinishedAt, &r.Outcome},
		"SELECT job, slot, started_at, finished_at, outcome FROM job_runs WHERE job = ? AND finished_at > 0 ORDER BY slot DESC LIMIT 1", job)
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return r, err
}

// StartJobRun notes that a slot is being run (again).
func StartJobRun(tx *store.Tx, job, slot string) error {
	_, err := tx.Exec("INSERT INTO job_runs (job, slot, started_at) VALUES (?,?,?)", job, slot, tx.Now)
	if err != nil && tx.IsDuplicate(err) {
		_, err = tx.Exec("UPDATE job_runs SET started_at = ? WHERE job = ? AND slot = ?", tx.Now, job, slot)
	}
	return err
}

// FinishJobRun notes how a slot ended.
func FinishJobRun(tx *store.Tx, job, slot, outcome string) error {
	if r := []rune(outcome); len(r) > 500 {
		outcome = string(r[:500])
	}
	_, err := tx.Exec("UPDATE job_runs SET finished_at = ?, outcome = ? WHERE job = ? AND slot = ?", tx.Now, outcome, job, slot)
	return err
}

// Lease is who runs a job at the moment.
type Lease struct {
	Name    string
	Holder  string
	UntilAt models.Time
}
