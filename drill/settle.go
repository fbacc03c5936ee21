package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"wuyepay/models"
	"wuyepay/models/proof"
)

// settleFor is how long everything may take to settle after the faults have ended.
const settleFor = 6 * time.Minute

// settle lets everything come to its end. The faults have ended, the servers run, and
// business time is a day later, so that every open order has expired.
func (d *drill) settle(ctx context.Context) error {
	begun := time.Now()
	if err := d.calm(ctx); err != nil {
		return fmt.Errorf("after the storm: %w", err)
	}
	// One more night, for what was paid after the storm. No process is killed by force any
	// more, but a start sets the clock.
	for _, s := range d.bed.servers {
		s.kill()
	}
	d.bed.clock.nextMorning()
	if err := d.startServers(ctx); err != nil {
		return err
	}
	raw, err := d.bed.raw()
	if err != nil {
		return err
	}
	defer raw.Close()
	if d.opt.hasty {
		if _, err := raw.ExecContext(ctx, "DELETE FROM leases"); err != nil {
			return err
		}
	}
	for deadline := time.Now().Add(settleFor); ; {
		// Orders that are next checked in some minutes are checked now.
		if err := hurry(ctx, raw, "UPDATE orders SET next_check_at = 1 WHERE status = 'pending' OR (status = 'closed' AND "+
			"closed_at_wechat = 0)"); err != nil {
			return err
		}
		open, err := unsettled(ctx, raw)
		if err != nil {
			return err
		}
		refunds, err := d.endRefunds(ctx, raw)
		if err != nil {
			return err
		}
		if open += refunds; open == 0 {
			break
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d orders and refunds have not come to their end after %s", open, settleFor)
		}
		if !pause(ctx, time.Second) {
			return ctx.Err()
		}
	}
	d.log.set("seconds until all had settled", int64(time.Since(begun).Seconds()))
	if err := d.closeDays(ctx); err != nil {
		return err
	}
	return d.reconcileAll(ctx)
}

// hurry runs a statement that makes rows due for a check now. If the servers hold the
// same rows and the database chooses this statement as the victim of a deadlock, it does
// nothing: it is called again in a second.
func hurry(ctx context.Context, raw *sql.DB, statement string) error {
	_, err := raw.ExecContext(ctx, statement)
	var refused *driver.MySQLError
	if errors.As(err, &refused) && (refused.Number == deadlock || refused.Number == lockTimeout) {
		return nil
	}
	return err
}

// MySQL's error numbers after which a transaction may be repeated.
const (
	deadlock    = 1213
	lockTimeout = 1205
)

func unsettled(ctx context.Context, raw *sql.DB) (n int, err error) {
	return n, raw.QueryRowContext(ctx, "SELECT COUNT(*) FROM orders WHERE status = 'pending' OR (status = 'closed' AND "+
		"closed_at_wechat = 0)").Scan(&n)
}

// calm proves that nothing is stuck: every household can order and pay at the first try.
func (d *drill) calm(ctx context.Context) error {
	w := &worker{d: d, ctx: ctx}
	for i, h := range d.homes {
		p := h.phones[i%2]
		a := p.once(ctx, "POST", "/orders", d.nextKey(), map[string]any{"room_id": h.room, "bill_ids": []string{}, "prepay_fen": 100 + i,
			"expected_total_fen": 100 + i})
		var o placed
		if a.status != 201 || a.into(&o) != nil {
			return fmt.Errorf("household %d cannot order: status %d %s", i, a.status, a.code)
		}
		if err := w.pay(&o, false); err != nil {
			return err
		}
	}
	return nil
}

// raw opens the database with database/sql alone, to read it.
func (b *bed) raw() (*sql.DB, error) {
	if b.admin != "" {
		return sql.Open("mysql", b.db.DSN)
	}
	return sql.Open("sqlite", "file:"+b.db.DSN+"?_pragma=busy_timeout(10000)")
}

// reconciled is the command's report of a merchant's day.
type reconciled struct {
	Ours        daySum `json:"ours"`
	Theirs      daySum `json:"theirs"`
	Differences []struct {
		Kind       string `json:"kind"`
		Resolution string `json:"resolution"`
	} `json:"differences"`
}

type daySum struct {
	Count  int64 `json:"count"`
	SumFen int64 `json:"sum_fen"`
}

// reconcileOnce runs the command under faults: it may fail and may be killed.
func (d *drill) reconcileOnce(ctx context.Context, day models.Date, s step) {
	server := d.bed.servers[s.pick(1, len(d.bed.servers))]
	limit := 20 * time.Second
	if s.chance[2] < 0.5 {
		limit = time.Duration(200+1500*s.chance[3]) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(ctx, limit) // then SIGKILL
	defer cancel()
	d.log.add("reconciliations in the storm", 1)
	if _, err := server.run(ctx, "reconcile", "--date", day.String()); err != nil {
		d.log.add("reconciliations that failed or were killed", 1)
	}
}

// reconcileAll reconciles every day with WeChat's bill twice. The second run must find
// the same, and the sums of both sides must be equal.
func (d *drill) reconcileAll(ctx context.Context) error {
	for range 2 {
		for _, day := range d.pastDays() {
			out, err := d.bed.servers[0].run(ctx, "reconcile", "--date", day.String())
			if err != nil {
				return err
			}
			var r reconciled
			if err := json.Unmarshal([]byte(strings.TrimSpace(out)), &r); err != nil {
				return fmt.Errorf("reconcile %s: %w: %s", day, err, out)
			}
			if r.Ours != r.Theirs {
				return fmt.Errorf("reconcile %s: ours %+v, theirs %+v", day, r.Ours, r.Theirs)
			}
			for _, f := range r.Differences {
				if f.Resolution == proof.ResolutionOpen {
					return fmt.Errorf("reconcile %s: an open finding: %s", day, f.Kind)
				}
				d.log.add("findings that healed: "+f.Kind, 1)
			}
		}
	}
	return nil
}
