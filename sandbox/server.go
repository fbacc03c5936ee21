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

	"wuyepay/sandbox/control"
	"wuyepay/sandbox/core"
	"wuyepay/sandbox/mini"
	"wuyepay/sandbox/pay"
	"wuyepay/sandbox/pay/apiv3"
	"wuyepay/sandbox/pay/bill"
	"wuyepay/sandbox/pay/merchant"
	"wuyepay/sandbox/pay/notice"
	"wuyepay/sandbox/user"
)

// Server is a running sandbox. Its methods are safe for concurrent use.
type Server struct {
	core      *core.Core
	merchants *merchant.Set
	host      *apiv3.Host
	users     *user.Set
	notices   *notice.Sender
	pay       *pay.Service
	bills     *bill.Service
	mini      *mini.Service
	controls  *control.Control

	closeFor time.Duration // how long Close lets answers end by themselves
	http     *http.Server
	listener net.Listener
	detachMu sync.Mutex
	detach   func() bool
	once     sync.Once
	closeErr error
}

// Start starts a sandbox that serves until Close, or until ctx is done. It makes the
// keys that neither Config nor Config.Dir holds, which takes a moment.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	// The core ignores the end of ctx. AfterFunc below calls Close for it, so that
	// both ways to end run in the same order.
	k, err := core.New(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s := &Server{core: k, closeFor: 2 * time.Second}
	if err := s.open(); err != nil {
		k.Cancel()
		return nil, err
	}
	k.Go(func() {
		if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			k.Log.Error("sandbox: listener stopped", "error", err)
		}
	})
	k.Go(s.notices.Run)
	// A ctx that is done already calls Close at once, which reads detach.
	s.detachMu.Lock()
	defer s.detachMu.Unlock()
	s.detach = context.AfterFunc(ctx, func() { s.Close() })
	return s, nil
}

// open listens before anything else: a second sandbox on the same Dir and address has
// to fail before it touches the files of the first. Callers wait in the listener's
// queue until keys and state are there.
func (s *Server) open() (err error) {
	if s.listener, err = net.Listen("tcp", s.core.Config.Listen); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	if err := s.openState(); err != nil {
		return errors.Join(err, s.listener.Close())
	}
	s.http = &http.Server{
		Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return s.core.Context },
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	return nil
}

// openState builds identity, keys and books, in this order.
func (s *Server) openState() error {
	k := s.core
	if k.Config.Dir != "" {
		if err := os.MkdirAll(k.Config.Dir, 0o700); err != nil {
			return err
		}
	}
	if err := s.openKeys(); err != nil {
		return err
	}
	if err := s.merchants.SaveKeys(); err != nil {
		return err
	}
	s.host = apiv3.NewHost(k, s.merchants)
	s.users = user.NewSet(k)
	s.notices = notice.NewSender(k, s.merchants)
	s.pay = pay.New(k, s.merchants, s.users, s.notices, s.host)
	s.bills = bill.New(k, s.host, s.pay)
	s.mini = mini.New(k, s.users, s.pay)
	s.controls = &control.Control{
		Core: k, Merchants: s.merchants, Users: s.users, Notices: s.notices,
		Pay: s.pay, Bills: s.bills, Mini: s.mini,
	}
	if err := k.OpenState(s.replay); err != nil {
		return err
	}
	s.pay.FinishReplay()
	return nil
}

// openKeys takes the ids and keys of Config and Dir and makes the rest.
func (s *Server) openKeys() error {
	saved, err := core.LoadKeys(s.core.Config.Dir)
	if err != nil {
		return err
	}
	s.core.OpenIdentity(saved)
	s.merchants, err = merchant.Open(s.core, saved.Merchants)
	return err
}

// replay takes one line of the state file. An unknown kind is an error, because to skip
// it could lose money.
func (s *Server) replay(kind string, value json.RawMessage) error {
	known, err := s.pay.Replay(kind, value)
	if !known {
		known, err = s.users.Replay(kind, value)
	}
	if !known {
		return fmt.Errorf("unknown record %q", kind)
	}
	return err
}

// routes returns everything that the listener answers: both WeChat hosts, the control
// calls and the phone page. The paths of the hosts differ, so one address serves them
// all.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	s.host.Routes(mux)
	s.pay.Routes(mux)
	s.bills.Routes(mux)
	s.mini.Routes(mux)
	s.controls.Routes(mux)
	return mux
}

// Close stops listening, ends held answers and pending callbacks and waits for every
// goroutine. A callback that was not delivered is sent after the next Start with the
// same Dir. Close may be called more than once.
func (s *Server) Close() error {
	s.once.Do(func() {
		s.detachMu.Lock()
		s.detach()
		s.detachMu.Unlock()
		s.core.Cancel()
		// Held answers end with the context. The rest gets a moment.
		ctx, cancel := context.WithTimeout(context.Background(), s.closeFor)
		defer cancel()
		err := s.http.Shutdown(ctx)
		if err != nil {
			err = s.http.Close()
		}
		s.closeErr = errors.Join(err, s.core.Finish())
	})
	return s.closeErr
}

// URL returns the base address for both WeChat hosts, without a final slash.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Calls returns how many calls of a route reached the sandbox, spoiled ones too.
func (s *Server) Calls(route Route) int64 { return s.core.Calls(route) }

// Credentials returns the ids and keys in force.
func (s *Server) Credentials() Credentials {
	return credentialsOf(s.core, s.merchants)
}
