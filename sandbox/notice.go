package sandbox

import (
	"encoding/json"
	"strings"
	"sync"
	"time"
)

// retryAfter are WeChat's intervals between deliveries of one notification
// (pay.weixin.qq.com/doc/v3/merchant/4012075249), 24 h 4 min in all.
var retryAfter = []time.Duration{
	15 * time.Second, 15 * time.Second, 30 * time.Second, 3 * time.Minute, 10 * time.Minute,
	20 * time.Minute, 30 * time.Minute, 30 * time.Minute, 30 * time.Minute, time.Hour,
	3 * time.Hour, 3 * time.Hour, 3 * time.Hour, 6 * time.Hour, 6 * time.Hour,
}

// noticeState says whether a notification is still owed.
type noticeState string

const (
	noticePending   noticeState = "pending"
	noticeDone      noticeState = "done"      // answered 2xx
	noticeLost      noticeState = "lost"      // a fault swallowed it
	noticeExhausted noticeState = "exhausted" // all retries used
)

// noticeRecord is what is kept of one notification.
type noticeRecord struct {
	EventID    string          `json:"event_id"`
	EventType  string          `json:"event_type"`
	Route      Route           `json:"route"`
	MchID      string          `json:"mchid"`
	OutTradeNo string          `json:"no"`
	URL        string          `json:"url"`
	Created    time.Time       `json:"created"` // business time
	Plain      json.RawMessage `json:"plain"`   // before encryption
	Body       json.RawMessage `json:"body"`    // the envelope, the same at every retry
	State      noticeState     `json:"state"`
	Sent       int             `json:"sent"` // deliveries so far
	Attempts   []Attempt       `json:"attempts,omitempty"`
}

// noticeUpdate is the part of a notification that deliveries change; the
// envelope is long and never changes, so it is stored once.
type noticeUpdate struct {
	EventID  string      `json:"event_id"`
	State    noticeState `json:"state"`
	Sent     int         `json:"sent"`
	Attempts []Attempt   `json:"attempts"`
}

// notice is one notification at work.
type notice struct {
	m *merchant

	mu      sync.Mutex
	rec     noticeRecord
	excused bool // a fault that only delays has struck; the next try goes out
}

// record is a copy, safe to read while deliveries go on.
func (n *notice) record() noticeRecord {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.rec
}

type resourceOut struct {
	OriginalType   string `json:"original_type"`
	Algorithm      string `json:"algorithm"`
	Ciphertext     string `json:"ciphertext"`
	AssociatedData string `json:"associated_data"`
	Nonce          string `json:"nonce"`
}

// envelope is the body of every callback; only resource is secret.
type envelope struct {
	ID           string       `json:"id"`
	CreateTime   string       `json:"create_time"`
	ResourceType string       `json:"resource_type"`
	EventType    string       `json:"event_type"`
	Summary      string       `json:"summary"`
	Resource     *resourceOut `json:"resource,omitempty"`
}

// newNotice gives the event its id and seals it once: retries carry the same
// id and the same ciphertext.
func newNotice(m *merchant, rec noticeRecord) (*notice, error) {
	rec.EventID = "EV-" + rec.Created.Format("20060102150405") + strings.ToUpper(randomHex(18))
	rec.MchID, rec.State = m.MchID, noticePending
	var err error
	if rec.Body, err = sealEnvelope(m, &rec, rec.Plain); err != nil {
		return nil, err
	}
	return &notice{m: m, rec: rec}, nil
}

var summaries = map[string]string{
	"TRANSACTION.SUCCESS": "支付成功", "REFUND.SUCCESS": "退款成功",
	"REFUND.ABNORMAL": "退款异常", "REFUND.CLOSED": "退款关闭",
}

// sealEnvelope encrypts a plaintext into the envelope of an event.
func sealEnvelope(m *merchant, rec *noticeRecord, plain []byte) ([]byte, error) {
	kind := "transaction"
	if rec.Route == RouteNotifyRefund {
		kind = "refund"
	}
	nonce := randomText(12)
	sealed, err := sealGCM(m.apiKey(), nonce, kind, plain)
	if err != nil {
		return nil, err
	}
	return json.Marshal(envelope{
		ID: rec.EventID, CreateTime: formatTime(rec.Created), ResourceType: "encrypt-resource",
		EventType: rec.EventType, Summary: summaries[rec.EventType],
		Resource: &resourceOut{
			OriginalType: kind, Algorithm: "AEAD_AES_256_GCM", Ciphertext: sealed,
			AssociatedData: kind, Nonce: nonce,
		},
	})
}
