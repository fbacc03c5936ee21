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
	orders []string        // paid at WeChat
	forms  map[string]bool // forms of the desk that were sent, and whether they were told to be booked
}

func newLedger() *ledger {
	return &ledger{counts: map[string]int64{}, faults: map[string]int64{}, codes: map[string]int64{}, paid: map[string]bool{},
		forms: map[string]bool{}}
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

// paidOrder remembers an order that WeChat has been paid.
func (l *ledger) paidOrder(no string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.orders = append(l.orders, no)
}

// somePaid is one of the orders paid at WeChat, by a chance; empty: there is none.
func (l *ledger) somePaid(chance float64) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.orders) == 0 {
		return ""
	}
	return l.orders[int(chance*float64(len(l.orders)))]
}

// deskKey remembers a form of the desk, and whether it was told to be booked.
func (l *ledger) deskKey(key string, told bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forms[key] = told
}

// sorted gives a map's keys in order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func sum(m map[string]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}
