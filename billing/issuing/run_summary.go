package issuing

import (
	"encoding/json"

	"wuyepay/models"
	"wuyepay/models/fees"
)

// RunSummary tells what became of the rooms that a run looked at. Each room counts once,
// in the first that fits, so that the counts add up to Rooms.
type RunSummary struct {
	Rooms         int    `json:"rooms"`
	WithBills     int    `json:"with_bills"`      // at least one bill
	NoTariff      int    `json:"no_tariff"`       // no tariff fits
	Billed        int    `json:"billed"`          // what is due is billed already
	NoArea        int    `json:"no_area"`         // charged by area, and has none
	NotHandedOver int    `json:"not_handed_over"` // its first day is to come
	Free          int    `json:"free"`            // costs nothing: vacant, unsold, or a meter that stands still
	NoReading     int    `json:"no_reading"`      // charged by meter alone, and nothing was read
	NotDue        int    `json:"not_due"`         // its cycle began earlier or begins later
	Gaps          GapSum `json:"gaps"`            // unbilled days since the books began
	GapsBefore    GapSum `json:"gaps_before"`     // and before
}

// GapSum adds up unbilled days: lines, each of a room and fee item, their days and amounts.
type GapSum struct {
	Lines int        `json:"lines"`
	Days  int        `json:"days"`
	Fen   models.Fen `json:"fen"`
}

func (s *GapSum) add(o GapSum) {
	s.Lines, s.Days, s.Fen = s.Lines+o.Lines, s.Days+o.Days, s.Fen.Plus(o.Fen)
}

// gap returns the sum of a kind of gap.
func (s *RunSummary) gap(kind string) *GapSum {
	if kind == fees.OddGapBefore {
		return &s.GapsBefore
	}
	return &s.Gaps
}

// Sum returns the rooms of all counts together, which is Rooms.
func (s RunSummary) Sum() int {
	return s.WithBills + s.NoTariff + s.Billed + s.NoArea + s.NotHandedOver + s.Free + s.NoReading + s.NotDue
}

func (s *RunSummary) add(o RunSummary) {
	s.Rooms += o.Rooms
	s.WithBills += o.WithBills
	s.NoTariff += o.NoTariff
	s.Billed += o.Billed
	s.NoArea += o.NoArea
	s.NotHandedOver += o.NotHandedOver
	s.Free += o.Free
	s.NoReading += o.NoReading
	s.NotDue += o.NotDue
	s.Gaps.add(o.Gaps)
	s.GapsBefore.add(o.GapsBefore)
}

// roomNotes are what a batch has met at a room, item by item.
type roomNotes struct{ bills, noTariff, billed, noArea, notHandedOver, free, noReading bool }

// count counts a room by its notes.
func (s *RunSummary) count(n roomNotes) {
	s.Rooms++
	switch {
	case n.bills:
		s.WithBills++
	case n.noTariff:
		s.NoTariff++
	case n.billed:
		s.Billed++
	case n.noArea:
		s.NoArea++
	case n.notHandedOver:
		s.NotHandedOver++
	case n.free:
		s.Free++
	case n.noReading:
		s.NoReading++
	default:
		s.NotDue++
	}
}

// summaries are those of a run, as previewed and as issued.
type summaries struct {
	Draft  RunSummary `json:"draft"`
	Issued RunSummary `json:"issued"`
}

// RunSummaries returns the summary of a run: of the draft, and of what is issued of it.
func RunSummaries(r fees.BillingRun) (draft, issued RunSummary, err error) {
	var s summaries
	if r.Summary != "" {
		err = json.Unmarshal([]byte(r.Summary), &s)
	}
	return s.Draft, s.Issued, err
}
