package sandbox

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
)

// core is what the parts of a running sandbox share: the configuration, the
// clock, the memory, the faults, and the goroutines that its end waits for.
type core struct {
	cfg    Config // complete, the mini-program's ids and keys too
	log    *slog.Logger
	client *http.Client // carries callbacks and message push
	faults faultSet
	store  *store // nil without a Dir

	sequence atomic.Int64 // ends every number that is made up
	calls    map[Route]*atomic.Int64
	ctx      context.Context // ends when the sandbox begins to stop
	cancel   context.CancelFunc
	wg       sync.WaitGroup
	spawnMu  sync.Mutex
	closing  bool // no goroutine may start any more
}

// ErrNotFound is returned for an order, refund or user the sandbox never saw.
var ErrNotFound = errors.New("sandbox: not found")

const (
	callbackTimeout = 5 * time.Second
	maxDeliveries   = 64        // callbacks under way at one moment
	maxBody         = 256 << 10 // far beyond any request WeChat knows
)

// newCore checks and completes cfg. The values of ctx are kept, its end is not.
func newCore(ctx context.Context, cfg Config) (*core, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	k := &core{cfg: cfg, log: cfg.Logger, calls: map[Route]*atomic.Int64{}}
	for _, m := range cfg.Merchants {
		k.faults.merchants = append(k.faults.merchants, m.Name)
	}
	for _, route := range allRoutes {
		k.calls[route] = new(atomic.Int64)
	}
	transport := cfg.Transport
	if transport == nil {
		transport = &http.Transport{MaxIdleConnsPerHost: maxDeliveries}
	}
	k.client = &http.Client{
		Transport: transport, Timeout: callbackTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	k.ctx, k.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return k, nil
}

// openIdentity settles the ids and keys of the mini-program.
func (k *core) openIdentity(saved keyFile) {
	c := &k.cfg
	c.AppID = cmp.Or(c.AppID, saved.AppID, "wx"+randomHex(16))
	c.AppSecret = cmp.Or(c.AppSecret, saved.AppSecret, randomHex(32))
	c.MessageToken = cmp.Or(c.MessageToken, saved.MessageToken, randomText(32))
	// 42 characters are free; the 43rd carries two bits that strict decoders
	// want to be zero.
	c.MessageAESKey = cmp.Or(c.MessageAESKey, saved.MessageAESKey, randomText(42)+"A")
}

// openState replays what Dir keeps and opens it for more.
func (k *core) openState(replay func(kind string, value json.RawMessage) error) (err error) {
	k.store, err = openStore(k.cfg.Dir, replay)
	return err
}

// spawn runs work that finish waits for. Once finish has begun to wait nothing
// new starts; what is left undone is taken up after the next start.
func (k *core) spawn(work func()) {
	k.spawnMu.Lock()
	defer k.spawnMu.Unlock()
	if !k.closing {
		k.wg.Go(work)
	}
}

// finish waits for every goroutine and closes the store.
func (k *core) finish() error {
	k.spawnMu.Lock()
	k.closing = true
	k.spawnMu.Unlock()
	k.wg.Wait()
	k.client.CloseIdleConnections()
	return k.store.close()
}

// count notes a call of a route.
func (k *core) count(route Route) { k.calls[route].Add(1) }

// callsOf is how many calls of a route were counted.
func (k *core) callsOf(route Route) int64 {
	if n := k.calls[route]; n != nil {
		return n.Load()
	}
	return 0
}

// next is a number that was never given out.
func (k *core) next() int64 { return k.sequence.Add(1) }

// raise keeps made-up numbers ahead of all that were given out. It is for the
// replay, which has no company.
func (k *core) raise(used int64) {
	if used > k.sequence.Load() {
		k.sequence.Store(used)
	}
}

// now is business time, to the second as WeChat keeps it.
func (k *core) now() time.Time { return k.cfg.Now().In(shanghai).Truncate(time.Second) }
