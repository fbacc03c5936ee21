package main

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"testing"
)

// short returns the options of a drill of some seconds: two processes on MariaDB if there
// is one, else one process on SQLite.
func short(seed uint64) options {
	return options{seed: seed, actions: 240, workers: 8, households: 24, days: 2, chance: 0.04, killEvery: 1.5, hasty: true,
		mysqlDSN: os.Getenv("TEST_MYSQL_DSN"), verbose: true}
}

// TestDrill runs the short drill with a new seed each time. A failure prints the seed.
func TestDrill(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	var out bytes.Buffer
	err := run(context.Background(), short(uint64(os.Getpid())), &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{`(?m)^lost +0$`, `(?m)^doubled +0$`, `(?m)^payments booked +[1-9]`,
		`(?m)^processes killed with SIGKILL +[1-9]`} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("the report lacks %s:\n%s", want, out.String())
		}
	}
}

// TestSeedReplays proves that the same seed makes the same plan, and another seed another.
func TestSeedReplays(t *testing.T) {
	t.Parallel()
	one, again, other := newPlan(short(1)), newPlan(short(1)), newPlan(short(2))
	if one.digest() != again.digest() || one.digest() == other.digest() {
		t.Errorf("plans %s, %s and %s", one.digest(), again.digest(), other.digest())
	}
	if n := one.count(); n != 240 {
		t.Errorf("%d actions", n)
	}
}

// TestProofFinds shows that the proof finds each way in which the books of both sides can
// differ.
func TestProofFinds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		list []booking
		want verdict
	}{
		"as paid":  {[]booking{{"42", 100}}, verdict{}},
		"lost":     {nil, verdict{lost: 1}},
		"twice":    {[]booking{{"42", 100}, {"42", 100}}, verdict{doubled: 1}},
		"a fen":    {[]booking{{"42", 99}}, verdict{different: 1}},
		"of other": {[]booking{{"43", 100}}, verdict{different: 1}},
	} {
		d := &drill{bed: &bed{box: quietBox(t)}, log: newLedger()}
		d.proveOrder("NO", "42", 100, tt.list)
		d.result.first = ""
		if d.result != tt.want {
			t.Errorf("%s: %+v, want %+v", name, d.result, tt.want)
		}
	}
	d := &drill{bed: &bed{box: quietBox(t)}, log: newLedger()}
	d.log.sawPaid("NO")
	d.proveOrder("NO", "42", 100, nil)
	if d.result.untrue != 1 {
		t.Error("a phone saw an order as paid that is not booked, and the proof does not find it")
	}
}
