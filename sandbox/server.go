package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// Server is a running sandbox. All its methods are safe for concurrent use.
type Server struct {
	core      *core
	merchants *merchants
	host      *payHost
	users     *users
	notices   *notices
	pay       *payService
	bills     *billService
	mini      *miniService
	controls  *controls

	http     *http.Server
	listener net.Listener
	detachMu sync.Mutex
	detach   func() bool
	once     sync.Once
	closeErr error
}

// Start listens and serves until Close, or until ctx ends. Keys that neither
// Config nor Config.Dir holds are made first, which takes a moment.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	// The end of ctx is heard through AfterFunc below, so that Close runs in
	// order in both cases.
	k, err := newCore(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s := &Server{core: k}
	if err := s.open(); err != nil {
		k.cancel()
		return nil, err
	}
	k.spawn(func() {
		if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			k.log.Error("sandbox: listener stopped", "error", err)
		}
	})
	k.spawn(s.notices.run)
	// Under the lock: a ctx that has ended already calls Close at once, which
	// reads detach.
	s.detachMu.Lock()
	defer s.detachMu.Unlock()
	s.detach = context.AfterFunc(ctx, func() { s.Close() })
	return s, nil
}

// open takes the address first: a second sandbox on the same Dir and address
// must fail before it touches the files of the one that runs. Callers wait in
// the listener's queue until keys and state are there.
func (s *Server) open() (err error) {
	if s.listener, err = net.Listen("tcp", s.core.cfg.Listen); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	if err := s.openState(); err != nil {
		return errors.Join(err, s.listener.Close())
	}
	s.http = &http.Server{
		Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return s.core.ctx },
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	return nil
}

// openState builds identity, keys and books, in this order.
func (s *Server) openState() error {
	k := s.core
	if k.cfg.Dir != "" {
		if err := os.MkdirAll(k.cfg.Dir, 0o700); err != nil {
			return err
		}
	}
	if err := s.openKeys(); err != nil {
		return err
	}
	if err := s.merchants.saveKeys(); err != nil {
		return err
	}
	s.host = newPayHost(k, s.merchants)
	s.users = newUsers(k)
	s.notices = newNotices(k, s.merchants)
	s.pay = newPayService(k, s.merchants, s.users, s.notices, s.host)
	s.bills = newBillService(k, s.host, s.pay)
	s.mini = newMiniService(k, s.users, s.pay)
	s.controls = &controls{
		core: k, merchants: s.merchants, users: s.users, notices: s.notices,
		pay: s.pay, bills: s.bills, mini: s.mini,
	}
	if err := k.openState(s.replay); err != nil {
		return err
	}
	s.pay.finishReplay()
	return nil
}

// openKeys takes the ids and keys of Config and Dir, and makes the rest.
func (s *Server) openKeys() error {
	saved, err := loadKeys(s.core.cfg.Dir)
	if err != nil {
		return err
	}
	s.core.openIdentity(saved)
	s.merchants, err = openMerchants(s.core, saved.Merchants)
	return err
}

// replay takes one line of the state file; a kind it does not know stops the
// start, because skipping it would quietly lose money.
func (s *Server) replay(kind string, value json.RawMessage) error {
	known, err := s.pay.replay(kind, value)
	if !known {
		known, err = s.users.replay(kind, value)
	}
	if !known {
		return fmt.Errorf("unknown record %q", kind)
	}
	return err
}

// routes is everything the listener answers: both WeChat hosts, the control
// calls and the phone page. The hosts need no telling apart, their paths differ.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	s.host.routes(mux)
	s.pay.routes(mux)
	s.bills.routes(mux)
	s.mini.routes(mux)
	s.controls.routes(mux)
	return mux
}

// Close stops listening, ends held answers and pending callbacks and waits
// for every goroutine. Callbacks not yet delivered are sent after the next
// Start with the same Dir. It may be called more than once.
func (s *Server) Close() error {
	s.once.Do(func() {
		s.detachMu.Lock()
		s.detach()
		s.detachMu.Unlock()
		s.core.cancel()
		// Held answers end with the context; give the rest a moment.
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		err := s.http.Shutdown(ctx)
		if err != nil {
			err = s.http.Close()
		}
		s.closeErr = errors.Join(err, s.core.finish())
	})
	return s.closeErr
}

// URL is the sandbox's base address, for both WeChat hosts, without a final slash.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Calls is how many calls of a route reached the sandbox, spoiled ones too.
func (s *Server) Calls(route Route) int64 { return s.core.callsOf(route) }

// Credentials returns the ids and keys in force.
func (s *Server) Credentials() Credentials {
	return credentialsOf(s.core, s.merchants)
}
