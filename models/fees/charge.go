package fees

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Kinds of [Charge].
const (
	ChargeShared = "shared"  // 公摊: a total divided over rooms
	ChargeOneOff = "one_off" // 一次性收费: an amount for each room
)

// States of a [Charge].
const (
	ChargeIssuing = "issuing" // its bills are being issued
	ChargeIssued  = "issued"
	ChargeVoiding = "voiding" // its bills are being made void
	ChargeVoid    = "void"
)

// Ways to divide a shared cost.
const (
	ShareByArea      = "area"
	ShareByHousehold = "household"
)

// Charge is a 公摊 or a 一次性收费, which gives each room that takes part a bill.
// TotalFen is what the lines add up to. NextSeq is the line that the work under way
// comes to next. VoidKind and what follows name who asked for its bills to be made
// void; another person has to approve.
type Charge struct {
	ID           string
	CommunityID  string
	Kind         string
	Item         string
	PeriodStart  models.Date
	PeriodEnd    models.Date
	TotalFen     models.Fen
	ShareBy      string
	Scope        string
	ScopeText    string
	OccupiedOnly bool
	Reason       string
	DueOn        models.Date
	LateRate     string
	GraceDays    int
	LateCap      string
	Rooms        int
	NextSeq      int
	Status       string
	OpenKey      *string // what may be charged once, until it is void
	MadeKind     string
	MadeID       string
	MadeName     string
	VoidReason   string
	VoidKind     string
	VoidID       string
	VoidName     string
	ApprovedKind string // of that
	ApprovedID   string
	ApprovedName string
	CreatedAt    models.Time
	UpdatedAt    models.Time
}

// MadeBy is who charged it.
func (c *Charge) MadeBy() models.Actor {
	return models.Actor{Kind: c.MadeKind, ID: c.MadeID, Name: c.MadeName}
}

// VoidAsked is who asked for it to be made void; without a kind: nobody.
func (c *Charge) VoidAsked() models.Actor {
	return models.Actor{Kind: c.VoidKind, ID: c.VoidID, Name: c.VoidName}
}

// VoidApproved is who approved it.
func (c *Charge) VoidApproved() models.Actor {
	return models.Actor{Kind: c.ApprovedKind, ID: c.ApprovedID, Name: c.ApprovedName}
}

// ChargeLine is a room's part in a charge.
type ChargeLine struct {
	ChargeID  string
	Seq       int
	RoomID    string
	Weight    string
	AmountFen models.Fen
	BillID    string // of the bill, once it is issued; empty where the part is 0
}

const chargeColumns = `id, community_id, kind, item, period_start, period_end, total_fen, share_by, scope, scope_text, occupied_only, reason, due_on,
	late_rate, grace_days, late_cap, rooms, next_seq, status, open_key, made_kind, made_id, made_name, void_reason, void_kind, void_id, void_name,
	approved_kind, approved_id, approved_name, created_at, updated_at`

func (c *Charge) dest() []any {
	return []any{&c.ID, &c.CommunityID, &c.Kind, &c.Item, &c.PeriodStart, &c.PeriodEnd, &c.TotalFen, &c.ShareBy, &c.Scope, &c.ScopeText, &c.OccupiedOnly,
		&c.Reason, &c.DueOn, &c.LateRate, &c.GraceDays, &c.LateCap, &c.Rooms, &c.NextSeq, &c.Status, &c.OpenKey, &c.MadeKind, &c.MadeID, &c.MadeName,
		&c.VoidReason, &c.VoidKind, &c.VoidID, &c.VoidName, &c.ApprovedKind, &c.ApprovedID, &c.ApprovedName, &c.CreatedAt, &c.UpdatedAt}
}

func charges(tx *store.Tx, query string, args ...any) ([]Charge, error) {
	var out []Charge
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Charge{})
		return scan(out[len(out)-1].dest()...)
	}, query, args...)
	return out, err
}

func oneCharge(tx *store.Tx, query string, args ...any) (Charge, error) {
	list, err := charges(tx, query, args...)
	if err == nil && len(list) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return Charge{}, err
	}
	return list[0], nil
}

