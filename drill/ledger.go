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
	paid   map[string]bool // orders that a phone saw as paid
	orders []string        // orders paid at WeChat
	forms  map[string]bool // forms sent at the desk, and whether the answer was that they are booked
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

// answered counts the outcome of a request after all its tries.
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

func (l *ledger) sawPaid(no string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paid[no] = true
}

// paidOrder remembers an order that was paid at WeChat.
func (l *ledger) paidOrder(no string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.orders = append(l.orders, no)
}

// somePaid returns one of the orders paid at WeChat, chosen by a chance. It returns "" if
// there is none.
func (l *ledger) somePaid(chance float64) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.orders) == 0 {
		return ""
	}
	return l.orders[int(chance*float64(len(l.orders)))]
}

// deskKey remembers a form of the desk, and whether the answer was that it is booked.
func (l *ledger) deskKey(key string, booked bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forms[key] = booked
}

// sorted returns the keys of a map in order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func sum(m map[string]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}
