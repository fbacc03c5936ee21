package main

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// metrics is what /metrics tells: what this process did, and what the database
// says at the moment of asking.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.HistogramVec
	callbacks *prometheus.CounterVec
	reminders *prometheus.CounterVec
	jobs      *prometheus.CounterVec
	jobDone   *prometheus.GaugeVec
}

func newMetrics(db *store.DB, log *slog.Logger) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "wuyepay_http_request_seconds", Help: "Requests by route and status.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "status"}),
		callbacks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wuyepay_callbacks_total", Help: "WeChat Pay notifications by merchant and result.",
		}, []string{"merchant", "result"}),
		reminders: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "wuyepay_reminders_total", Help: "Messages by result."},
			[]string{"result"}),
		jobs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wuyepay_job_runs_total", Help: "Runs of jobs in this process by result.",
		}, []string{"job", "result"}),
		jobDone: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "wuyepay_job_last_success_timestamp_seconds", Help: "When a job last ended well in this process.",
		}, []string{"job"}),
	}
	m.registry.MustRegister(m.requests, m.callbacks, m.reminders, m.jobs, m.jobDone, booksCollector{db, log},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) request(route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

func (m *metrics) callback(merchant, result string) {
	m.callbacks.WithLabelValues(merchant, result).Inc()
}

func (m *metrics) job(name string, err error) {
	result := "ok"
	if err != nil {
		result = "failed"
	} else {
		m.jobDone.WithLabelValues(name).Set(float64(time.Now().Unix()))
	}
	m.jobs.WithLabelValues(name, result).Inc()
}

// booksCollector asks the database when the metrics are asked for.
type booksCollector struct {
	db  *store.DB
	log *slog.Logger
}

var (
	ordersDesc   = prometheus.NewDesc("wuyepay_orders", "Orders by state.", []string{"status"}, nil)
	oldestDesc   = prometheus.NewDesc("wuyepay_oldest_pending_order_age_seconds", "Age of the oldest order that is not settled.", nil, nil)
	findingsDesc = prometheus.NewDesc("wuyepay_reconciliation_open_findings",
		"Open findings of reconciliation by kind.", []string{"kind"}, nil)
)

// Describe tells which metrics there are.
func (booksCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- ordersDesc
	ch <- oldestDesc
	ch <- findingsDesc
}

// scrapeFor bounds what a scrape asks of the database. Tests wait longer.
var scrapeFor = 3 * time.Second

// Collect asks the database; without an answer the metrics are absent rather than
// wrong.
func (c booksCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeFor)
	defer cancel()
	view := c.db.View(ctx)
	byState, oldest, err := money.OrderCounts(view)
	if err != nil {
		c.log.Warn("metrics: orders", "err", err)
		return
	}
	for state, n := range byState {
		ch <- prometheus.MustNewConstMetric(ordersDesc, prometheus.GaugeValue, float64(n), state)
	}
	age := 0.0
	if !oldest.IsZero() {
		age = c.db.Now().Sub(oldest).Seconds()
	}
	ch <- prometheus.MustNewConstMetric(oldestDesc, prometheus.GaugeValue, age)
	findings, err := proof.OpenFindings(view)
	if err != nil {
		c.log.Warn("metrics: findings", "err", err)
		return
	}
	for kind, n := range findings {
		ch <- prometheus.MustNewConstMetric(findingsDesc, prometheus.GaugeValue, float64(n), kind)
	}
}
