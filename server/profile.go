package main

import (
	"fmt"
	"io"
	"os"
	"runtime/pprof"
)

// startProfile writes a CPU profile of the process into a file until stop is
// called, for measurements (docs/performance.md). Without a path it does nothing.
func startProfile(path string, errOut io.Writer) (stop func()) {
	if path == "" {
		return func() {}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil { // nobody runs a server for its profile alone
		fmt.Fprintln(errOut, "no CPU profile:", err)
		return func() {}
	}
	return func() {
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			fmt.Fprintln(errOut, "CPU profile:", err)
		}
	}
}
