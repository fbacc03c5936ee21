package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"time"

	"wuyepay/models"
	"wuyepay/payment"
)

// maxReconcileMiB bounds the memory of reconciling a million rows.
const maxReconcileMiB = 300

// measureReconcile: the reconcile command on a day of a million payments, against
// the least of it: hash the bill, split it, stream the orders and join the two in
// memory. Ours also downloads, unpacks and proves the bill, and stores the result.
func measureReconcile(ctx context.Context, b *bed, opt options) ([]row, error) {
	n := opt.pick(1_000_000, 200_000)
	day := bigDay{on: models.DateOf(time.Now()) - 1, n: n}
	cfg, err := b.database(ctx, "mysql", "reconcile")
	if err != nil {
		return nil, err
	}
	if err := day.pay(ctx, cfg); err != nil {
		return nil, err
	}
	desk, err := b.openBillDesk(day)
	if err != nil {
		return nil, err
	}
	defer desk.close()
	config, err := b.writeConfig(cfg, "127.0.0.1:0", desk.url)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	type turn struct {
		ours, floor time.Duration
		mib         float64
	}
	var turns []turn
	for range min(opt.rounds, 3) {
		var t turn
		var answer []byte
		if answer, t.ours, t.mib, err = timed(ctx, b.binary, "--config", config, "reconcile", "--date", day.on.String()); err != nil {
			return nil, err
		}
		if err := day.proven(answer); err != nil {
			return nil, err
		}
		if _, t.floor, _, err = timed(ctx, self, "-child", "reconcile-floor", cfg.DSN, desk.plain, day.on.String(), fmt.Sprint(n)); err != nil {
			return nil, err
		}
		turns = append(turns, t)
	}
	mib := median(turns, func(t turn) float64 { return t.mib })
	return []row{
		atMost(fmt.Sprintf("reconciling %d rows", n), fmt.Sprintf("%.1f s", median(turns, func(t turn) float64 { return t.ours.Seconds() })),
			fmt.Sprintf("%.1f s", median(turns, func(t turn) float64 { return t.floor.Seconds() })),
			median(turns, func(t turn) float64 { return t.ours.Seconds() / t.floor.Seconds() }), 2),
		atMost("reconciling: peak memory, MiB", fmt.Sprintf("%.0f MiB", mib), "", mib, maxReconcileMiB),
	}, nil
}

// timed runs a program to its end and gives its output, how long it took and its
// greatest resident memory.
func timed(ctx context.Context, program string, args ...string) (out []byte, took time.Duration, mib float64, err error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, 0, 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err = <-ended:
			took = time.Since(begun)
			if err != nil {
				return nil, 0, 0, fmt.Errorf("%s: %w: %s", program, err, stderr.Bytes())
			}
			return stdout.Bytes(), took, mib, nil
		case <-tick.C:
			mib = max(mib, peakMemory(cmd.Process.Pid))
		}
	}
}

var peakLine = regexp.MustCompile(`VmHWM:\s+([0-9]+) kB`)

// peakMemory is the greatest resident memory of a process so far, in MiB; 0 when
// it has ended. The figure that the system keeps for an ended child will not do:
// it begins with the memory of whoever started it.
func peakMemory(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	m := peakLine.FindSubmatch(text)
	if m == nil {
		return 0
	}
	kib, _ := strconv.ParseFloat(string(m[1]), 64) // the pattern lets digits through only
	return kib / 1024
}

// proven holds the command's report against what was put in.
func (d bigDay) proven(answer []byte) error {
	var r payment.Report
	if err := json.Unmarshal(answer, &r); err != nil {
		return fmt.Errorf("report: %w: %s", err, answer)
	}
	if r.Ours.Count != d.n-missingRows || r.Theirs.Count != d.n || r.Theirs.SumFen-r.Ours.SumFen != missingRows*dayAmount || len(r.Differences) != missingRows {
		return fmt.Errorf("the report is not what it should be: %s", answer)
	}
	return nil
}
