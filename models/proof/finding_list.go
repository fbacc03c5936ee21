package proof

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// FindingFilter says which findings a list wants.
type FindingFilter struct {
	Open     bool
	Merchant string
	Kind     string
	After    string // the id of the last of the page before
	Limit    int
}

// FindingPage returns findings of all days, oldest first.
func FindingPage(tx *store.Tx, f FindingFilter) ([]Finding, error) {
	q := store.G[Finding](tx).Order("id").Limit(f.Limit)
	if f.Open {
		q = q.Where("resolution = ?", ResolutionOpen)
	}
	if f.Merchant != "" {
		q = q.Where("merchant = ?", f.Merchant)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.After != "" {
		q = q.Where("id > ?", f.After)
	}
	return q.Find(tx.Context())
}

// OpenFindings counts the open findings by kind, for metrics and dashboard.
func OpenFindings(tx *store.Tx) (map[string]int64, error) {
	type count struct {
		Kind     string
		Findings int64
	}
	out := map[string]int64{}
	err := store.Each(tx, func(c *count) error {
		out[c.Kind] = c.Findings
		return nil
	}, "SELECT kind, COUNT(*) AS findings FROM findings WHERE resolution = 'open' GROUP BY kind")
	return out, err
}

// FindingCount is how many findings a merchant's day has, and how many of them are open.
type FindingCount struct {
	Merchant string
	BillOn   models.Date
	All      int
	Open     int
}

// FindingCounts counts the findings of the days between two dates, both included. Days
// without findings are missing.
func FindingCounts(tx *store.Tx, from, to models.Date) ([]FindingCount, error) {
	return store.Rows[FindingCount](tx, "SELECT merchant, bill_on, COUNT(*) AS `all`,"+
		" SUM(CASE WHEN resolution = 'open' THEN 1 ELSE 0 END) AS `open` FROM findings WHERE bill_on BETWEEN ? AND ? GROUP BY "+
		"merchant, bill_on", from, to)
}

// OldestOpenFinding returns the first day that has an open finding; no date if none has.
func OldestOpenFinding(tx *store.Tx) (models.Date, error) {
	return store.Row[models.Date](tx, "SELECT COALESCE(MIN(bill_on), '') FROM findings WHERE resolution = 'open'")
}

// AgeBand is the open findings that have been open for some days.
type AgeBand struct {
	From, To int // days, both included; To 0: and more
	Count    int
	SumFen   models.Fen // of the larger side of each
}

// FindingAges puts the open findings into bands of days since they were found. The
// bounds are the first days of each band but the first, ascending: 3 and 8 make the bands
// 0 to 2, 3 to 7, and 8 and more.
func FindingAges(tx *store.Tx, bounds ...int) ([]AgeBand, error) {
	bands := make([]AgeBand, len(bounds)+1)
	for i, b := range bounds {
		bands[i].To, bands[i+1].From = b-1, b
	}
	open, err := store.G[Finding](tx).Select("created_at, ours_fen, theirs_fen").Where("resolution = ?", ResolutionOpen).Find(tx.Context())
	for _, f := range open {
		days, at := int(tx.Today()-f.CreatedAt.Date()), 0
		for at < len(bounds) && days >= bounds[at] {
			at++
		}
		bands[at].Count++
		bands[at].SumFen = bands[at].SumFen.Plus(max(f.OursFen, -f.OursFen, f.TheirsFen, -f.TheirsFen))
	}
	return bands, err
}
