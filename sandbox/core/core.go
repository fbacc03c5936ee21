package core

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/store"
)

// Core is what the parts of a running sandbox share: the configuration, the
// clock, the memory, the faults, and the goroutines that its end waits for.
type Core struct {
	Config Config // complete, the mini-program's ids and keys too
	Log    *slog.Logger
	Client *http.Client // carries callbacks and message push
	Faults fault.Set
	Store  *store.File // nil without a Dir

	sequence atomic.Int64 // ends every number that is made up
	calls    map[fault.Route]*atomic.Int64
	Context  context.Context // ends when the sandbox begins to stop
	Cancel   context.CancelFunc
	wg       sync.WaitGroup
	spawnMu  sync.Mutex
	closing  bool // no goroutine may start any more
}

// ErrNotFound is returned for an order, refund or user the sandbox never saw.
var ErrNotFound = errors.New("sandbox: not found")

const (
	CallbackTimeout = 5 * time.Second
	MaxDeliveries   = 64        // callbacks under way at one moment
	MaxBody         = 256 << 10 // far beyond any request WeChat knows
)

// New checks and completes cfg. The values of ctx are kept, its end is not.
func New(ctx context.Context, cfg Config) (*Core, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	k := &Core{Config: cfg, Log: cfg.Logger, calls: map[fault.Route]*atomic.Int64{}}
	for _, m := range cfg.Merchants {
		k.Faults.Merchants = append(k.Faults.Merchants, m.Name)
	}
	for _, route := range fault.AllRoutes {
		k.calls[route] = new(atomic.Int64)
	}
	transport := cfg.Transport
	if transport == nil {
		transport = &http.Transport{MaxIdleConnsPerHost: MaxDeliveries}
	}
	k.Client = &http.Client{
		Transport: transport, Timeout: CallbackTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	k.Context, k.Cancel = context.WithCancel(context.WithoutCancel(ctx))
	return k, nil
}

// OpenIdentity settles the ids and keys of the mini-program.
func (k *Core) OpenIdentity(saved KeyFile) {
	c := &k.Config
	c.AppID = cmp.Or(c.AppID, saved.AppID, "wx"+crypt.RandomHex(16))
	c.AppSecret = cmp.Or(c.AppSecret, saved.AppSecret, crypt.RandomHex(32))
	c.MessageToken = cmp.Or(c.MessageToken, saved.MessageToken, crypt.RandomText(32))
	// 42 characters are free; the 43rd carries two bits that strict decoders
	// want to be zero.
	c.MessageAESKey = cmp.Or(c.MessageAESKey, saved.MessageAESKey, crypt.RandomText(42)+"A")
}

// OpenState replays what Dir keeps and opens it for more.
func (k *Core) OpenState(replay func(kind string, value json.RawMessage) error) (err error) {
	k.Store, err = store.Open(k.Config.Dir, replay)
	return err
}

// Go runs work that finish waits for. Once finish has begun to wait nothing
// new starts; what is left undone is taken up after the next start.
func (k *Core) Go(work func()) {
	k.spawnMu.Lock()
	defer k.spawnMu.Unlock()
	if !k.closing {
		k.wg.Go(work)
	}
}

// Finish waits for every goroutine and closes the store.
func (k *Core) Finish() error {
	k.spawnMu.Lock()
	k.closing = true
	k.spawnMu.Unlock()
	k.wg.Wait()
	k.Client.CloseIdleConnections()
	return k.Store.Close()
}

// Count notes a call of a route.
func (k *Core) Count(route fault.Route) { k.calls[route].Add(1) }

// Calls is how many calls of a route were counted.
func (k *Core) Calls(route fault.Route) int64 {
	if n := k.calls[route]; n != nil {
		return n.Load()
	}
	return 0
}

// Next is a number that was never given out.
func (k *Core) Next() int64 { return k.sequence.Add(1) }

// Raise keeps made-up numbers ahead of all that were given out. It is for the
// replay, which has no company.
func (k *Core) Raise(used int64) {
	if used > k.sequence.Load() {
		k.sequence.Store(used)
	}
}

// Now is business time, to the second as WeChat keeps it.
func (k *Core) Now() time.Time { return k.Config.Now().In(Shanghai).Truncate(time.Second) }
