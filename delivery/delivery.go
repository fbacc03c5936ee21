package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
	"unicode/utf8"

	"wuyepay/models"
	"wuyepay/models/messages"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/wechat"
)

// Config configures whether and how deliveries are reported.
type Config struct {
	Enabled bool `yaml:"enabled"`
	// Item names what was delivered, in at most 120 characters.
	Item string `yaml:"item"`
}

// Validate returns every fault of the configuration, with its key.
func (c Config) Validate() []error {
	if n := utf8.RuneCountInString(c.Item); c.Enabled && (n == 0 || n > 120) {
		return []error{fmt.Errorf("miniprogram.shipping.item: want 1 to 120 characters, have %d", n)}
	}
	return nil
}

// Service reports deliveries. It is safe for concurrent use; several may run on
// one database.
type Service struct {
	db   *store.DB
	mini *wechat.Client
	cfg  Config
	log  *slog.Logger
	now  func() models.Time // real time; only tests set it
}

// New returns a service. [Service.Drain] sends.
func New(db *store.DB, mini *wechat.Client, cfg Config, log *slog.Logger) *Service {
	return &Service{db: db, mini: mini, cfg: cfg, log: log, now: models.RealNow}
}

const (
	// firstTry is how long after a payment it is reported. WeChat's order service knows
	// the payment about a minute later.
	firstTry = time.Minute
	// maxTries bounds the tries of one report: over a day and a half.
	maxTries = 14
	// claimFor is longer than any call to WeChat.
	claimFor = 2 * time.Minute
	batch    = 100
)

// backoff returns the pause before the next try: one minute, doubled each time, at most
// four hours. For example, backoff(3) is four minutes.
func backoff(tries int) time.Duration {
	return min(time.Minute<<max(0, min(tries, 10)-1), 4*time.Hour)
}

// PaymentBooked puts the report of a payment by WeChat into the outbox. It runs in the
// transaction that books the payment, and costs a single insert.
func (s *Service) PaymentBooked(tx *store.Tx, o *money.Order, p *money.Payment) error {
	if !s.cfg.Enabled || p.TransactionID == nil {
		return nil
	}
	return messages.QueueShipment(tx, messages.Shipment{
		OrderNo: o.No, TransactionID: *p.TransactionID, OpenID: o.OpenID, NextTryAt: models.At(s.now().Add(firstTry)),
	})
}

// Result counts reports by how they ended.
type Result struct{ Sent, Skipped, Failed, Deferred int }

// Drain sends the reports of the outbox until none is left or WeChat is out of reach.
func (s *Service) Drain(ctx context.Context) (r Result, err error) {
	if !s.cfg.Enabled {
		return r, nil
	}
	for ctx.Err() == nil {
		due, err := messages.DueShipments(s.db.View(ctx), s.now(), batch)
		if err != nil || len(due) == 0 {
			return r, err
		}
		for i := range due {
			reached, err := s.send(ctx, &due[i], &r)
			if err != nil || !reached {
				return r, err
			}
		}
	}
	return r, ctx.Err()
}

// send makes one try. It returns false if WeChat is out of reach, so that the others
// can wait too.
func (s *Service) send(ctx context.Context, d *messages.Shipment, r *Result) (reached bool, err error) {
	ours := false
	err = s.db.WriteOne(ctx, func(tx *store.Tx) (err error) {
		ours, err = messages.ClaimShipment(tx, d, models.At(s.now().Add(claimFor)))
		return err
	})
	if err != nil || !ours {
		return true, err
	}
	// From here on a process that stops waits for the answer.
	ctx = context.WithoutCancel(ctx)
	said := s.mini.Ship(ctx, wechat.Shipment{TransactionID: d.TransactionID, OpenID: d.OpenID, Item: s.cfg.Item, At: s.now().Time})
	reached = s.judge(d, said)
	if said != nil {
		s.log.WarnContext(ctx, "delivery not reported", "order", d.OrderNo, "status", d.Status, "tries", d.Tries, "err", said)
	}
	err = s.db.WriteOne(ctx, func(tx *store.Tx) error {
		_, err := messages.FinishShipment(tx, d)
		return err
	})
	if err == nil {
		r.count(d.Status)
	}
	return reached, err
}

func (r *Result) count(status string) {
	switch status {
	case messages.ShipmentSent:
		r.Sent++
	case messages.ShipmentSkipped:
		r.Skipped++
	case messages.ShipmentFailed:
		r.Failed++
	default:
		r.Deferred++
	}
}

// The reasons why a report is not sent.
const (
	reasonUnknown = "order_unknown" // WeChat does not know the order, yet
	reasonState   = "state"         // refunded meanwhile
	reasonField   = "field"         // a fault of configuration or code
	reasonOpenID  = "openid"
	reasonAway    = "unavailable"
	reasonKeys    = "credential"
	reasonRefused = "refused"
)

// judge writes WeChat's answer to one try into the report. It returns false if WeChat
// is out of reach for all.
func (s *Service) judge(d *messages.Shipment, said error) (reached bool) {
	var e *wechat.Error
	d.ErrCode = 0
	if errors.As(said, &e) {
		d.ErrCode = e.Code
	}
	reached, d.Status = true, messages.ShipmentFailed
	switch {
	case said == nil:
		d.Status, d.Reason = messages.ShipmentSent, ""
	case errors.Is(said, wechat.ErrShipState):
		d.Status, d.Reason = messages.ShipmentSkipped, reasonState
	case errors.Is(said, wechat.ErrShipField):
		d.Reason = reasonField
	case errors.Is(said, wechat.ErrOpenID):
		d.Reason = reasonOpenID
	case errors.Is(said, wechat.ErrShipOrder):
		d.Status, d.Reason = messages.ShipmentQueued, reasonUnknown
	case errors.Is(said, wechat.ErrUnavailable):
		d.Status, d.Reason, reached = messages.ShipmentQueued, reasonAway, false
	case errors.Is(said, wechat.ErrCredential):
		d.Status, d.Reason, reached = messages.ShipmentQueued, reasonKeys, false
	default:
		d.Reason = reasonRefused
	}
	if d.Status == messages.ShipmentQueued {
		d.NextTryAt = models.At(s.now().Add(backoff(d.Tries)))
		if d.Tries >= maxTries {
			d.Status = messages.ShipmentFailed
		}
	}
	return reached
}

// ErrNotFailed is returned for a report that was not given up.
var ErrNotFailed = models.Refusal(models.KindConflict, "SHIPMENT_NOT_FAILED", "只有上传失败的发货信息可以重新上传")

// Retry puts a report that was given up back into the outbox.
func Retry(ctx context.Context, db *store.DB, by models.Actor, orderNo string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		ok, err := messages.RetryShipment(tx, orderNo, models.RealNow())
		if err != nil {
			return err
		}
		if !ok {
			return ErrNotFailed
		}
		return office.Audit(tx, by, "shipment.retried", "order", orderNo, nil)
	})
}
