package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"time"
)

var profileTotal = regexp.MustCompile(`Total samples = ([0-9.]+m?s)`)

// profiled reads a CPU profile. It returns all of it except the start of the process,
// which is the first goroutine's work, and the part inside one function.
func profiled(ctx context.Context, binary, profile, function string) (total, inside time.Duration, err error) {
	out, err := exec.CommandContext(ctx, "go", "tool", "pprof", "-top", "-cum", "-nodefraction=0", "-nodecount=100000", binary,
		profile).Output()
	if err != nil {
		return 0, 0, fmt.Errorf("read the profile: %w", err)
	}
	var start time.Duration
	for _, f := range []struct {
		name    string
		pattern *regexp.Regexp
		into    *time.Duration
	}{{"the whole", profileTotal, &total}, {function, inFunction(function), &inside}, {"main.main", inFunction("main.main"), &start}} {
		m := f.pattern.FindSubmatch(out)
		if m == nil {
			return 0, 0, fmt.Errorf("the profile has no %s", f.name)
		}
		if *f.into, err = time.ParseDuration(string(m[1])); err != nil {
			return 0, 0, err
		}
	}
	return total - start, inside, nil
}

// inFunction matches a line of -top. Its fourth column is the time in a function and all
// that it calls.
func inFunction(name string) *regexp.Regexp {
	return regexp.MustCompile(`(?m)^\s*\S+\s+\S+\s+\S+\s+([0-9.]+m?s)\s+\S+\s+` + regexp.QuoteMeta(name) + `$`)
}
