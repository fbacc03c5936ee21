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
	"wuyepay/payment/reconcile"
)

// maxReconcileMiB bounds the memory of reconciling a million rows, maxThreeWayMiB that of
// a million rows with two million rows of fund flow.
const (
	maxReconcileMiB = 300
	maxThreeWayMiB  = 400
)

// asPartner makes the merchant one of a service provider. Its day has no fund-flow bill,
// so that the command does the work of the two-sided floor.
const asPartner = "WUYEPAY_WECHATPAY__MERCHANTS__MAIN__SUB_MCH_ID=1600000001"

// turn is one round of the command against its floor.
type turn struct {
	ours, floor time.Duration
	mib         float64
}

// measureReconcile measures the reconcile command on a day of a million payments. With
// two sides the floor hashes the bill, splits it, streams the orders and joins the two in
// memory. With three sides the floor only hashes both bills and splits them. Ours also
// downloads, unpacks and proves the bills, streams and joins our side, checks each fee,
// and stores the result.
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
	var two, three []turn
	for range min(opt.rounds, 3) {
		t, err := b.reconcileTurn(ctx, day, config, []string{asPartner}, "reconcile-floor", cfg.DSN, desk.trade.plain, day.on.String(),
			fmt.Sprint(n))
		if err != nil {
			return nil, err
		}
		two = append(two, t)
		if t, err = b.reconcileTurn(ctx, day, config, nil, "threeway-floor", desk.trade.plain, desk.flow.plain,
			fmt.Sprint(3*n)); err != nil {
			return nil, err
		}
		three = append(three, t)
	}
	return append(reconcileRows(fmt.Sprintf("reconciling %d rows", n), two, 2, maxReconcileMiB),
		reconcileRows(fmt.Sprintf("three sides, %d and %d rows", n, 2*n), three, 5, maxThreeWayMiB)...), nil
}

func (b *bed) reconcileTurn(ctx context.Context, day bigDay, config string, environ []string, floor string, args ...string) (t turn,
	err error) {
	self, err := os.Executable()
	if err != nil {
		return t, err
	}
	var answer []byte
	if answer, t.ours, t.mib, err = timed(ctx, environ, b.binary, "--config", config, "reconcile", "--date", day.on.String()); err != nil {
		return t, err
	}
	if err := day.proven(answer, environ == nil); err != nil {
		return t, err
	}
	_, t.floor, _, err = timed(ctx, nil, self, append([]string{"-child", floor}, args...)...)
	return t, err
}

func reconcileRows(what string, turns []turn, limit, mib float64) []row {
	seconds := func(pick func(turn) time.Duration) string {
		return fmt.Sprintf("%.1f s", median(turns, func(t turn) float64 { return pick(t).Seconds() }))
	}
	peak := median(turns, func(t turn) float64 { return t.mib })
	return []row{
		atMost(what, seconds(func(t turn) time.Duration { return t.ours }), seconds(func(t turn) time.Duration { return t.floor }),
			median(turns, func(t turn) float64 { return t.ours.Seconds() / t.floor.Seconds() }), limit),
		atMost(what+": peak memory, MiB", fmt.Sprintf("%.0f MiB", peak), "", peak, mib),
	}
}

// timed runs a program to its end. It returns its output, its duration and its greatest
// resident memory.
func timed(ctx context.Context, environ []string, program string, args ...string) (out []byte, took time.Duration, mib float64, err error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Env = append(os.Environ(), environ...)
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

// peakMemory returns the greatest resident memory of a process so far in MiB, or 0 if it
// has ended. The figure that the system keeps for an ended child is of no use: it begins
// with the memory of its parent.
func peakMemory(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	m := peakLine.FindSubmatch(text)
	if m == nil {
		return 0
	}
	kib, _ := strconv.ParseFloat(string(m[1]), 64) // the pattern matches digits only
	return kib / 1024
}

// proven compares the command's report with what was put in.
func (d bigDay) proven(answer []byte, flow bool) error {
	var r reconcile.Report
	if err := json.Unmarshal(answer, &r); err != nil {
		return fmt.Errorf("report: %w: %s", err, answer)
	}
	if r.Ours.Count != d.n-missingRows || r.Theirs.Count != d.n || r.Theirs.SumFen-r.Ours.SumFen != missingRows*dayAmount ||
		len(r.Differences) != missingRows {
		return fmt.Errorf("the report is not what it should be: %s", answer)
	}
	if flow && (r.FundFlow.Paid.Count != d.n || r.FundFlow.NetFen != models.Fen(d.n)*(dayAmount-dayFee)) {
		return fmt.Errorf("the fund flow is not what it should be: %s", answer)
	}
	return nil
}
