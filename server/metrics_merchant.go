package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wuyepay/models"
	"wuyepay/payment"
)

// merchantsCollector tells how each merchant fares, over all processes.
type merchantsCollector struct {
	pay *payment.Service
	log *slog.Logger
}

var (
	merchantCallbackDesc = prometheus.NewDesc("wuyepay_merchant_last_callback_timestamp_seconds",
		"When the last good callback of a merchant came.", []string{"merchant"}, nil)
	merchantBillDesc = prometheus.NewDesc("wuyepay_merchant_last_bill_timestamp_seconds",
		"When the bills of a merchant were last had.", []string{"merchant"}, nil)
	merchantErrorDesc = prometheus.NewDesc("wuyepay_merchant_last_error_timestamp_seconds",
		"When something last went wrong with a merchant, by where.", []string{"merchant", "in"}, nil)
	merchantKeyDesc = prometheus.NewDesc("wuyepay_merchant_certificate_days_left",
		"Days left of a certificate: merchant (where its file is configured) or platform.", []string{"merchant", "certificate"}, nil)
)

// Describe tells which metrics there are.
func (merchantsCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{merchantCallbackDesc, merchantBillDesc, merchantErrorDesc, merchantKeyDesc} {
		ch <- d
	}
}

// Collect asks the database; what is not known yet is absent.
func (c merchantsCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeFor)
	defer cancel()
	health, err := c.pay.Health(ctx)
	if err != nil {
		c.log.Warn("metrics: merchants", "err", err)
		return
	}
	at := func(desc *prometheus.Desc, t models.Time, labels ...string) {
		if !t.IsZero() {
			ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(t.Unix()), labels...)
		}
	}
	for _, m := range health {
		at(merchantCallbackDesc, m.State.CallbackAt, m.Name)
		at(merchantBillDesc, m.State.BillAt, m.Name)
		at(merchantErrorDesc, m.State.ErrorAt, m.Name, m.State.ErrorIn)
		for which, until := range map[string]time.Time{"merchant": m.Keys.MerchantUntil, "platform": m.Keys.PlatformUntil} {
			if days, ok := payment.DaysLeft(until); ok {
				ch <- prometheus.MustNewConstMetric(merchantKeyDesc, prometheus.GaugeValue, float64(days), m.Name, which)
			}
		}
	}
}
