package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// report prints the figures. It returns an error if too little went wrong in the drill to
// prove anything.
func (d *drill) report(out io.Writer) error {
	for _, w := range d.bed.wires() {
		d.log.set("connections cut: "+w.name, d.log.get("connections cut: "+w.name)+w.cuts.Swap(0))
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(what string, n int64) { fmt.Fprintf(t, "%s\t%d\n", what, n) }
	fmt.Fprintf(t, "server processes\t%d on %s\n", len(d.bed.servers), d.bed.db.Driver)
	for _, what := range sorted(d.log.counts) {
		line(what, d.log.counts[what])
	}
	line("faults of WeChat's side", sum(d.log.faults))
	for _, kind := range sorted(d.log.faults) {
		line("  "+kind, d.log.faults[kind])
	}
	if d.opt.verbose {
		for _, code := range sorted(d.log.codes) {
			line("answers to phones: "+code, d.log.codes[code])
		}
	}
	v := d.result
	if v.proven {
		line("payments booked", v.payments)
		fmt.Fprintf(t, "yuan booked\t%d.%02d\n", v.sumFen/100, v.sumFen%100)
		line("refunds arrived", v.refunds)
		fmt.Fprintf(t, "yuan refunded\t%s\n", yuan(v.refundFen))
		line("payments of the desk", v.desk)
		fmt.Fprintf(t, "yuan of the desk\t%s\n", yuan(v.deskFen))
		line("lost", v.lost)
		line("doubled", v.doubled)
		line("booked otherwise than paid", v.different)
		line("answered as paid, and not booked", v.untrue)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if !v.proven {
		return nil // the error that stopped it is more telling
	}
	return d.worthwhile()
}

// worthwhile returns an error if too little went wrong to prove anything.
func (d *drill) worthwhile() error {
	var missing []string
	cuts := int64(0)
	for what, n := range d.log.counts {
		if strings.HasPrefix(what, "connections cut") {
			cuts += n
		}
	}
	for what, none := range map[string]bool{
		"fault of WeChat's side": d.opt.chance > 0 && sum(d.log.faults) == 0,
		"killed process":         d.opt.killEvery > 0 && d.log.get("processes killed with SIGKILL") == 0,
		"cut connection":         cuts == 0,
		"payment":                d.result.payments == 0,
	} {
		if none {
			missing = append(missing, what)
		}
	}
	if len(missing) > 0 {
		return errors.New("the drill proves nothing, it had no " + strings.Join(missing, ", no "))
	}
	return nil
}
