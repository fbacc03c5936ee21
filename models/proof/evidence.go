package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Kinds of evidence: a callback as it arrived, or WeChat's reply to a call of ours.
const (
	EvidenceCallback    = "callback"
	EvidencePrepay      = "prepay"
	EvidenceQuery       = "query"
	EvidenceClose       = "close"
	EvidenceRefund      = "refund"
	EvidenceRefundQuery = "refund_query"
	EvidenceTradeBill   = "trade_bill"
	EvidenceFlowBill    = "fund_flow_bill"
)

// Verdicts on evidence, besides the reasons of [CallbackEvent].
const (
	VerdictBooked       = "booked"
	VerdictSurplus      = "surplus" // booked, and part of it found no bill
	VerdictRepeat       = "repeat"
	VerdictBadSignature = "bad_signature"
	VerdictUnreadable   = "unreadable" // too long, or cut off
	VerdictFailed       = "failed"     // a fault of ours; WeChat repeats it
	VerdictBusy         = "busy"       // turned away in a flood, only counted; WeChat repeats it
	VerdictAccepted     = "accepted"
	VerdictClosed       = "closed"
	VerdictRefused      = "refused"
	VerdictDownloaded   = "downloaded"
	VerdictRefunded     = "refunded"
	VerdictRefundMoved  = "refund_moved" // taken, closed or abnormal
)

const (
	// maxEvidence bounds the body that is kept of what WeChat has signed; a
	// notification is one to two kilobytes.
	maxEvidence = 32 << 10
	// maxForged bounds the body that is kept of what nobody has signed.
	maxForged = 2 << 10
	// evidenceColumn binds a sealed body to its column.
	evidenceColumn = "evidence.body"
)

// Evidence is one message of WeChat as it came, with what proves its signature and
// what we made of it. Rows are only added; [EraseEvidence] removes them by age.
//
// It holds no secret. The body of a callback is stored as it came: it is encrypted by
// WeChat, and signed in that form. The body of a reply names the payer in clear text,
// so it is sealed with the data key.
//
// WeChat signs timestamp, nonce and body. As long as a body is whole, its signature can
// be checked again later with the key that Serial names.
type Evidence struct {
	ID             string
	Kind           string
	Merchant       string
	OrderNo        string
	RefundNo       string
	NotificationID string // of a callback
	RequestID      string // WeChat's Request-ID, to quote to its support
	Verdict        string
	Detail         string // in few words, without personal data
	Status         int    // HTTP status of a reply; 0 for a callback
	Serial         string // Wechatpay-Serial: the key that signed
	SignedAt       string // Wechatpay-Timestamp, real time in seconds
	Nonce          string // Wechatpay-Nonce
	Signature      string // Wechatpay-Signature, base64
	BodySize       int    // bytes as they came; Body has fewer where it was cut
	BodySHA256     string // of the bytes as they came
	Sealed         bool
	Body           []byte
	Times          int // more than 1: stands for so many attempts whose bodies were not kept
	CreatedAt      models.Time
}

// TableName names the table for GORM: evidence has no plural.
func (Evidence) TableName() string { return "evidence" }

var evidenceTable = store.NewTable[Evidence]("evidence").Hot(1)

// SetBody sets the body as it came, its size and its hash. A longer body is cut: to
// 32 KiB, or to 2 KiB if the signature is bad, so that a flood of forged messages cannot
// fill the disk. Set the verdict first. Size and hash are always those of the full body.
func (e *Evidence) SetBody(body []byte) {
	sum := sha256.Sum256(body)
	e.BodySize, e.BodySHA256 = len(body), hex.EncodeToString(sum[:])
	most := maxEvidence
	if e.Verdict == VerdictBadSignature {
		most = maxForged
	}
	e.Body = body[:min(len(body), most)]
}

// Whole reports whether the body is all that came, so that its signature can still be
// checked.
func (e Evidence) Whole() bool { return e.BodySize == len(e.Body) }

// row returns the evidence as it is stored: the body sealed unless it is a callback's,
// and every text in a form that its column takes. A message from outside must not be able
// to make its own evidence fail.
func (e *Evidence) row(v *store.Vault) Evidence {
	r := *e
	r.Sealed = e.Kind != EvidenceCallback && len(e.Body) > 0
	if r.Sealed {
		r.Body = v.Seal(evidenceColumn, string(e.Body))
	}
	if r.Body == nil {
		r.Body = []byte{}
	}
	for _, text := range []*string{&r.OrderNo, &r.RefundNo, &r.NotificationID, &r.RequestID, &r.Serial, &r.SignedAt, &r.Nonce} {
		*text = plainToken(*text, 64)
	}
	r.Signature, r.Detail, r.Times = plainToken(e.Signature, 700), store.CutRunes(e.Detail, 200), max(e.Times, 1)
	return r
}

