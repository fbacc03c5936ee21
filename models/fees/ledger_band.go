package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// BandSum is what is open in an age band. OwedFen is principal only.
type BandSum struct {
	Band    AgingBucket
	Bills   int64
	OwedFen models.Fen
}

// BandSums adds up the open bills of the rooms and bills that the filter chooses,
// by age band; all bands are there, in the order of [Bands].
func BandSums(tx *store.Tx, f LedgerFilter) ([]BandSum, error) {
	type ofDay struct {
		DueOn   models.Date
		Bills   int64
		OwedFen models.Fen
	}
	bills, args := f.bills(tx)
	rooms, more := f.rooms(tx)
	out := make([]BandSum, len(Bands))
	for i, b := range Bands {
		out[i].Band = b
	}
	err := store.Each(tx, func(d *ofDay) error {
		for i := range out {
			if out[i].Band.Has(d.DueOn, tx.Today()) {
				out[i].Bills += d.Bills
				out[i].OwedFen = out[i].OwedFen.Plus(d.OwedFen)
			}
		}
		return nil
	}, `SELECT b.due_on, COUNT(*) AS bills, SUM(b.principal_fen - b.discount_fen - b.paid_principal_fen) AS owed_fen
		FROM bills b`+store.ByRoom+" WHERE "+estate.OfRooms(rooms)+bills+" GROUP BY b.due_on", append(more, args...)...)
	return out, err
}
