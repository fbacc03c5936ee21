package payment

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
)

// callbackEvidence returns a callback as it came. The verdict is added when it
// is known.
func callbackEvidence(merchant string, header http.Header, body []byte) *proof.Evidence {
	e := evidenceOf(proof.EvidenceCallback, merchant, wechatpay.ReplyOf(header))
	e.SetBody(body)
	return e
}

// ReplyEvidence returns a reply of WeChat to a call, with its verdict.
func ReplyEvidence(kind, merchant, orderNo string, r wechatpay.Reply, verdict string) *proof.Evidence {
	e := evidenceOf(kind, merchant, r)
	e.OrderNo, e.Verdict = orderNo, verdict
	e.SetBody(r.Body)
	return e
}

// BillEvidence returns the signed reply that announced a bill's hash. It proves
// the file, whose hash is in the detail.
func BillEvidence(kind string, r wechatpay.Reply, date, sha1 string) *proof.Evidence {
	e := ReplyEvidence(kind, "", "", r, proof.VerdictDownloaded)
	e.Detail = date + " SHA1 " + sha1
	return e
}

// evidenceOf returns evidence with the signed headers.
func evidenceOf(kind, merchant string, r wechatpay.Reply) *proof.Evidence {
	return &proof.Evidence{
		Kind: kind, Merchant: merchant, Status: r.Status, RequestID: r.RequestID, Serial: r.Serial, SignedAt: r.Timestamp, Nonce: r.Nonce,
		Signature: r.Signature,
	}
}

const (
	// evidenceDelay is how long evidence waits for more of it before it is
	// written.
	evidenceDelay = 300 * time.Millisecond
	// evidenceRetry is the pause after the database refused it.
	evidenceRetry = 2 * time.Second
	// evidenceBatch is how many rows are written in one transaction.
	evidenceBatch = 200
	// maxWaiting limits the rows in memory while the database is away.
	maxWaiting = 20_000
	// forgedKept is how many callbacks without a valid signature are stored as
	// a whole per minute. Of the others only the number is stored, so that a
	// flood cannot fill the disk.
	forgedKept = 60
)

// recorder writes evidence that changed nothing in the books, many rows in one
// transaction: repeats, forgeries, prepay replies. Evidence that did change the
// books is written in the transaction of the change and not here. A process
// that is killed loses at most the evidence of the last moment.
type recorder struct {
	mu      sync.Mutex
	waiting []proof.Evidence
	timer   *time.Timer // set while something waits

	minute time.Time // the minute of real time in which forged is counted
	forged int
	extra  map[string]int // by merchant: forged callbacks of the minute that are only counted
	lost   int            // rows beyond maxWaiting

	writing sync.Mutex // one flush at a time
}

// record stores evidence in memory, to be written shortly.
func (s *Service) record(e *proof.Evidence) {
	e.ID, e.CreatedAt = models.NewID(), s.DB.Now()
	r := &s.recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.Verdict == proof.VerdictBadSignature && !r.keepWhole(e.Merchant) {
		s.wakeRecorder(evidenceDelay)
		return
	}
	if len(r.waiting) >= maxWaiting {
		r.lost++
		return
	}
	r.waiting = append(r.waiting, *e)
	s.wakeRecorder(evidenceDelay)
}

// keepWhole counts a callback without a valid signature and reports whether it
// is stored as a whole.
func (r *recorder) keepWhole(merchant string) bool {
	if now := models.RealNow().Truncate(time.Minute); !now.Equal(r.minute) {
		r.minute, r.forged = now, 0
	}
	if r.forged++; r.forged <= forgedKept {
		return true
	}
	if r.extra == nil {
		r.extra = map[string]int{}
	}
	r.extra[merchant]++
	return false
}

// wakeRecorder starts the timer that writes waiting evidence. recorder.mu must
// be held.
func (s *Service) wakeRecorder(after time.Duration) {
	if s.recorder.timer != nil {
		return
	}
	s.recorder.timer = time.AfterFunc(after, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.FlushEvidence(ctx); err != nil {
			s.Log.WarnContext(ctx, "evidence waits for the database", "err", err)
		}
	})
}

