package reminder

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
	"wuyepay/wechat"
)

// Page is where a tap on a reminder leads; the room's id follows. The mini program
// must have this page.
const Page = "pages/room/index?id="

// Service reminds, counts quota and sends. It is safe for concurrent use; several
// may run on one database.
type Service struct {
	db        *store.DB
	mini      *wechat.Client
	templates map[string]Template
	ask       func(ctx context.Context, roomID string) error
	log       *slog.Logger
	workers   int
	holder    string             // names this service in its claims
	realNow   func() models.Time // for claims and retries; only tests set it

	sending sync.Mutex // held by the one Drain that runs
	breaker breaker
}

// Option changes a [Service] that is being made.
type Option func(*Service)

// AskOpenOrders has a room's open orders asked about at WeChat Pay, and settled if
// they are paid, before the room is reminded. While it gives an error the room is
// not reminded. Without it a room that has an open order is never reminded.
func AskOpenOrders(ask func(ctx context.Context, roomID string) error) Option {
	return func(s *Service) { s.ask = ask }
}

// Logger is where outcomes are logged, without personal data; default
// [slog.Default].
func Logger(log *slog.Logger) Option { return func(s *Service) { s.log = log } }

// New makes the service; it neither touches the database nor the network. cfg must
// be free of faults ([Config.Validate]).
func New(db *store.DB, mini *wechat.Client, cfg Config, options ...Option) *Service {
	s := &Service{db: db, mini: mini, templates: map[string]Template{}, log: slog.Default(), workers: 8,
		holder: models.NewID(), realNow: models.RealNow}
	for key, t := range cfg.Templates {
		if t.ID != "" {
			s.templates[key] = t
		}
	}
	for _, o := range options {
		o(s)
	}
	return s
}

// after is a real time from now on.
func (s *Service) after(d time.Duration) models.Time { return models.At(s.realNow().Add(d)) }

// PassResult is what one pass did.
type PassResult struct {
	OutsideHours bool `json:"outside_hours"` // nothing was queued, and no reminder sent
	Due          int  `json:"rooms_due"`     // rooms that have a step to be done
	Queued       int  `json:"queued"`        // messages put into the outbox
	Unreachable  int  `json:"unreachable"`   // rooms where nobody bound can be sent the step's template
	Limited      int  `json:"limited"`       // rooms left for a later day: one reminder a day, three in seven days
	DrainResult
}

// DrainResult counts messages by outcome.
type DrainResult struct {
	Sent     int
	Skipped  map[string]int `json:"skipped"`  // by reason, such as settled, no_quota, not_subscribed
	Failed   map[string]int `json:"failed"`   // by reason, such as template, unknown
	Deferred map[string]int `json:"deferred"` // to be tried again, by reason, such as unavailable, orders_unknown
}

// Reasons of messages that were not sent, or not yet.
const (
	reasonSettled       = "settled"        // nothing is owed of that step any more
	reasonStale         = "stale"          // its day is over
	reasonNoQuota       = "no_quota"       // no agreement left
	reasonNotSubscribed = "not_subscribed" // no agreement left, says WeChat (43101)
	reasonUnbound       = "unbound"        // not their room any more
	reasonTemplate      = "template"       // template, page or value not accepted
	reasonOpenID        = "openid"         // the person is not of this app
	reasonRefused       = "refused"        // refused for another reason
	reasonUnavailable   = "unavailable"    // WeChat busy or out of reach
	reasonCredential    = "credential"     // our credentials are not accepted
	reasonOrdersUnknown = "orders_unknown" // an order of the room may have been paid
	reasonLimited       = "limited"        // the person had another reminder of the room today
	reasonPromised      = "promised"       // they have said when they pay
	reasonClosed        = "closed"         // the hours ended
)
