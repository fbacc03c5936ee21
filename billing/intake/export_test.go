package intake

import (
	"context"

	"wuyepay/models/office"
	"wuyepay/models/store"
)

// CommitRun writes a run, and calls renew in the transaction of each step.
func CommitRun(ctx context.Context, db *store.DB, run *office.ImportRun, renew func(*store.Tx) error) (Result, error) {
	return commitRun(ctx, db, run, nil, renew)
}

// StepRows is how many rows one transaction writes at most.
const StepRows = stepRows
