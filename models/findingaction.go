package models

// What staff may ask to have booked of a finding.
const (
	AskSurplus  = "surplus"  // into a room's prepayment
	AskSuspense = "suspense" // into suspense
)

// FindingByID finds a finding.
func (tx *Tx) FindingByID(id string) (Finding, error) { return tx.finding(id, "") }

// LockFinding reads a finding for its next step.
func (tx *Tx) LockFinding(id string) (Finding, error) { return tx.finding(id, forUpdate) }

func (tx *Tx) finding(id, lock string) (Finding, error) {
	held := ""
	if err := tx.one([]any{&held}, "SELECT id FROM findings WHERE id = ?"+lock, id); err != nil {
		return Finding{}, err
	}
	var f Finding
	return f, tx.g().Where("id = ?", id).Take(&f).Error
}

// AskFinding keeps that staff want the money of an open finding booked, until a
// second person decides; false if it is not open, or something is asked already.
func (tx *Tx) AskFinding(by Actor, id, action, roomID, reason string) (bool, error) {
	ok, err := tx.guarded(`UPDATE findings SET asked_action = ?, asked_room_id = ?, asked_id = ?, asked_name = ?, asked_at = ?, reason = ?
		WHERE id = ? AND resolution = 'open' AND asked_action = ''`, action, roomID, by.ID, by.Name, tx.Now, reason, id)
	if err != nil || !ok {
		return ok, err
	}
	return true, tx.Audit(by, "finding.asked_"+action, "finding", id, map[string]string{"reason": reason, "room": roomID})
}

// RefuseFinding takes back what was asked; false if nothing waits any more.
func (tx *Tx) RefuseFinding(by Actor, id string) (bool, error) {
	ok, err := tx.guarded(`UPDATE findings SET asked_action = '', asked_room_id = '', asked_id = '', asked_name = '', asked_at = 0, reason = ''
		WHERE id = ? AND resolution = 'open' AND asked_action <> ''`, id)
	if err != nil || !ok {
		return ok, err
	}
	return true, tx.Audit(by, "finding.refused", "finding", id, nil)
}

// TransactionBooked tells whether a transaction of WeChat's is money in our books:
// a payment, or booked from a finding.
func (tx *Tx) TransactionBooked(id string) (bool, error) {
	n := 0
	err := tx.one([]any{&n}, `SELECT (SELECT COUNT(*) FROM payments WHERE transaction_id = ?) + (SELECT COUNT(*) FROM finding_bookings WHERE transaction_id = ?)`, id, id)
	return n > 0, err
}

// FindingFilter says which findings a list wants.
type FindingFilter struct {
	Open     bool
	Merchant string
	Kind     string
	After    string // the id of the last of the page before
	Limit    int
}

// FindingPage gives findings of all days, oldest first.
func (tx *Tx) FindingPage(f FindingFilter) ([]Finding, error) {
	q := tx.g().Order("id").Limit(f.Limit)
	if f.Open {
		q = q.Where("resolution = 'open'")
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
	var out []Finding
	return out, q.Find(&out).Error
}

// AgeBand is the open findings that have been open for some days.
type AgeBand struct {
	From, To int // days, both included; To 0: and more
	Count    int
	SumFen   Fen // of the larger side of each
}

// FindingAges puts the open findings into bands of days since they were found. The
// bounds are the first days of each band but the first, ascending.
func (tx *Tx) FindingAges(bounds ...int) ([]AgeBand, error) {
	bands := make([]AgeBand, len(bounds)+1)
	for i, b := range bounds {
		bands[i].To, bands[i+1].From = b-1, b
	}
	today := tx.Today()
	err := tx.each(func(scan func(...any) error) error {
		var found Time
		var ours, theirs Fen
		if err := scan(&found, &ours, &theirs); err != nil {
			return err
		}
		days, at := int(today-found.Date()), 0
		for at < len(bounds) && days >= bounds[at] {
			at++
		}
		bands[at].Count++
		bands[at].SumFen = bands[at].SumFen.Plus(max(ours, -ours, theirs, -theirs))
		return nil
	}, "SELECT created_at, ours_fen, theirs_fen FROM findings WHERE resolution = 'open'")
	return bands, err
}
