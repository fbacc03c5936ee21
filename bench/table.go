package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// row is a line of the result. Only the ratio is compared with the target; the figures of
// both sides are there for context.
type row struct {
	what   string
	ours   string
	floor  string
	ratio  float64
	target string // in words; empty for a row without a target
	ok     bool
}

// atLeast returns a row whose ratio must not be below a limit.
func atLeast(what, ours, floor string, ratio, limit float64) row {
	return row{what: what, ours: ours, floor: floor, ratio: ratio, target: fmt.Sprintf(">= %.2f", limit), ok: ratio >= limit}
}

// atMost returns a row whose ratio must not be above a limit.
func atMost(what, ours, floor string, ratio, limit float64) row {
	return row{what: what, ours: ours, floor: floor, ratio: ratio, target: fmt.Sprintf("<= %.2f", limit), ok: ratio <= limit}
}

// forContext returns a row without a target.
func forContext(what, ours, floor string, ratio float64) row {
	return row{what: what, ours: ours, floor: floor, ratio: ratio, ok: true}
}

type table struct {
	out   io.Writer
	rows  []row
	notes []string
}

func newTable(out io.Writer) *table { return &table{out: out} }

func (t *table) add(rows []row) { t.rows = append(t.rows, rows...) }

func (t *table) note(text string) { t.notes = append(t.notes, text) }

// print writes the table and returns the number of missed targets.
func (t *table) print() (missed int) {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "what\tours\tfloor\tratio\ttarget\tok")
	for _, r := range t.rows {
		verdict := "yes"
		switch {
		case r.target == "":
			verdict = ""
		case !r.ok:
			verdict = "NO"
			missed++
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\t%s\t%s\n", r.what, r.ours, r.floor, r.ratio, r.target, verdict)
	}
	w.Flush()
	for _, n := range t.notes {
		fmt.Fprintln(t.out, n)
	}
	return missed
}
