package main

import (
	"fmt"
	"slices"
	"time"
)

// sample is one side of one round.
type sample struct {
	took      time.Duration
	latencies []time.Duration // of each piece of work, ascending
}

// perSecond returns the throughput.
func (s sample) perSecond() float64 { return float64(len(s.latencies)) / s.took.Seconds() }

// p99 returns the latency that one piece of work in a hundred exceeds.
func (s sample) p99() time.Duration { return s.latencies[len(s.latencies)*99/100] }

// worst returns the longest latency.
func (s sample) worst() time.Duration { return s.latencies[len(s.latencies)-1] }

// mean returns the mean time between the ends of two successive pieces of work, over all
// workers.
func (s sample) mean() time.Duration { return s.took / time.Duration(len(s.latencies)) }

// pair is a round, in which both sides did the same work, one after the other.
type pair struct{ ours, floor sample }

// median returns the median of a figure over the rounds.
func median[T any](rounds []T, figure func(T) float64) float64 {
	all := make([]float64, len(rounds))
	for i, r := range rounds {
		all[i] = figure(r)
	}
	slices.Sort(all)
	if n := len(all); n%2 == 0 {
		return (all[n/2-1] + all[n/2]) / 2
	}
	return all[len(all)/2]
}

// rateRow compares the throughput of the two sides.
func rateRow(what string, rounds []pair, limit float64) row {
	return atLeast(what,
		fmt.Sprintf("%.0f/s", median(rounds, func(p pair) float64 { return p.ours.perSecond() })),
		fmt.Sprintf("%.0f/s", median(rounds, func(p pair) float64 { return p.floor.perSecond() })),
		median(rounds, func(p pair) float64 { return p.ours.perSecond() / p.floor.perSecond() }), limit)
}

// tailRow compares the 99th percentile of the two sides.
func tailRow(what string, rounds []pair, limit float64) row {
	ms := func(pick func(pair) sample) string {
		return fmt.Sprintf("%.1f ms", median(rounds, func(p pair) float64 { return pick(p).p99().Seconds() * 1000 }))
	}
	return atMost(what, ms(func(p pair) sample { return p.ours }), ms(func(p pair) sample { return p.floor }),
		median(rounds, func(p pair) float64 { return p.ours.p99().Seconds() / p.floor.p99().Seconds() }), limit)
}
