package proof

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// FindingFilter selects findings for a list. Empty fields select all.
type FindingFilter struct {
	Open     bool
	Merchant string
	Kind     string
	After    string // the id of the last finding of the previous page
	Limit    int
}

// FindingPage returns findings of all days, in the order in which they were first found:
// ids ascend with time.
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

// OpenFindings counts the open findings by kind, for metrics and dashboard. Kinds without
// an open finding are missing.
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

// OldestOpenFinding returns the first bill day that has an open finding, or the zero date
// if none has.
func OldestOpenFinding(tx *store.Tx) (models.Date, error) {
	return store.Row[models.Date](tx, "SELECT COALESCE(MIN(bill_on), '') FROM findings WHERE resolution = 'open'")
}

// AgeBand holds the open findings whose age in days is within From and To.
type AgeBand struct {
	From, To int // days, both included; To 0: and more
	Count    int
	SumFen   models.Fen // the larger side of each finding, without its sign
}

// FindingAges counts the open findings in bands of days since they were first found. The
// bounds are the first days of each band but the first, ascending: 3 and 8 make the bands
// 0 to 2, 3 to 7, and 8 and more. Days are counted by date: a finding of 23:59 is one day
// old at midnight.
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
