package models

// What became of a day's fund-flow bill.
const (
	FlowCompared = "bill"    // held against the trade bill, row by row
	FlowNone     = "none"    // WeChat has none: nothing moved
	FlowPartner  = "partner" // a sub-merchant's money does not pass through the provider's account
	FlowRefused  = "refused" // WeChat does not let this merchant have it
)

// Reconciliation is a merchant's day against WeChat's bills. FeeFen, NetFen and
// FeeExpectedFen are decimal strings: WeChat counts its fee in parts of a fen.
// SettledFen is what the merchant gets of TheirsFen, ReturnedFen what it gives back
// of TheirRefundsFen: they differ by WeChat's coupons. The Flow fields are what the
// fund-flow bill moved; other moves are withdrawals and the like.
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
	SettledFen      Fen
	ReturnedFen     Fen
	FeeExpectedFen  string // what the bill's own rates come to
	FlowState       string // empty: a run of before the fund-flow bill was looked at
	FlowPayments    int
	FlowPaidFen     Fen
	FlowRefunds     int
	FlowReturnedFen Fen
	FlowFeeFen      Fen
	FlowNetFen      Fen
	FlowOtherInFen  Fen
	FlowOtherOutFen Fen
	FlowSHA1        string `gorm:"column:flow_sha1"`
	SignedID        string // who signed the day off; empty: nobody, or it was reopened
	SignedName      string
	SignedAt        Time
	ReopenedName    string // whose signature a later run undid
	ReopenedAt      Time
}

// Signed tells whether the day is signed off.
func (r *Reconciliation) Signed() bool { return !r.SignedAt.IsZero() }

// Kinds of [Finding].
const (
	FindingOnlyTheirs = "paid_there_not_here"
	FindingOnlyOurs   = "paid_here_not_there"
	FindingAmount     = "amount"
	FindingUnknown    = "unknown_order"
	FindingRefund     = "refund" // given back there, not here
	FindingDuplicate  = "duplicate"
	FindingState      = "state"

	FindingRefundOurs   = "refund_here_not_there"
	FindingRefundAmount = "refund_amount"
	FindingRefundState  = "refund_state"
	FindingFee          = "fee"          // not the rate of the amount
	FindingDay          = "other_day"    // in the bill of a day that is not its own
	FindingFlowMissing  = "flow_missing" // in the trade bill, not in the fund-flow bill
	FindingFlowExtra    = "flow_extra"   // the other way round
	FindingFlowAmount   = "flow_amount"
)

// Resolutions of a finding.
const (
	ResolutionOpen    = "open"
	ResolutionSettled = "settled" // the lost callback was booked
	ResolutionSurplus = "surplus" // booked, and no bill could take it: prepayment
	ResolutionGone    = "gone"    // a later run no longer saw the difference

	ResolutionRoom     = "surplus_room" // staff: booked as surplus into a room's prepayment
	ResolutionSuspense = "suspense"     // staff: booked as money whose owner is not known yet
	ResolutionAccepted = "accepted"     // staff: looked into, left as it is, for a reason
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
	Evidence      string // JSON, see package payment: what each side says, without personal data
	Reason        string // of who resolved it, or asked to
	AskedAction   string // a booking that waits for a second person; empty: none
	AskedRoomID   string
	AskedID       string
	AskedName     string
	AskedAt       Time
}

// KeepReconciliation writes the sums of a run over those of the run before. Who
// signed the day off stays.
func (tx *Tx) KeepReconciliation(r *Reconciliation) error {
	r.Runs, r.RanAt = 1, tx.Now
	known, err := tx.rewriteReconciliation(r)
	if known || err != nil {
		return err
	}
	err = tx.create(r)
	if err != nil && tx.isDuplicate(err) { // another run was quicker by a moment
		_, err = tx.rewriteReconciliation(r)
	}
	return err
}