// ErrChargedAlready says that the same was charged before and is not void.
var ErrChargedAlready = models.Refusal(models.KindConflict, "CHARGED_ALREADY", "同一项目、同一账期、同一范围已经收过，不能重复出账；如需重出，请先作废原来的账单")

// InsertCharge adds a charge with its lines. The same one again is
// [ErrChargedAlready].
func InsertCharge(tx *store.Tx, by models.Actor, c *Charge, lines []ChargeLine) error {
	c.MadeKind, c.MadeID, c.MadeName, c.CreatedAt, c.UpdatedAt = by.Kind, by.ID, by.Name, tx.Now, tx.Now
	if err := tx.Create(c); err != nil {
		if tx.IsDuplicate(err) {
			return ErrChargedAlready
		}
		return err
	}
	rows := make([][]any, len(lines))
	for i, l := range lines {
		rows[i] = []any{c.ID, l.Seq, l.RoomID, l.Weight, l.AmountFen, l.BillID}
	}
	if _, err := tx.InsertRows(false, "charge_lines", "charge_id, seq, room_id, weight, amount_fen, bill_id", rows); err != nil {
		return err
	}
	return office.Audit(tx, by, "charge."+c.Kind, "charge", c.ID, map[string]any{"item": c.Item, "period": c.PeriodStart.String() + ".." + c.PeriodEnd.String(),
		"total_fen": c.TotalFen, "rooms": c.Rooms})
}

// ChargeByID finds a charge.
func ChargeByID(tx *store.Tx, id string) (Charge, error) {
	return oneCharge(tx, "SELECT "+chargeColumns+" FROM charges WHERE id = ?", id)
}

// LockCharge reads a charge for its next step.
func LockCharge(tx *store.Tx, id string) (Charge, error) {
	return oneCharge(tx, "SELECT "+chargeColumns+" FROM charges WHERE id = ?"+store.ForUpdate, id)
}

// UpdateCharge writes how far a charge has got, and who asked for it to be void.
func UpdateCharge(tx *store.Tx, c *Charge) error {
	if c.Status == ChargeVoid {
		c.OpenKey = nil
	}
	c.UpdatedAt = tx.Now
	_, err := tx.Exec(`UPDATE charges SET status = ?, open_key = ?, next_seq = ?, void_reason = ?, void_kind = ?, void_id = ?, void_name = ?,
		approved_kind = ?, approved_id = ?, approved_name = ?, updated_at = ? WHERE id = ?`,
		c.Status, c.OpenKey, c.NextSeq, c.VoidReason, c.VoidKind, c.VoidID, c.VoidName,
		c.ApprovedKind, c.ApprovedID, c.ApprovedName, c.UpdatedAt, c.ID)
	return err
}

// ChargeLines gives lines of a charge in order, from one on.
func ChargeLines(tx *store.Tx, id string, from, limit int) ([]ChargeLine, error) {
	var out []ChargeLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		var l ChargeLine
		if err := scan(&l.ChargeID, &l.Seq, &l.RoomID, &l.Weight, &l.AmountFen, &l.BillID); err != nil {
			return err
		}
		out = append(out, l)
		return nil
	}, "SELECT charge_id, seq, room_id, weight, amount_fen, bill_id FROM charge_lines WHERE charge_id = ? AND seq >= ? ORDER BY seq LIMIT ?", id, from, limit)
	return out, err
}

// Charges gives a page of charges of a kind, newest first.
func Charges(tx *store.Tx, kind, after string, limit int) ([]Charge, error) {
	q, args := "SELECT "+chargeColumns+" FROM charges WHERE kind = ?", []any{kind}
	if after != "" {
		q, args = q+" AND id < ?", append(args, after)
	}
	return charges(tx, q+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
}

// UnfinishedCharges gives the charges whose bills are being issued or made void.
func UnfinishedCharges(tx *store.Tx) ([]Charge, error) {
	return charges(tx, "SELECT "+chargeColumns+" FROM charges WHERE status IN ('issuing','voiding') ORDER BY id")
}
