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

// callbackEvidence is a callback as it came; the verdict is added when it is known.
func callbackEvidence(merchant string, header http.Header, body []byte) *proof.Evidence {
	e := evidenceOf(proof.EvidenceCallback, merchant, wechatpay.ReplyOf(header))
	e.SetBody(body)
	return e
}

// ReplyEvidence is a reply of WeChat to one of our calls, and what came of it.
func ReplyEvidence(kind, merchant, orderNo string, r wechatpay.Reply, verdict string) *proof.Evidence {
	e := evidenceOf(kind, merchant, r)
	e.OrderNo, e.Verdict = orderNo, verdict
	e.SetBody(r.Body)
	return e
}

// BillEvidence is the signed reply that announced a bill's hash: it proves the file,
// whose hash is in the detail.
func BillEvidence(kind string, r wechatpay.Reply, date, sha1 string) *proof.Evidence {
	e := ReplyEvidence(kind, "", "", r, proof.VerdictDownloaded)
	e.Detail = date + " SHA1 " + sha1
	return e
}

func evidenceOf(kind, merchant string, r wechatpay.Reply) *proof.Evidence {
	return &proof.Evidence{
		Kind: kind, Merchant: merchant, Status: r.Status, RequestID: r.RequestID, Serial: r.Serial, SignedAt: r.Timestamp, Nonce: r.Nonce,
		Signature: r.Signature,
	}
}

const (
	// evidenceDelay is how long evidence waits for company before it is written.
	evidenceDelay = 300 * time.Millisecond
	// evidenceRetry is the pause after the database did not take it.
	evidenceRetry = 2 * time.Second
	// evidenceBatch is how much is written in one transaction.
	evidenceBatch = 200
	// maxWaiting bounds what waits while the database is away.
	maxWaiting = 20_000
	// forgedKept is how many attempts that nobody has signed are kept a minute with
	// all they said. Of the others only their number is: whoever floods us must not
	// fill the disk as well.
	forgedKept = 60
)

// recorder writes evidence that changed nothing in our books, many rows in one
// transaction: repeats, forgeries, prepay replies. What did change our books is
// written in the same transaction as the change, and not here. A process that is
// killed loses at most what came in the last moment.
type recorder struct {
	mu      sync.Mutex
	waiting []proof.Evidence
	timer   *time.Timer // set while something waits

	minute time.Time // the minute of real time that forged counts in
	forged int
	extra  map[string]int // by merchant: forged attempts of the minute that are only counted
	lost   int            // more than maxWaiting

	writing sync.Mutex // one flush at a time
}

// record keeps evidence that is written a moment later.
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

// keepWhole counts an attempt without a good signature and tells whether it is kept
// whole.
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

// wakeRecorder has what waits written after a while. mu held.
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

// nextBatch gives what is to be written next, oldest first.
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

// FlushEvidence writes the evidence that waits. What the database does not take
// waits on, and the next flush comes by itself. Call it before the program ends.
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

// NoteUnreadable keeps the attempt of a callback whose body never came whole.
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
	Proven bool   // the signature holds against today's keys
	Plain  string // the content, the payer hidden; empty: it cannot be read
}

// VerifyEvidence checks the signature of evidence anew and makes its content readable.
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

// EvidenceConfig is how long evidence is kept.
type EvidenceConfig struct {
	// KeepDays is in days of real time.
	KeepDays int `yaml:"keep_days"`
}

// Validate gives every fault of the configuration, naming its key.
func (c EvidenceConfig) Validate() []error {
	if c.KeepDays < 30 || c.KeepDays > 3650 {
		return []error{fmt.Errorf("evidence.keep_days: want 30 to 3650 days, have %d", c.KeepDays)}
	}
	return nil
}

// eraseBatch is how much evidence is erased in one transaction.
const eraseBatch = 500

// EraseEvidence removes the evidence that came before an instant of real time, in
// small transactions, and gives the number of rows.
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
