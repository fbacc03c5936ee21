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
// It holds no secret. The body of a callback stands as it came: it is encrypted by
// WeChat, and signed in that form. The body of a reply names the payer in clear,
// so it is sealed with the data key.
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

// TableName is the table.
func (Evidence) TableName() string { return "evidence" }

const evidenceColumns = "id, kind, merchant, order_no, refund_no, notification_id, request_id, verdict, detail, status, serial, signed_at, nonce, signature, body_size, body_sha256, sealed, body, times, created_at"

func init() { store.HotInserts("evidence", evidenceColumns, 1) }

// SetBody takes a body as it came and notes its size and hash; too long a one is
// cut.
func (e *Evidence) SetBody(body []byte) {
	sum := sha256.Sum256(body)
	e.BodySize, e.BodySHA256 = len(body), hex.EncodeToString(sum[:])
	most := maxEvidence
	if e.Verdict == VerdictBadSignature {
		most = maxForged
	}
	e.Body = body[:min(len(body), most)]
}

// Whole tells whether the body is all that came, so that its signature can still
// be checked.
func (e Evidence) Whole() bool { return e.BodySize == len(e.Body) }

// values are the columns, with the body sealed unless it is a callback's.
func (e *Evidence) values(v *store.Vault) []any {
	body := e.Body
	sealed := e.Kind != EvidenceCallback && len(body) > 0
	if sealed {
		body = v.Seal(evidenceColumn, string(body))
	}
	if body == nil {
		body = []byte{}
	}
	return []any{e.ID, e.Kind, e.Merchant, plainToken(e.OrderNo, 64), plainToken(e.RefundNo, 64), plainToken(e.NotificationID, 64), plainToken(e.RequestID, 64),
		e.Verdict, store.CutRunes(e.Detail, 200), e.Status, plainToken(e.Serial, 64), plainToken(e.SignedAt, 64), plainToken(e.Nonce, 64), plainToken(e.Signature, 700),
		e.BodySize, e.BodySHA256, sealed, body, max(e.Times, 1), e.CreatedAt}
}

// plainToken is what a column of ASCII can hold of a text: a forged message may say
// anything.
func plainToken(text string, most int) string {
	clean := strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f {
			return '?'
		}
		return r
	}, text[:min(len(text), most)])
	return clean[:min(len(clean), most)]
}

// KeepEvidence adds evidence of the moment, in the transaction of what it changed.
func KeepEvidence(tx *store.Tx, e *Evidence) error {
	e.ID, e.CreatedAt = models.NewID(), tx.Now
	return KeepAllEvidence(tx, []Evidence{*e})
}

// KeepAllEvidence adds evidence that was gathered before, each row with its own id
// and time.
func KeepAllEvidence(tx *store.Tx, list []Evidence) error {
	rows := make([][]any, len(list))
	for i := range list {
		rows[i] = list[i].values(tx.Vault())
	}
	return tx.DeferRows("evidence", evidenceColumns, rows)
}

// EvidenceByID gives one piece of evidence, its body opened.
func EvidenceByID(tx *store.Tx, id string) (Evidence, error) {
	var out []Evidence
	if err := tx.Gorm().Where("id = ?", id).Limit(1).Find(&out).Error; err != nil {
		return Evidence{}, err
	}
	if len(out) == 0 {
		return Evidence{}, models.ErrNotFound
	}
	e := out[0]
	if e.Sealed {
		plain, err := tx.Vault().Open(evidenceColumn, e.Body)
		if err != nil {
			return e, err
		}
		e.Body = []byte(plain)
	}
	return e, nil
}

// EvidenceFilter chooses evidence, newest first. Empty fields choose all.
type EvidenceFilter struct {
	Kind     string
	Verdict  string
	Merchant string
	OrderNo  string
	On       models.Date // the business day on which it came
	After    string      // Evidence.Cursor of the last one seen
	Limit    int
}

// Cursor is where the next page begins.
func (e Evidence) Cursor() string { return office.Cursor(e.CreatedAt, e.ID) }

// EvidencePage gives a page of evidence without its bodies.
func EvidencePage(tx *store.Tx, f EvidenceFilter) ([]Evidence, error) {
	q := tx.Gorm().Omit("body")
	for column, value := range map[string]string{"kind": f.Kind, "verdict": f.Verdict, "merchant": f.Merchant, "order_no": f.OrderNo} {
		if value != "" {
			q = q.Where(column+" = ?", value)
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
	var out []Evidence
	err := q.Order("created_at DESC, id DESC").Limit(f.Limit).Find(&out).Error
	return out, err
}

// EvidenceVerdicts counts evidence by kind and verdict since a day, for figures.
func EvidenceVerdicts(tx *store.Tx, since models.Date) (map[string]int64, error) {
	out := map[string]int64{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var kind, verdict string
		var n int64
		if err := scan(&kind, &verdict, &n); err != nil {
			return err
		}
		out[kind+" "+verdict] = n
		return nil
	}, "SELECT kind, verdict, SUM(times) FROM evidence WHERE created_at >= ? GROUP BY kind, verdict", models.At(since.Start()))
	return out, err
}

// EraseEvidence removes the oldest evidence that came before an instant of real
// time (ids tell when), at most so many rows, and gives their number. Call it until
// it gives 0: small transactions keep the booking of payments from waiting.
func EraseEvidence(tx *store.Tx, before models.Time, limit int) (int64, error) {
	var last string
	err := tx.QueryRows(func(scan func(...any) error) error { return scan(&last) },
		"SELECT id FROM evidence WHERE id < ? ORDER BY id LIMIT ?", models.FirstIDAt(before), limit)
	if err != nil || last == "" {
		return 0, err
	}
	return tx.Exec("DELETE FROM evidence WHERE id <= ?", last)
}
