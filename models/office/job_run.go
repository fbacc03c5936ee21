package office

import (
	"errors"

	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/store"
)

// JobRun is one scheduled run of a job. Slot is the business time for which it is
// scheduled, as a text that sorts by time, so that each slot runs once over all
// replicas. A slot that was started and not finished is run again.
type JobRun struct {
	Job        string
	Slot       string
	StartedAt  models.Time
	FinishedAt models.Time // never: it is running, or ended with the program
	Outcome    string
}

var jobRunTable = store.NewTable[JobRun]("job_runs")

// maxOutcome is how many characters of an outcome are kept.
const maxOutcome = 500

// LastJobRun returns the newest slot of a job that was finished; an empty run if there
// is none.
func LastJobRun(tx *store.Tx, job string) (JobRun, error) {
	r, err := store.G[JobRun](tx).Where("job = ? AND finished_at > 0", job).Order("slot DESC").Take(tx.Context())
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return r, err
}

// StartJobRun notes that a slot is being run, for the first time or again.
func StartJobRun(tx *store.Tx, job, slot string) error {
	err := jobRunTable.Insert(tx, JobRun{Job: job, Slot: slot, StartedAt: tx.Now})
	if err != nil && tx.IsDuplicate(err) {
		return setOfJobRun(tx, job, slot, map[string]any{"started_at": tx.Now})
	}
	return err
}

// FinishJobRun notes how a slot ended. Of a long outcome it keeps the beginning.
func FinishJobRun(tx *store.Tx, job, slot, outcome string) error {
	if r := []rune(outcome); len(r) > maxOutcome {
		outcome = string(r[:maxOutcome])
	}
	return setOfJobRun(tx, job, slot, map[string]any{"finished_at": tx.Now, "outcome": outcome})
}

func setOfJobRun(tx *store.Tx, job, slot string, values map[string]any) error {
	_, err := store.G[JobRun](tx).Where("job = ? AND slot = ?", job, slot).Set(clause.Assignments(values)).Update(tx.Context())
	return err
}
