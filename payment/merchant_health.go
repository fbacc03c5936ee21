package payment

import (
	"context"
	"errors"
	"sync"
	"time"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
)

// What a merchant may have trouble with.
const (
	troubleCallback = "callback"
	TroubleBill     = "bill"
	troubleQuery    = "query"
	troubleOrder    = "order"
)

// noteEvery is how often each process writes down that a merchant works, or
// what is wrong with it. A write at each callback would cost more than it is
// worth.
const noteEvery = 30 * time.Second

// noteThrottle remembers what was written down recently.
type noteThrottle struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// due reports whether it is time to write something down again.
func (p *noteThrottle) due(what string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if last, ok := p.last[what]; ok && now.Sub(last) < noteEvery {
		return false
	}
	if p.last == nil {
		p.last = map[string]time.Time{}
	}
	p.last[what] = now
	return true
}

// MerchantHealth holds how a merchant works, and its keys.
type MerchantHealth struct {
	Name     string
	MchID    string
	SubMchID string // set in partner mode
	SubAppID string // set in partner mode with the company's own mini-program
	Foreign  ForeignRule
	Default  bool // the merchant of communities that name none
	State    proof.MerchantState
	Keys     wechatpay.Keys
}

// Health returns the health of every merchant, in order of their names. It does
// not ask WeChat.
func (s *Service) Health(ctx context.Context) ([]MerchantHealth, error) {
	states, err := proof.MerchantStates(s.DB.View(ctx))
	if err != nil {
		return nil, err
	}
	names := s.MerchantNames()
	out := make([]MerchantHealth, len(names))
	for i, name := range names {
		m := s.Merchants[name]
		out[i] = MerchantHealth{
			Name: name, MchID: m.Config.MchID, SubMchID: m.Config.SubMchID, SubAppID: m.Config.SubAppID, Foreign: m.Foreign,
			Default: name == s.defaultMerchant, State: states[name], Keys: m.Client.Keys(),
		}
	}
	return out, nil
}

// DaysLeft returns how many days a key is still valid; false if its end is not
// known.
func DaysLeft(until time.Time) (int, bool) {
	if until.IsZero() {
		return 0, false
	}
	return int(until.Sub(models.RealNow().Time).Hours() / 24), true
}

// noteSuccess records, at most every 30 s, that a valid callback came.
func (s *Service) noteSuccess(ctx context.Context, merchant string) {
	now := models.RealNow()
	if !s.throttle.due("callback "+merchant, now.Time) {
		return
	}
	s.logUnnoted(ctx, s.DB.Write(ctx, func(tx *store.Tx) error { return proof.NoteCallback(tx, merchant, now) }))
}

// NoteBill records that the bills of a day were downloaded.
func (s *Service) NoteBill(ctx context.Context, merchant string, on models.Date) {
	now := models.RealNow()
	s.logUnnoted(ctx, s.DB.Write(ctx, func(tx *store.Tx) error { return proof.NoteBill(tx, merchant, on, now) }))
}

// NoteTrouble records, at most every 30 s for each operation, what went wrong
// with a merchant. It ignores a cancelled request, a bill that is not ready
// yet, and WeChat's signature probe, which is wrong on purpose.
func (s *Service) NoteTrouble(ctx context.Context, merchant, in string, err error) {
	now := models.RealNow()
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, ErrBillCreating) {
		return
	}
	text := "internal error"
	var e *wechatpay.Error
	if errors.As(err, &e) {
		if e.Reason == "signature probe" {
			return
		}
		text = e.Error() // contains no secret: see wechatpay.Error
		text = text[:min(len(text), 300)]
	}
	if !s.throttle.due(in+" "+merchant, now.Time) {
		return
	}
	ctx, cancel := BookingContext(ctx)
	defer cancel()
	s.logUnnoted(ctx, s.DB.Write(ctx, func(tx *store.Tx) error { return proof.NoteMerchantError(tx, merchant, in, text, now) }))
}

// logUnnoted logs that a note could not be stored. The operation itself must
// not fail for it.
func (s *Service) logUnnoted(ctx context.Context, err error) {
	if err != nil {
		s.Log.WarnContext(ctx, "merchant's health not written down", "err", err)
	}
}

// ErrBillCreating is the refusal of a bill that WeChat is still creating: try
// again in half an hour.
var ErrBillCreating = models.Refusal(models.KindUnavailable, "STATEMENT_CREATING", "微信账单正在生成，请半小时后再试")