func (tx *Tx) rewriteReconciliation(r *Reconciliation) (bool, error) {
	return tx.guarded(`UPDATE reconciliations SET ours_count = ?, ours_fen = ?, theirs_count = ?, theirs_fen = ?, our_refunds = ?, our_refunds_fen = ?,
		their_refunds = ?, their_refunds_fen = ?, fee_fen = ?, net_fen = ?, bill_sha1 = ?, settled_fen = ?, returned_fen = ?, fee_expected_fen = ?,
		flow_state = ?, flow_payments = ?, flow_paid_fen = ?, flow_refunds = ?, flow_returned_fen = ?, flow_fee_fen = ?, flow_net_fen = ?,
		flow_other_in_fen = ?, flow_other_out_fen = ?, flow_sha1 = ?, runs = runs + 1, ran_at = ? WHERE merchant = ? AND bill_on = ?`,
		r.OursCount, r.OursFen, r.TheirsCount, r.TheirsFen, r.OurRefunds, r.OurRefundsFen, r.TheirRefunds, r.TheirRefundsFen, r.FeeFen, r.NetFen,
		r.BillSHA1, r.SettledFen, r.ReturnedFen, r.FeeExpectedFen, r.FlowState, r.FlowPayments, r.FlowPaidFen, r.FlowRefunds, r.FlowReturnedFen, r.FlowFeeFen,
		r.FlowNetFen, r.FlowOtherInFen, r.FlowOtherOutFen, r.FlowSHA1, r.RanAt, r.Merchant, r.BillOn)
}

// KeepFinding adds a finding of a run; fresh tells that no run before has kept it.
// One that a run before has kept and somebody has resolved stays as it is. One that
// is still open takes the figures of this run, unless a second person is looking at
// them; one that had gone by itself is open again, and fresh.
func (tx *Tx) KeepFinding(f *Finding) (fresh bool, err error) {
	f.ID, f.CreatedAt = NewID(), tx.Now
	if f.Resolution != ResolutionOpen {
		f.ResolvedAt = tx.Now
	}
	err = tx.create(f)
	if err == nil {
		return true, nil
	}
	if !tx.isDuplicate(err) {
		return false, err
	}
	key := []any{f.OursFen, f.TheirsFen, f.Evidence, f.Merchant, f.BillOn, f.Kind, f.OrderNo, f.TransactionID}
	const same = " WHERE merchant = ? AND bill_on = ? AND kind = ? AND order_no = ? AND transaction_id = ?"
	fresh, err = tx.guarded(`UPDATE findings SET ours_fen = ?, theirs_fen = ?, evidence = ?, resolution = 'open', resolved_by = '', resolved_at = 0,
		asked_action = '', asked_room_id = '', asked_id = '', asked_name = '', asked_at = 0, reason = ''`+same+" AND resolution = 'gone'", key...)
	if err != nil || fresh {
		return fresh, err
	}
	_, err = tx.guarded("UPDATE findings SET ours_fen = ?, theirs_fen = ?, evidence = ?"+same+" AND resolution = 'open' AND asked_action = ''", key...)
	return false, err
}

// ResolveFinding moves an open finding to its end; false if it was not open. What
// staff had asked for and nobody had approved is forgotten with it.
func (tx *Tx) ResolveFinding(by Actor, id, resolution string) (bool, error) {
	return tx.resolveFinding(by, id, resolution, "", "")
}

// ResolveFindingFor is ResolveFinding with the reason that staff gave.
func (tx *Tx) ResolveFindingFor(by Actor, id, resolution, reason string) (bool, error) {
	return tx.resolveFinding(by, id, resolution, ", reason = ?", reason)
}

func (tx *Tx) resolveFinding(by Actor, id, resolution, set, reason string) (bool, error) {
	name := by.Name
	if name == "" {
		name = by.Kind
	}
	args := []any{resolution, name, tx.Now}
	if set != "" {
		args = append(args, reason)
	}
	ok, err := tx.guarded("UPDATE findings SET resolution = ?, resolved_by = ?, resolved_at = ?"+set+" WHERE id = ? AND resolution = 'open'", append(args, id)...)
	if err != nil || !ok {
		return ok, err
	}
	var detail any
	if reason != "" {
		detail = map[string]string{"reason": reason}
	}
	return true, tx.Audit(by, "finding."+resolution, "finding", id, detail)
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
