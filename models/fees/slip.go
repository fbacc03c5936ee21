package fees

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Kinds of [Slip].
const (
	SlipRepair   = "repair"   // 维修
	SlipCleaning = "cleaning" // 保洁
	SlipWaste    = "waste"    // 清运
	SlipOther    = "other"
)

// SlipKinds lists the kinds.
var SlipKinds = []string{SlipRepair, SlipCleaning, SlipWaste, SlipOther}

// States of a [Slip].
const (
	SlipDraft     = "draft"   // only staff see it, and may change it
	SlipOffered   = "offered" // the owner may sign or decline it
	SlipSigned    = "signed"  // signed, and it comes to nothing: no bill
	SlipCharged   = "charged" // signed and billed
	SlipDeclined  = "declined"
	SlipCancelled = "cancelled"
)

// SlipStates lists the states in the order of a slip's life.
var SlipStates = []string{SlipDraft, SlipOffered, SlipSigned, SlipCharged, SlipDeclined, SlipCancelled}

// How a slip was signed.
const (
	SignedByPhone = "phone"
	SignedOnPaper = "paper"
)

// Slip is a 有偿服务单: paid work for a room. Staff draw it and offer it, the owner signs it,
// and one bill charges it. TotalFen is the sum of its lines; a slip of 0 (work under
// warranty) is signed and not billed.
//
// Digest is the hash of all that is offered ([SlipDigest]). Nothing that it covers changes
// while the slip is offered or afterwards; `check` computes it anew. Note is why it was
// declined or cancelled. FormKey is of the form that drew it: each draws once.
//
// Signed is the user who signed on a phone or, for a signature on paper, the member of
// staff who holds it; that is never the one who drew the slip. The bill is BillID; it is
// unique, and SQL NULL while there is none.
type Slip struct {
	ID          string
	CommunityID string
	RoomID      string
	No          string // unique in the community: FW20260315-001
	Kind        string
	Item        string // fee item of the bill
	Title       string // what was done
	WorkedOn    models.Date
	DueDays     int // the bill is due so many days after the signature
	TotalFen    models.Fen
	Status      string
	Digest      string
	Note        string
	FormKey     string
	Made        models.Actor `gorm:"embedded;embeddedPrefix:made_"`
	OfferedAt   models.Time
	How         string       // SignedByPhone or SignedOnPaper; empty: not signed
	SignerName  string       // on paper: whose signature it is
	PaperNo     string       // on paper: number of the sheet, or where its photo is filed
	Signed      models.Actor `gorm:"embedded;embeddedPrefix:signed_"`
	SignedAt    models.Time
	BillID      *string
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

var slipTable = store.NewTable[Slip]("slips")

// IsSigned reports whether the owner has signed.
func (s *Slip) IsSigned() bool { return s.Status == SlipSigned || s.Status == SlipCharged }

// SlipDigest returns the hash of what a slip offers: its number, room, item, text, days and
// every line. A signature is for exactly this.
func SlipDigest(s *Slip, lines []SlipLine) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q %q %s %d %d\n", s.No, s.RoomID, s.Kind, s.Item, s.Title, s.WorkedOn, s.DueDays, s.TotalFen)
	for _, l := range lines {
		fmt.Fprintf(h, "%d %q %q %q %q %q %d\n", l.Seq, l.Kind, l.Name, l.Quantity, l.Unit, l.Price, l.AmountFen)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// ErrSlipForm says that the form has drawn a slip before.
var ErrSlipForm = models.Refusal(models.KindConflict, "SLIP_FORM_USED", "这张表单已经提交过，没有重复开单")

// InsertSlip adds a draft with its lines. It sets number and times. The caller holds the
// lock of the community, under which slips are numbered. A form that has drawn a slip
// before is [ErrSlipForm].
func InsertSlip(tx *store.Tx, s *Slip, lines []SlipLine) error {
	day := "FW" + strings.ReplaceAll(tx.Today().String(), "-", "") + "-"
	n, err := store.Row[int](tx, "SELECT COUNT(*) FROM slips WHERE community_id = ? AND no LIKE ?", s.CommunityID, day+"%")
	if err != nil {
		return err
	}
	s.No, s.Status, s.CreatedAt, s.UpdatedAt = fmt.Sprintf("%s%03d", day, n+1), SlipDraft, tx.Now, tx.Now
	if err := slipTable.Insert(tx, *s); err != nil {
		if tx.IsDuplicate(err) {
			return ErrSlipForm
		}
		return err
	}
	if err := insertSlipLines(tx, s.ID, lines); err != nil {
		return err
	}
	return office.Audit(tx, s.Made, "slip.made", "slip", s.ID, map[string]any{"no": s.No, "room": s.RoomID, "total_fen": s.TotalFen})
}

// SlipByID returns a slip, or [models.ErrNotFound].
func SlipByID(tx *store.Tx, id string) (Slip, error) { return slipTable.Row(tx, "WHERE id = ?", id) }

// SlipByForm returns what a form has drawn, or [models.ErrNotFound].
func SlipByForm(tx *store.Tx, formKey string) (Slip, error) {
	return store.G[Slip](tx).Where("form_key = ?", formKey).Take(tx.Context())
}

// LockSlip reads a slip for a change.
func LockSlip(tx *store.Tx, id string) (Slip, error) {
	return slipTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

var (
	redrawSlip = slipTable.Update("kind, item, title, worked_on, due_days, total_fen, status, digest, offered_at, note, updated_at",
		"id = ? AND status IN ('draft','declined')")
	moveSlip = slipTable.Update("status, digest, offered_at, note, updated_at", "id = ? AND status = ? AND signed_at = 0")
	signSlip = slipTable.Update(`status, how, signer_name, paper_no, signed_kind, signed_id, signed_name, signed_at, bill_id, updated_at`,
		"id = ? AND status = 'offered' AND digest = ?")
)

// RedrawSlip writes another content into a draft, or into a slip that was declined, which
// is a draft again. s was read with a lock and has the new content; it reports false if its
// state is another one.
func RedrawSlip(tx *store.Tx, s *Slip, lines []SlipLine) (bool, error) {
	if s.Status != SlipDraft && s.Status != SlipDeclined {
		return false, nil
	}
	s.Status, s.Digest, s.OfferedAt, s.Note, s.UpdatedAt = SlipDraft, "", models.Time{}, "", tx.Now
	// The row is locked. Its count says nothing: on MySQL the same content again changes no row.
	if _, err := redrawSlip.Guarded(tx, s, s.ID); err != nil {
		return false, err
	}
	if _, err := tx.Exec("DELETE FROM slip_lines WHERE slip_id = ?", s.ID); err != nil {
		return false, err
	}
	return true, insertSlipLines(tx, s.ID, lines)
}

// MoveSlip writes another state of a slip that is not signed. It reports false if the
// state is no longer from.
func MoveSlip(tx *store.Tx, s *Slip, from string) (bool, error) {
	s.UpdatedAt = tx.Now
	return moveSlip.Guarded(tx, s, s.ID, from)
}

// SignSlip writes the signature of an offered slip, with its bill if it has one. It reports
// false if the slip is no longer offered, or no longer says what was signed.
func SignSlip(tx *store.Tx, s *Slip) (bool, error) {
	s.Status = SlipSigned
	if s.BillID != nil {
		s.Status = SlipCharged
	}
	s.SignedAt, s.UpdatedAt = tx.Now, tx.Now
	return signSlip.Guarded(tx, s, s.ID, s.Digest)
}
