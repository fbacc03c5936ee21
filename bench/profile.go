package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"time"
)

var (
	profileTotal = regexp.MustCompile(`Total samples = ([0-9.]+m?s)`)
	// Of a line of -top the fourth column is the time in a function and all it calls.
	profileLine = `(?m)^\s*\S+\s+\S+\s+\S+\s+([0-9.]+m?s)\s+\S+\s+%s$`
)

// profiled reads a CPU profile: all of it, and the part inside one function. The
// start of the process is in it, too, and counts against us.
func profiled(ctx context.Context, binary, profile, function string) (total, inside time.Duration, err error) {
	out, err := exec.CommandContext(ctx, "go", "tool", "pprof", "-top", "-cum", "-nodefraction=0", "-nodecount=100000", binary, profile).Output()
	if err != nil {
		return 0, 0, fmt.Errorf("read the profile: %w", err)
	}
	for _, f := range []struct {
		pattern *regexp.Regexp
		into    *time.Duration
	}{{profileTotal, &total}, {regexp.MustCompile(fmt.Sprintf(profileLine, regexp.QuoteMeta(function))), &inside}} {
		m := f.pattern.FindSubmatch(out)
		if m == nil {
			return 0, 0, fmt.Errorf("the profile does not tell of %s", function)
		}
		if *f.into, err = time.ParseDuration(string(m[1])); err != nil {
			return 0, 0, err
		}
	}
	return total, inside, nil
}
