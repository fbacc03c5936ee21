package models

import "errors"

// Reconciliation is a merchant's day against WeChat's bill. FeeFen and NetFen
// are decimal strings: WeChat counts its fee in parts of a fen.
type Reconciliation struct {
	Merchant        string
	BillOn          Date
	OursCount       int
	OursFen         Fen
	TheirsCount     int
	TheirsFen       Fen
	OurRefunds      int
	OurRefundsFen   Fen
	TheirRefunds    int
	TheirRefundsFen Fen
	FeeFen          string
	NetFen          string
	BillSHA1        string `gorm:"column:bill_sha1"`
	Runs            int
	RanAt           Time
}

// Kinds of [Finding].
const (
	FindingOnlyTheirs = "paid_there_not_here"
	FindingOnlyOurs   = "paid_here_not_there"
	FindingAmount     = "amount"
	FindingUnknown    = "unknown_order"
	FindingRefund     = "refund"
	FindingDuplicate  = "duplicate"
	FindingState      = "state"
)

// Resolutions of a finding.
const (
	ResolutionOpen    = "open"
	ResolutionSettled = "settled" // the lost callback was booked
	ResolutionSurplus = "surplus" // booked, and no bill could take it: prepayment
	ResolutionGone    = "gone"    // a later run no longer saw the difference
)

// Finding is a difference between WeChat's bill and ours.
type Finding struct {
	ID            string
	Merchant      string
	BillOn        Date
	Kind          string
	OrderNo       string
	TransactionID string
	OursFen       Fen
	TheirsFen     Fen
	Resolution    string
	ResolvedBy    string
	ResolvedAt    Time
	CreatedAt     Time
}

// KeepReconciliation writes the sums of a run over those of the run before.
func (tx *Tx) KeepReconciliation(r *Reconciliation) error {
	r.RanAt = tx.Now
	var runs int
	err := tx.one([]any{&runs}, "SELECT runs FROM reconciliations WHERE merchant = ? AND bill_on = ?"+forUpdate, r.Merchant, r.BillOn)
	if errors.Is(err, ErrNotFound) {
		r.Runs = 1
		return tx.create(r)
	}
	if err != nil {
		return err
	}
	r.Runs = runs + 1
	return tx.must(`UPDATE reconciliations SET ours_count = ?, ours_fen = ?, theirs_count = ?, theirs_fen = ?, our_refunds = ?, our_refunds_fen = ?,
		their_refunds = ?, their_refunds_fen = ?, fee_fen = ?, net_fen = ?, bill_sha1 = ?, runs = ?, ran_at = ? WHERE merchant = ? AND bill_on = ?`,
		r.OursCount, r.OursFen, r.TheirsCount, r.TheirsFen, r.OurRefunds, r.OurRefundsFen, r.TheirRefunds, r.TheirRefundsFen, r.FeeFen, r.NetFen,
		r.BillSHA1, r.Runs, r.RanAt, r.Merchant, r.BillOn)
}

// KeepFinding adds a finding of a run. One that a run before has kept stays as it
// is: what was resolved stays resolved. Only one that had gone by itself is open
// again.
func (tx *Tx) KeepFinding(f *Finding) error {
	f.ID, f.CreatedAt = NewID(), tx.Now
	if f.Resolution != ResolutionOpen {
		f.ResolvedAt = tx.Now
	}
	err := tx.create(f)
	if err != nil && tx.isDuplicate(err) {
		_, err = tx.exec(`UPDATE findings SET resolution = 'open', resolved_by = '', resolved_at = 0
			WHERE merchant = ? AND bill_on = ? AND kind = ? AND order_no = ? AND transaction_id = ? AND resolution = 'gone'`,
			f.Merchant, f.BillOn, f.Kind, f.OrderNo, f.TransactionID)
	}
	return err
}

// ResolveFinding moves an open finding to its end; false if it was not open.
func (tx *Tx) ResolveFinding(by Actor, id, resolution string) (bool, error) {
	name := by.Name
	if name == "" {
		name = by.Kind
	}
	ok, err := tx.guarded("UPDATE findings SET resolution = ?, resolved_by = ?, resolved_at = ? WHERE id = ? AND resolution = 'open'", resolution, name, tx.Now, id)
	if err != nil || !ok {
		return ok, err
	}
	return true, tx.Audit(by, "finding."+resolution, "finding", id, nil)
}

// Findings gives the findings of a merchant's day, in the order they were found.
func (tx *Tx) Findings(merchant string, on Date) ([]Finding, error) {
	var out []Finding
	err := tx.g().Where("merchant = ? AND bill_on = ?", merchant, on).Order("created_at, id").Find(&out).Error
	return out, err
}

// Reconciliations gives the days between two dates, both included.
func (tx *Tx) Reconciliations(from, to Date) ([]Reconciliation, error) {
	var out []Reconciliation
	err := tx.g().Where("bill_on BETWEEN ? AND ?", from, to).Order("bill_on, merchant").Find(&out).Error
	return out, err
}

// OpenFindings counts the open findings by kind, for metrics and dashboard.
func (tx *Tx) OpenFindings() (map[string]int64, error) {
	out := map[string]int64{}
	err := tx.each(func(scan func(...any) error) error {
		var kind string
		var n int64
		err := scan(&kind, &n)
		out[kind] = n
		return err
	}, "SELECT kind, COUNT(*) FROM findings WHERE resolution = 'open' GROUP BY kind")
	return out, err
}

// Key tells findings of a merchant's day apart, as the database does.
func (f *Finding) Key() string { return f.Kind + "\x00" + f.OrderNo + "\x00" + f.TransactionID }

// FirstFindings gives the first findings of a merchant's day, open ones before
// those that are settled.
func (tx *Tx) FirstFindings(merchant string, on Date, limit int) ([]Finding, error) {
	var out []Finding
	err := tx.g().Where("merchant = ? AND bill_on = ?", merchant, on).
		Order("CASE WHEN resolution = 'open' THEN 0 ELSE 1 END, created_at, id").Limit(limit).Find(&out).Error
	return out, err
}

// FindingCount is how many findings a merchant's day has, and how many of them
// are open.
type FindingCount struct {
	Merchant string
	BillOn   Date
	All      int
	Open     int
}

// FindingCounts counts the findings of the days between two dates, both included.
// Days without findings are missing.
func (tx *Tx) FindingCounts(from, to Date) ([]FindingCount, error) {
	var out []FindingCount
	err := tx.each(func(scan func(...any) error) error {
		var c FindingCount
		if err := scan(&c.Merchant, &c.BillOn, &c.All, &c.Open); err != nil {
			return err
		}
		out = append(out, c)
		return nil
	}, `SELECT merchant, bill_on, COUNT(*), SUM(CASE WHEN resolution = 'open' THEN 1 ELSE 0 END) FROM findings
		WHERE bill_on BETWEEN ? AND ? GROUP BY merchant, bill_on`, from, to)
	return out, err
}

// OldestOpenFinding is the first day that has an open finding; no date if none has.
func (tx *Tx) OldestOpenFinding() (Date, error) {
	var on Date
	err := tx.one([]any{&on}, "SELECT COALESCE(MIN(bill_on), '') FROM findings WHERE resolution = 'open'")
	return on, err
}