// plainToken returns what a column of ASCII can hold of a text, as a forged message may
// contain anything. Each character outside visible ASCII becomes a question mark, so that
// "北京 1" becomes "???1"; at most most bytes are read.
func plainToken(text string, most int) string {
	clean := strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f {
			return '?'
		}
		return r
	}, text[:min(len(text), most)])
	return clean[:min(len(clean), most)]
}

// KeepEvidence adds evidence of this moment, in the transaction of what it changed: if
// that is rolled back, so is the evidence. It sets ID and CreatedAt.
func KeepEvidence(tx *store.Tx, e *Evidence) error {
	e.ID, e.CreatedAt = models.NewID(), tx.Now
	return KeepAllEvidence(tx, []Evidence{*e})
}

// KeepAllEvidence adds evidence that was collected before, each row with its own id and
// time. The insert is a deferred statement: see [store.Tx.Defer].
func KeepAllEvidence(tx *store.Tx, list []Evidence) error {
	rows := make([]Evidence, len(list))
	for i := range list {
		rows[i] = list[i].row(tx.Vault())
	}
	return evidenceTable.DeferInsert(tx, rows...)
}

// EvidenceByID returns one piece of evidence with its body decrypted, or
// [models.ErrNotFound]. A body that the data key does not open is an error.
func EvidenceByID(tx *store.Tx, id string) (Evidence, error) {
	e, err := store.G[Evidence](tx).Where("id = ?", id).Take(tx.Context())
	if err != nil || !e.Sealed {
		return e, err
	}
	plain, err := tx.Vault().Open(evidenceColumn, e.Body)
	if err != nil {
		return e, err
	}
	e.Body = []byte(plain)
	return e, nil
}

// EvidenceFilter chooses evidence, newest first. Empty fields choose all.
type EvidenceFilter struct {
	Kind     string
	Verdict  string
	Merchant string
	OrderNo  string
	On       models.Date // the business day on which it came
	After    string      // Evidence.Cursor of the last row of the previous page
	Limit    int
}

// Cursor returns where the next page begins.
func (e Evidence) Cursor() string { return office.Cursor(e.CreatedAt, e.ID) }

// EvidencePage returns a page of evidence without its bodies, which a list does not show
// and would have to decrypt. For a cursor that cannot be read it returns
// [models.ErrNotFound].
func EvidencePage(tx *store.Tx, f EvidenceFilter) ([]Evidence, error) {
	q := store.G[Evidence](tx).Omit("body").Order("created_at DESC, id DESC").Limit(f.Limit)
	for _, wanted := range []struct{ column, value string }{
		{"kind", f.Kind}, {"verdict", f.Verdict}, {"merchant", f.Merchant}, {"order_no", f.OrderNo},
	} {
		if wanted.value != "" {
			q = q.Where(wanted.column+" = ?", wanted.value)
		}
	}
	if f.On != 0 {
		q = q.Where("created_at >= ? AND created_at < ?", models.At(f.On.Start()), models.At((f.On + 1).Start()))
	}
	if f.After != "" {
		at, id, err := office.FromCursor(f.After)
		if err != nil {
			return nil, err
		}
		q = q.Where("(created_at < ? OR (created_at = ? AND id < ?))", at, at, id)
	}
	return q.Find(tx.Context())
}

// EvidenceVerdicts counts evidence by "kind verdict" from a business day on, for
// figures: "callback booked" is 120. A row that stands for several attempts counts as
// many.
func EvidenceVerdicts(tx *store.Tx, since models.Date) (map[string]int64, error) {
	type count struct {
		Kind    string
		Verdict string
		Times   int64
	}
	out := map[string]int64{}
	err := store.Each(tx, func(c *count) error {
		out[c.Kind+" "+c.Verdict] = c.Times
		return nil
	}, "SELECT kind, verdict, SUM(times) AS times FROM evidence WHERE created_at >= ? GROUP BY kind, verdict", models.At(since.Start()))
	return out, err
}

// EraseEvidence removes the oldest evidence that came before an instant of real time
// (its id holds the instant), at most limit rows, and returns their number. Call it
// until it returns 0: small transactions keep the booking of payments from waiting.
func EraseEvidence(tx *store.Tx, before models.Time, limit int) (int64, error) {
	old, err := store.Rows[string](tx, "SELECT id FROM evidence WHERE id < ? ORDER BY id LIMIT ?", models.FirstIDAt(before), limit)
	if err != nil || len(old) == 0 {
		return 0, err
	}
	n, err := store.G[Evidence](tx).Where("id <= ?", old[len(old)-1]).Delete(tx.Context())
	return int64(n), err
}
