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

// Core is what the parts of a running sandbox share: the configuration, the clock, the
// state file, the faults, and the goroutines that [Core.Finish] waits for.
type Core struct {
	Config  Config // complete, including the ids and keys of the mini-program
	Log     *slog.Logger
	Client  *http.Client // carries callbacks and message push
	Faults  fault.Set
	Store   *store.File     // nil without a Dir
	Context context.Context // is done when the sandbox begins to stop
	Cancel  context.CancelFunc

	sequence atomic.Int64 // see Next
	calls    map[fault.Route]*atomic.Int64
	wg       sync.WaitGroup
	spawnMu  sync.Mutex
	closing  bool // no goroutine may start any more
}

// ErrNotFound is returned for an order, refund, user or template that the sandbox does
// not know.
var ErrNotFound = errors.New("sandbox: not found")

// Limits of callbacks and of requests.
const (
	MaxDeliveries = 64        // callbacks under way at one moment
	MaxBody       = 256 << 10 // of a request; more than any real one has
)

// New checks and completes cfg. It keeps the values of ctx but not its end; the sandbox
// ends with Cancel.
func New(ctx context.Context, cfg Config) (*Core, error) {
	cfg, err := cfg.complete()
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
		Transport: transport, Timeout: cfg.CallbackTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	k.Context, k.Cancel = context.WithCancel(context.WithoutCancel(ctx))
	return k, nil
}

// OpenIdentity completes the ids and keys of the mini-program: it takes each from the
// configuration, else from the key file, else makes it.
func (k *Core) OpenIdentity(saved KeyFile) {
	c := &k.Config
	c.AppID = cmp.Or(c.AppID, saved.AppID, "wx"+crypt.RandomHex(16))
	c.AppSecret = cmp.Or(c.AppSecret, saved.AppSecret, crypt.RandomHex(32))
	c.MessageToken = cmp.Or(c.MessageToken, saved.MessageToken, crypt.RandomText(32))
	// 42 characters are free. The 43rd carries two bits that have to be zero for a
	// strict decoder.
	c.MessageAESKey = cmp.Or(c.MessageAESKey, saved.MessageAESKey, crypt.RandomText(42)+"A")
}

// OpenState passes the state that Dir keeps to replay and opens it for more.
func (k *Core) OpenState(replay func(kind string, value json.RawMessage) error) (err error) {
	k.Store, err = store.Open(k.Config.Dir, replay)
	return err
}

// Go runs work that [Core.Finish] waits for. It does nothing after Finish began to
// wait; the work is taken up after the next start.
func (k *Core) Go(work func()) {
	k.spawnMu.Lock()
	defer k.spawnMu.Unlock()
	if !k.closing {
		k.wg.Go(work)
	}
}

// Finish waits for every goroutine and closes the state file.
func (k *Core) Finish() error {
	k.spawnMu.Lock()
	k.closing = true
	k.spawnMu.Unlock()
	k.wg.Wait()
	k.Client.CloseIdleConnections()
	return k.Store.Close()
}

// Count counts a call of a route.
func (k *Core) Count(route fault.Route) { k.calls[route].Add(1) }

// Calls returns how many calls of a route were counted.
func (k *Core) Calls(route fault.Route) int64 {
	if n := k.calls[route]; n != nil {
		return n.Load()
	}
	return 0
}

// Next returns a number that was never used. Every number that the sandbox makes up
// ends with one.
func (k *Core) Next() int64 { return k.sequence.Add(1) }

// Raise keeps the numbers of [Core.Next] above one that was used before a restart. It
// must not be called while another goroutine uses Core.
func (k *Core) Raise(used int64) {
	if used > k.sequence.Load() {
		k.sequence.Store(used)
	}
}

// Now returns business time. Like WeChat's it is to the second.
func (k *Core) Now() time.Time { return k.Config.Now().In(Shanghai).Truncate(time.Second) }
