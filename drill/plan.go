package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
)

// step is one action: what, in which household, and the chances that it takes. They are
// drawn beforehand, so that no answer changes what comes next.
type step struct {
	action    string
	household int
	chance    [6]float64
	what      func(*worker, step) error
}

// pick returns a number below n by the i-th chance.
func (s step) pick(i, n int) int { return min(int(s.chance[i]*float64(n)), max(n-1, 0)) }

// plan is the steps of every worker on every day.
type plan [][][]step // by day, by worker

func newPlan(opt options) plan {
	days := max(opt.days, 1)
	p := make(plan, days)
	each := opt.actions / (days * opt.workers)
	for day := range p {
		p[day] = make([][]step, opt.workers)
		for w := range p[day] {
			draw := rand.New(rand.NewPCG(opt.seed, uint64(day)<<32|uint64(w)))
			for range each {
				p[day][w] = append(p[day][w], newStep(draw, opt.households))
			}
		}
	}
	return p
}

func newStep(draw *rand.Rand, households int) step {
	total := 0
	for _, a := range actions {
		total += a.weight
	}
	s := step{household: draw.IntN(households)}
	for i := range s.chance {
		s.chance[i] = draw.Float64()
	}
	at := draw.IntN(total)
	for _, a := range actions {
		if at -= a.weight; at < 0 {
			s.action, s.what = a.name, a.do
			break
		}
	}
	return s
}

func (p plan) count() (n int) {
	for _, day := range p {
		for _, worker := range day {
			n += len(worker)
		}
	}
	return n
}

func (p plan) print(out io.Writer) error {
	for day := range p {
		for w, steps := range p[day] {
			for i, s := range steps {
				if _, err := fmt.Fprintf(out, "day %d worker %d step %d: %s household %d %.6f\n", day, w, i, s.action, s.household,
					s.chance); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// digest returns a name of the plan: two runs of one seed have the same.
func (p plan) digest() string {
	var text strings.Builder
	_ = p.print(&text) // never fails
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:6])
}
