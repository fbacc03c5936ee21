package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"wuyepay/billing"
	"wuyepay/billing/intake"
	"wuyepay/console"
	"wuyepay/delivery"
	"wuyepay/handlers"
	"wuyepay/handlers/staffapi"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/refund"
	"wuyepay/payment/wechatpay"
	"wuyepay/reminder"
	"wuyepay/sandbox"
	"wuyepay/wechat"
)

// app is the whole program, built: database, services, front doors, jobs. Tests
// build the same one on port 0.
type app struct {
	cfg      Config
	creds    sandbox.Credentials // of the sandbox; empty without it
	log      *slog.Logger
	db       *store.DB
	sandbox  *sandbox.Server // nil unless it is on and runs in this process
	pay      *payment.Service
	mini     *wechat.Client
	reminder *reminder.Service
	delivery *delivery.Service
	imports  *intake.Worker
	api      *handlers.API
	staffAPI *staffapi.API
	console  http.Handler
	metrics  *metrics
	jobs     *jobs
	closers  []func() error // run in reverse order
}

// openDatabase opens the database and has its schema be this program's.
// Development migrates by itself; production is told to run migrate.
func openDatabase(ctx context.Context, cfg *Config) (*store.DB, error) {
	key, err := dataKey(cfg)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(cfg.Database, key, cfg.clock())
	if err != nil {
		return nil, err
	}
	if !cfg.production() {
		if _, err := db.Migrate(ctx); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	if err := errors.Join(db.Ready(ctx), ctx.Err()); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := errors.Join(db.CheckDataKey(ctx), db.BindMode(ctx, cfg.Sandbox.Enabled), db.Warm(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// newApp builds the server.
func newApp(ctx context.Context, cfg Config, log *slog.Logger) (*app, error) {
	return buildApp(ctx, cfg, log, serveWechat)
}

// buildApp builds everything in reading order. On an error nothing is left open.
func buildApp(ctx context.Context, cfg Config, log *slog.Logger, side wechatSide) (_ *app, err error) {
	a := &app{cfg: cfg, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if a.db, err = openDatabase(ctx, &a.cfg); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.db.Close)
	if err := a.startSandbox(ctx, side); err != nil {
		return nil, err
	}
	merchants, err := a.merchantClients()
	if err != nil {
		return nil, err
	}
	a.mini, err = wechat.New(a.cfg.miniprogram(), tokenStore{a.db})
	if err != nil {
		return nil, err
	}
	if a.pay, err = payment.New(a.db, a.cfg.Payment, merchants, a.cfg.Server.PublicURL, log); err != nil {
		return nil, err
	}
	a.reminder = reminder.New(a.db, a.mini, reminder.Config{Templates: a.cfg.Miniprogram.Templates},
		reminder.AskOpenOrders(a.pay.QueryOpenOrders), reminder.Logger(log))
	a.closers = append(a.closers, func() error {
		flush, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainFor)
		defer cancel()
		return a.pay.FlushEvidence(flush)
	})
	a.metrics = newMetrics(a.db, log)
	a.metrics.registry.MustRegister(merchantsCollector{a.pay, log})
	a.delivery = delivery.New(a.db, a.mini, a.cfg.Miniprogram.Shipping, log)
	a.pay.Counted = a.metrics.callback
	a.pay.Booked = func(tx *store.Tx, o *money.Order, p *money.Payment) error {
		if err := a.reminder.PaymentReceived(tx, o, p); err != nil {
			return err
		}
		return a.delivery.PaymentBooked(tx, o, p)
	}
	a.pay.Receipts.SharePaid = a.reminder.SharePaid
	a.pay.Refunded = a.reminder.RefundDone
	requests := &billing.Requests{DB: a.db, Decided: a.reminder.RequestDecided,
		Refund: func(tx *store.Tx, q *fees.Request, by models.Actor) error {
			return refund.GiveBackPrepaid(a.pay, tx, q, by)
		}}
	a.api = &handlers.API{
		DB: a.db, Pay: a.pay, Mini: a.mini, Reminder: a.reminder, Requests: requests, AppID: a.cfg.Miniprogram.AppID, Log: log,
	}
	a.imports = intake.NewWorker(a.db, log)
	a.closers = append(a.closers, a.imports.Close)
	a.staffAPI = &staffapi.API{DB: a.db, Log: log, Worker: a.imports, ClientAddr: a.address}
	a.jobs = newJobs(a)
	a.console, err = console.New(console.Deps{
		DB: a.db, Pay: a.pay, Reminder: a.reminder, Requests: requests, Imports: a.imports, Log: log,
		Secure: strings.HasPrefix(a.cfg.Server.PublicURL, "https://"), Sandbox: a.cfg.Sandbox.Enabled, Checks: a.checks,
		ClientAddr: a.address,
	})
	return a, err
}

func (a *app) merchantClients() ([]*payment.Merchant, error) {
	configs, faults := a.cfg.merchants()
	var out []*payment.Merchant
	for _, c := range configs {
		a.fillFromSandbox(&c)
		client, err := wechatpay.New(c)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		a.closers = append(a.closers, func() error { client.Close(); return nil })
		out = append(out, &payment.Merchant{Name: c.Name, Config: c, Client: client, Foreign: a.cfg.Wechatpay.Merchants[c.Name].Foreign})
	}
	return out, errors.Join(faults...)
}

// close ends everything in reverse order of its making.
func (a *app) close() error {
	var err error
	for i := len(a.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, a.closers[i]())
	}
	a.closers = nil
	return err
}

// drainFor is how long running requests and jobs have to end at a stop. Tests wait
// longer.
var drainFor = 5 * time.Second

const (
	// headerFor, bodyFor and idleFor bound slow clients.
	headerFor = 5 * time.Second
	bodyFor   = 15 * time.Second
	answerFor = 30 * time.Second // a console export may take a while
	idleFor   = 90 * time.Second
)

// serve answers requests on the listener and runs the jobs until ctx ends, then
// lets both finish.
func (a *app) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: a.handler(), ReadHeaderTimeout: headerFor, ReadTimeout: bodyFor, WriteTimeout: answerFor, IdleTimeout: idleFor,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	jobsDone := make(chan struct{})
	jobsCtx, stopJobs := context.WithCancel(ctx)
	defer stopJobs()
	go func() {
		defer close(jobsDone)
		a.jobs.run(jobsCtx)
	}()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	var err error
	select {
	case err = <-failed:
		err = fmt.Errorf("server: %w", err)
	case <-ctx.Done():
	}
	stopJobs()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainFor)
	defer cancel()
	if err == nil {
		err = server.Shutdown(drain)
	}
	select {
	case <-jobsDone:
	case <-drain.Done():
		err = errors.Join(err, errors.New("server: jobs did not end in time"))
	}
	return err
}
