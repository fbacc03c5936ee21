package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// hammer runs n pieces of work on some workers and measures all of it. Each worker takes
// the next piece as soon as it is free.
func hammer(workers, n int, work func(worker, i int) error) (sample, error) {
	latencies := make([]time.Duration, n)
	failures := make([]error, workers)
	var next atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for w := range workers {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				start := time.Now()
				if err := work(w, i); err != nil {
					failures[w] = fmt.Errorf("piece %d: %w", i, err)
					return
				}
				latencies[i] = time.Since(start)
			}
		})
	}
	all.Wait()
	took := time.Since(begun)
	slices.Sort(latencies)
	return sample{took, latencies}, errors.Join(failures...)
}

// post sends prepared requests over HTTP, one connection a worker, and expects the same
// status for each. The generator shares the cores with the server, so it does as little
// as it can: it writes the bytes and reads the answer to its end.
func post(address string, workers int, requests [][]byte, want int) (sample, error) {
	wires := make([]wire, workers)
	for i := range wires {
		conn, err := net.DialTimeout("tcp", address, 5*time.Second)
		if err != nil {
			return sample{}, err
		}
		defer conn.Close()
		wires[i] = wire{conn, bufio.NewReaderSize(conn, 32<<10)}
	}
	return hammer(workers, len(requests), func(w, i int) error {
		if _, err := wires[w].conn.Write(requests[i]); err != nil {
			return err
		}
		res, err := http.ReadResponse(wires[w].in, nil)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode != want {
			text, _ := io.ReadAll(io.LimitReader(res.Body, 500)) // for the message only
			return fmt.Errorf("answer %d: %s", res.StatusCode, text)
		}
		_, err = io.Copy(io.Discard, res.Body)
		return err
	})
}
