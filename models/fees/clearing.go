package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// ClearingLine is what of earlier years' arrears was owed when a year began, and
// what of it has been settled since. Amounts are principal.
type ClearingLine struct {
	Group      string
	Building   string
	OwedFen    models.Fen
	ClearedFen models.Fen
}

// Clearings gives a line for each part that owed anything, by name, for bills whose
// period begins before the year. What was paid before its first instant is not
// part of what was owed then; opening arrears count as owed from its beginning,
// whenever they were taken over.
func Clearings(tx *store.Tx, f ReportFilter, year int) ([]ClearingLine, error) {
	keys, ok := f.keys()
	if !ok {
		return nil, models.ErrNotFound
	}
	start := models.At(models.NewDate(year, 1, 1).Start())
	end := models.At(models.NewDate(year+1, 1, 1).Start())
	from, args := f.from(" AND b.period_start < ?", models.NewDate(year, 1, 1))
	before := "COALESCE((SELECT SUM(a.principal_fen) FROM allocations a WHERE a.bill_id = b.id AND a.created_at < ?), 0)"
	within := "COALESCE((SELECT SUM(a.principal_fen) FROM allocations a WHERE a.bill_id = b.id AND a.created_at >= ? AND a.created_at < ?), 0)"
	var out []ClearingLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		var l ClearingLine
		if err := scan(&l.Group, &l.Building, &l.OwedFen, &l.ClearedFen); err != nil {
			return err
		}
		if l.OwedFen != 0 || l.ClearedFen != 0 {
			out = append(out, l)
		}
		return nil
	}, "SELECT "+keys+", SUM(b.principal_fen - b.discount_fen - b.opening_paid_fen - "+before+"), SUM("+within+")"+from+" GROUP BY "+groupBy(keys)+" ORDER BY "+groupBy(keys),
		append([]any{start, start, end}, args...)...)
	return out, err
}
