package intake

import (
	"fmt"
	"slices"

	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// outcome is what became of a row of the file.
type outcome uint8

const (
	undecided outcome = iota
	added
	changed
	unchanged
	leftOut // it needs no entry, such as an arrear that is paid
	wrong   // it has a mistake; no other outcome replaces this one
)

// outcomes holds what became of each row of a file, so that the counts of a [Result] add
// up whatever a table does. It takes five bytes a row.
type outcomes struct {
	places []int32 // of the rows, ascending
	what   []outcome
}

// begin adds the next row of the file.
func (o *outcomes) begin(row *sheet.Row) {
	o.places, o.what = append(o.places, row.Place()), append(o.what, undecided)
}

// set decides a row. A later decision replaces an earlier one, except a mistake.
func (o *outcomes) set(place int32, as outcome) {
	if i, ok := slices.BinarySearch(o.places, place); ok && o.what[i] != wrong {
		o.what[i] = as
	}
}

// settle decides the rows that were written by an earlier reading of the file.
func (o *outcomes) settle() {
	for i, what := range o.what {
		if what == undecided {
			o.what[i] = unchanged
		}
	}
}

// count adds the rows to a result. A row that no table decided is a fault of ours.
func (o *outcomes) count(r *Result) error {
	r.Added, r.Changed, r.Unchanged, r.Wrong = 0, 0, 0, 0
	for i, what := range o.what {
		switch what {
		case added:
			r.Added++
		case changed:
			r.Changed++
		case unchanged:
			r.Unchanged++
		case leftOut:
			r.LeftOut++
		case wrong:
			r.Wrong++
		case undecided:
			_, row := sheet.PlaceRow(o.places[i])
			return fmt.Errorf("intake: row %d of %s was read and not decided", row, r.Kind)
		}
	}
	return nil
}

// Sums are amounts of arrears. Outstanding is billed less paid, without late fee.
type Sums struct {
	BilledFen      models.Fen
	PaidFen        models.Fen
	OutstandingFen models.Fen
}

// add adds one row.
func (s *Sums) add(billed, paid models.Fen) {
	s.BilledFen = s.BilledFen.Plus(billed)
	s.PaidFen = s.PaidFen.Plus(paid)
	s.OutstandingFen = s.OutstandingFen.Plus(billed - paid)
}
