package notice

import (
	"strings"
	"sync"
	"time"

	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/pay/merchant"
)

// retryAfter are WeChat's intervals between the deliveries of a notification
// (pay.weixin.qq.com/doc/v3/merchant/4012075249), 24 h 4 min in all.
var retryAfter = []time.Duration{
	15 * time.Second, 15 * time.Second, 30 * time.Second, 3 * time.Minute, 10 * time.Minute,
	20 * time.Minute, 30 * time.Minute, 30 * time.Minute, 30 * time.Minute, time.Hour,
	3 * time.Hour, 3 * time.Hour, 3 * time.Hour, 6 * time.Hour, 6 * time.Hour,
}

// Notice is a notification that is being delivered or was.
type Notice struct {
	m *merchant.Merchant

	mu      sync.Mutex
	rec     Record
	excused bool // a fault that delays has struck; the next try is spared
}

// Record returns a copy that deliveries do not change.
func (n *Notice) Record() Record {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.rec
}

// New makes a notification of rec: it sets the event id and seals the plaintext.
// Retries carry the same id and the same ciphertext.
func New(m *merchant.Merchant, rec Record) (*Notice, error) {
	rec.EventID = "EV-" + rec.Created.Format("20060102150405") + strings.ToUpper(crypt.RandomHex(18))
	rec.MchID, rec.State = m.MchID, statePending
	var err error
	if rec.Body, err = sealEnvelope(m, &rec, rec.Plain); err != nil {
		return nil, err
	}
	return &Notice{m: m, rec: rec}, nil
}