// nextBatch returns what is to be written next, oldest first.
func (r *recorder) nextBatch(now models.Time) (batch []proof.Evidence, lost int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for merchant, n := range r.extra {
		r.waiting = append(r.waiting, proof.Evidence{ID: models.NewID(), Kind: proof.EvidenceCallback, Merchant: merchant,
			Verdict: proof.VerdictBadSignature, Detail: "more attempts, only counted", Times: n, CreatedAt: now})
		delete(r.extra, merchant)
	}
	n := min(len(r.waiting), evidenceBatch)
	batch, r.waiting = r.waiting[:n:n], r.waiting[n:]
	if len(r.waiting) == 0 {
		r.waiting = nil
	}
	lost, r.lost = r.lost, 0
	return batch, lost
}

// FlushEvidence writes the waiting evidence. What the database refuses stays,
// and the next flush is scheduled. It must be called before the program ends.
func (s *Service) FlushEvidence(ctx context.Context) error {
	r := &s.recorder
	r.writing.Lock()
	defer r.writing.Unlock()
	r.mu.Lock()
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	r.mu.Unlock()
	for {
		batch, lost := r.nextBatch(s.DB.Now())
		if lost > 0 {
			s.Log.ErrorContext(ctx, "evidence lost: the database was away for too long", "rows", lost)
		}
		if len(batch) == 0 {
			return nil
		}
		err := s.DB.Write(ctx, func(tx *store.Tx) error { return proof.KeepAllEvidence(tx, batch) })
		if err != nil {
			r.mu.Lock()
			r.waiting = append(batch, r.waiting...)
			s.wakeRecorder(evidenceRetry)
			r.mu.Unlock()
			return err
		}
	}
}

// NoteUnreadable records a callback whose body could not be read completely.
func (s *Service) NoteUnreadable(merchant string, header http.Header, reason string) {
	if s.Merchants[merchant] == nil {
		return
	}
	e := callbackEvidence(merchant, header, nil)
	e.Verdict, e.Detail = proof.VerdictBadSignature, reason
	s.record(e)
}

// VerifiedEvidence is evidence as people read it.
type VerifiedEvidence struct {
	proof.Evidence
	Proven bool   // the signature is valid with today's keys
	Plain  string // the content with the payer hidden; empty if it cannot be read
}

// VerifyEvidence verifies the signature of evidence again and makes its content
// readable.
func (s *Service) VerifyEvidence(ctx context.Context, e proof.Evidence) VerifiedEvidence {
	out := VerifiedEvidence{Evidence: e}
	m := s.Merchants[e.Merchant]
	if m == nil {
		return out
	}
	out.Plain = m.Client.Plain(e.Body)
	out.Proven = e.Whole() && m.Client.Proves(ctx, wechatpay.Reply{
		Serial: e.Serial, Timestamp: e.SignedAt, Nonce: e.Nonce, Signature: e.Signature, Body: e.Body,
	})
	return out
}

// EvidenceConfig is how long evidence is stored.
type EvidenceConfig struct {
	// KeepDays is a number of days in real time.
	KeepDays int `yaml:"keep_days"`
}

// Validate returns every fault of the configuration, each with its key.
func (c EvidenceConfig) Validate() []error {
	if c.KeepDays < 30 || c.KeepDays > 3650 {
		return []error{fmt.Errorf("evidence.keep_days: want 30 to 3650 days, have %d", c.KeepDays)}
	}
	return nil
}

// eraseBatch is how many rows are erased in one transaction.
const eraseBatch = 500

// EraseEvidence erases evidence from before an instant of real time, in small
// transactions, and returns the number of rows.
func (s *Service) EraseEvidence(ctx context.Context, by models.Actor, before models.Time) (erased int64, err error) {
	for ctx.Err() == nil {
		var n int64
		err := s.DB.Write(ctx, func(tx *store.Tx) (err error) {
			n, err = proof.EraseEvidence(tx, before, eraseBatch)
			return err
		})
		if err != nil {
			return erased, err
		}
		if n == 0 {
			break
		}
		erased += n
	}
	if erased == 0 || ctx.Err() != nil {
		return erased, ctx.Err()
	}
	return erased, s.DB.Write(ctx, func(tx *store.Tx) error {
		return office.Audit(tx, by, "evidence.erased", "evidence", "", map[string]any{"rows": erased, "before": before})
	})
}
