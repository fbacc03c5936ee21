package fees

import (
	"slices"

	"wuyepay/models"
	"wuyepay/models/store"
)

// ClearingLine is what of earlier years' arrears was owed when a year began, and
// what of it has been settled since. Amounts are principal in fen.
type ClearingLine struct {
	Group      string `gorm:"column:part"` // community, steward or item
	Building   string // of ByBuilding
	OwedFen    models.Fen
	ClearedFen models.Fen
}

// Clearings returns a line for each part that owed anything, by name, for bills whose
// period begins before the year. What was paid before its first instant is not
// part of what was owed then; opening arrears count as owed from its beginning,
// however late they were taken over.
//
// For example, of 300 yuan of 2024 with 100 paid in 2025 and 50 in 2026, the line of
// 2026 has 200 owed and 50 cleared. It returns [models.ErrNotFound] for an unknown way
// to part the report.
func Clearings(tx *store.Tx, f ReportFilter, year int) ([]ClearingLine, error) {
	key, err := f.key()
	if err != nil {
		return nil, err
	}
	start := models.At(models.NewDate(year, 1, 1).Start())
	end := models.At(models.NewDate(year+1, 1, 1).Start())
	from, args := f.from(" AND b.period_start < ?", models.NewDate(year, 1, 1))
	const before = "COALESCE((SELECT SUM(a.principal_fen) FROM allocations a WHERE a.bill_id = b.id AND a.created_at < ?), 0)"
	const within = `COALESCE((SELECT SUM(a.principal_fen) FROM allocations a
		WHERE a.bill_id = b.id AND a.created_at >= ? AND a.created_at < ?), 0)`
	list, err := store.Rows[ClearingLine](tx, "SELECT "+key.columns()+
		", SUM(b.principal_fen - b.discount_fen - b.opening_paid_fen - "+before+") AS owed_fen, SUM("+within+") AS cleared_fen"+from+
		" GROUP BY "+key.list()+" ORDER BY "+key.list(), append([]any{start, start, end}, args...)...)
	return slices.DeleteFunc(list, func(l ClearingLine) bool { return l.OwedFen == 0 && l.ClearedFen == 0 }), err
}
