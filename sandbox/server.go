package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Server is a running sandbox. All its methods are safe for concurrent use.
type Server struct {
	cfg Config
	log *slog.Logger

	keyMu     sync.Mutex // guards the key file
	merchants []*merchant
	byMchID   map[string]*merchant

	books      books
	phones     phones
	tokens     tokens
	faults     faultSet
	notices    noticeQueue
	bills      billDesk
	editor     billEditor
	store      *store
	sequence   atomic.Int64 // ends every number that is made up
	calls      map[Route]*atomic.Int64
	messageURL atomic.Pointer[string] // nil means no events

	closeFor time.Duration // how long Close lets answers end by themselves
	http     *http.Server
	listener net.Listener
	client   *http.Client // carries callbacks and message push
	ctx      context.Context
	cancel   context.CancelFunc
	wg       sync.WaitGroup
	spawnMu  sync.Mutex
	closing  bool     // no goroutine may start any more
	replayed replayed // only while the state file is read
	detach   func() bool
	once     sync.Once
	closeErr error
}

// Start listens and serves until Close, or until ctx ends. Keys that neither
// Config nor Config.Dir holds are made first, which takes a moment.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, log: cfg.Logger, byMchID: map[string]*merchant{}, closeFor: 2 * time.Second}
	// Values of ctx are kept, its end is heard through AfterFunc below, so
	// that Close runs in order in both cases.
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if err := s.open(); err != nil {
		s.cancel()
		return nil, err
	}
	s.wg.Go(func() {
		if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("sandbox: listener stopped", "error", err)
		}
	})
	s.wg.Go(s.runNotices)
	// Under the lock: a ctx that has ended already calls Close at once, which
	// reads detach.
	s.spawnMu.Lock()
	defer s.spawnMu.Unlock()
	s.detach = context.AfterFunc(ctx, func() { s.Close() })
	return s, nil
}

// open takes the address first: a second sandbox on the same Dir and address
// must fail before it touches the files of the one that runs. Callers wait in
// the listener's queue until keys and state are there.
func (s *Server) open() (err error) {
	if s.listener, err = net.Listen("tcp", s.cfg.Listen); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	if err := s.openState(); err != nil {
		return errors.Join(err, s.listener.Close())
	}
	s.http = &http.Server{
		Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return s.ctx },
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	return nil
}

// openState builds identity, keys and books, in this order.
func (s *Server) openState() error {
	if s.cfg.Dir != "" {
		if err := os.MkdirAll(s.cfg.Dir, 0o700); err != nil {
			return err
		}
	}
	s.SetMessageURL(s.cfg.MessageURL)
	saved, err := loadKeys(s.cfg.Dir)
	if err != nil {
		return err
	}
	s.openApp(saved)
	if err := s.openMerchants(saved.Merchants); err != nil {
		return err
	}
	if err := s.saveKeys(); err != nil {
		return err
	}
	s.notices.wake = make(chan struct{}, 1)
	if s.store, err = openStore(s.cfg.Dir, s.replay); err != nil {
		return err
	}
	s.finishReplay()
	transport := s.cfg.Transport
	if transport == nil {
		transport = &http.Transport{MaxIdleConnsPerHost: maxDeliveries}
	}
	s.client = &http.Client{
		Transport: transport, Timeout: s.cfg.CallbackTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	s.calls = map[Route]*atomic.Int64{}
	for _, route := range allRoutes {
		s.calls[route] = new(atomic.Int64)
	}
	return nil
}

// Close stops listening, ends held answers and pending callbacks and waits
// for every goroutine. Callbacks not yet delivered are sent after the next
// Start with the same Dir. It may be called more than once.
func (s *Server) Close() error {
	s.once.Do(func() {
		s.spawnMu.Lock()
		s.detach()
		s.spawnMu.Unlock()
		s.cancel()
		// Held answers end with the context; give the rest a moment.
		ctx, cancel := context.WithTimeout(context.Background(), s.closeFor)
		defer cancel()
		err := s.http.Shutdown(ctx)
		if err != nil {
			err = s.http.Close()
		}
		s.spawnMu.Lock()
		s.closing = true
		s.spawnMu.Unlock()
		s.wg.Wait()
		s.client.CloseIdleConnections()
		s.closeErr = errors.Join(err, s.store.close())
	})
	return s.closeErr
}

// spawn runs work that Close waits for. Once Close has begun to wait nothing
// new starts; what is left undone is taken up after the next Start.
func (s *Server) spawn(work func()) {
	s.spawnMu.Lock()
	defer s.spawnMu.Unlock()
	if !s.closing {
		s.wg.Go(work)
	}
}

// URL is the sandbox's base address, for both WeChat hosts, without a final slash.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Calls is how many calls of a route reached the sandbox, spoiled ones too.
func (s *Server) Calls(route Route) int64 {
	if n := s.calls[route]; n != nil {
		return n.Load()
	}
	return 0
}

// Credentials returns the ids and keys in force.
func (s *Server) Credentials() Credentials {
	c := Credentials{
		AppID: s.cfg.AppID, AppSecret: s.cfg.AppSecret,
		MessageToken: s.cfg.MessageToken, MessageAESKey: s.cfg.MessageAESKey,
		Templates: map[string]string{},
	}
	for _, t := range s.cfg.Templates {
		c.Templates[t.Key] = t.ID
	}
	for _, m := range s.merchants {
		c.Merchants = append(c.Merchants, m.credentials())
	}
	return c
}
