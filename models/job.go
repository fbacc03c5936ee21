package models

import (
	"errors"
	"time"
)

// JobRun is one scheduled run of a job; Slot is the scheduled business time, so
// that each slot runs once over all replicas.
type JobRun struct {
	Job        string
	Slot       string
	StartedAt  Time
	FinishedAt Time
	Outcome    string
}

// AcquireLease takes a lease for some real time: true if it is now ours. A holder
// renews by acquiring again.
func (tx *Tx) AcquireLease(name, holder string, valid time.Duration) (bool, error) {
	now := RealNow()
	ok, err := tx.guarded("UPDATE leases SET holder = ?, until_at = ? WHERE name = ? AND (holder = ? OR until_at < ?)",
		holder, At(now.Add(valid)), name, holder, now)
	if err != nil || ok {
		return ok, err
	}
	_, err = tx.exec("INSERT INTO leases (name, holder, until_at) VALUES (?,?,?)", name, holder, At(now.Add(valid)))
	if err != nil && tx.isDuplicate(err) {
		return false, nil
	}
	return err == nil, err
}

// ReleaseLease gives a lease back before its time.
func (tx *Tx) ReleaseLease(name, holder string) error {
	_, err := tx.exec("UPDATE leases SET until_at = 0 WHERE name = ? AND holder = ?", name, holder)
	return err
}

// LastJobRun gives the newest slot of a job that was done; an empty run if none.
func (tx *Tx) LastJobRun(job string) (JobRun, error) {
	var r JobRun
	err := tx.one([]any{&r.Job, &r.Slot, &r.StartedAt, &r.FinishedAt, &r.Outcome},
		"SELECT job, slot, started_at, finished_at, outcome FROM job_runs WHERE job = ? AND finished_at > 0 ORDER BY slot DESC LIMIT 1", job)
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return r, err
}

// StartJobRun notes that a slot is being run (again).
func (tx *Tx) StartJobRun(job, slot string) error {
	_, err := tx.exec("INSERT INTO job_runs (job, slot, started_at) VALUES (?,?,?)", job, slot, tx.Now)
	if err != nil && tx.isDuplicate(err) {
		_, err = tx.exec("UPDATE job_runs SET started_at = ? WHERE job = ? AND slot = ?", tx.Now, job, slot)
	}
	return err
}

// FinishJobRun notes how a slot ended.
func (tx *Tx) FinishJobRun(job, slot, outcome string) error {
	if r := []rune(outcome); len(r) > 500 {
		outcome = string(r[:500])
	}
	_, err := tx.exec("UPDATE job_runs SET finished_at = ?, outcome = ? WHERE job = ? AND slot = ?", tx.Now, outcome, job, slot)
	return err
}
