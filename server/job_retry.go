package main

import (
	"context"
	"fmt"
	"time"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// retryDaily is the pause after which a daily job that failed is tried again. WeChat
// asks for this long a pause while the bill of a day is being made.
const retryDaily = 30 * time.Minute

// maxMissed bounds the days that a daily job makes up for after a standstill.
const maxMissed = 31

// due returns the days that a daily job has not run for, oldest first. A database
// without any run begins with the next day: there is nothing to make up for.
func (j *jobs) due(ctx context.Context, job job) ([]models.Date, error) {
	now := j.app.db.Now()
	newest := now.Date()
	if now.Before(newest.Start().Add(job.at)) {
		newest--
	}
	last, err := office.LastJobRun(j.app.db.View(ctx), job.name)
	if err != nil {
		return nil, err
	}
	if last.Slot == "" {
		return nil, j.app.db.Write(ctx, func(tx *store.Tx) error {
			if err := office.StartJobRun(tx, job.name, newest.String()); err != nil {
				return err
			}
			return office.FinishJobRun(tx, job.name, newest.String(), "first start: nothing to make up for")
		})
	}
	done, err := models.ParseDate(last.Slot)
	if err != nil {
		return nil, err
	}
	var days []models.Date
	for day := max(done+1, newest-maxMissed+1); day <= newest; day++ {
		days = append(days, day)
	}
	return days, nil
}

// makeUp runs a daily job for every day that is due, looked up again under the
// lease. The first failure ends it: the day is tried again later.
func (j *jobs) makeUp(ctx context.Context, job job) error {
	days, err := j.due(ctx, job)
	if err != nil {
		return err
	}
	for _, day := range days {
		slot := day.String()
		if err := j.app.db.Write(ctx, func(tx *store.Tx) error { return office.StartJobRun(tx, job.name, slot) }); err != nil {
			return err
		}
		outcome, err := job.do(ctx, day)
		if err != nil {
			return fmt.Errorf("%s of %s: %w", job.name, slot, err)
		}
		j.app.log.InfoContext(ctx, "job done", "job", job.name, "day", slot, "outcome", outcome)
		if err := j.app.db.Write(ctx, func(tx *store.Tx) error { return office.FinishJobRun(tx, job.name, slot, outcome) }); err != nil {
			return err
		}
	}
	return nil
}
