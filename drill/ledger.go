package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// ledger is what the drill counts.
type ledger struct {
	mu     sync.Mutex
	counts map[string]int64
	faults map[string]int64
	codes  map[string]int64
	paid   map[string]bool // orders that a phone was told are paid
}

func newLedger() *ledger {
	return &ledger{counts: map[string]int64{}, faults: map[string]int64{}, codes: map[string]int64{}, paid: map[string]bool{}}
}

func (l *ledger) add(what string, n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[what] += n
}

func (l *ledger) set(what string, n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[what] = n
}

func (l *ledger) get(what string) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.counts[what]
}

func (l *ledger) fault(kind string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults[kind] += int64(n)
}

// answered counts how a request ended, after all its tries.
func (l *ledger) answered(a answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case a.status == 0:
		l.codes["no answer"]++
	case a.code != "":
		l.codes[fmt.Sprintf("%d %s", a.status, a.code)]++
	default:
		l.codes[fmt.Sprint(a.status)]++
	}
}

func (l *ledger) told(no string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paid[no] = true
}

// sorted gives a map's keys in order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func sum(m map[string]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}
