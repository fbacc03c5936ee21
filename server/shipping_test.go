package main

import (
	"context"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/messages"
	"wuyepay/models/store"
)

// Switched on, a payment is reported to WeChat as delivered, from the outbox that
// was filled with the booking; off, as it ships, nothing is.
func TestShippingIsSwitchable(t *testing.T) {
	t.Parallel()
	for _, enabled := range []bool{false, true} {
		cfg := newConfig(t, "2026-03-15T10:00:00+08:00")
		if cfg.Miniprogram.Shipping.Enabled {
			t.Fatal("on as it ships")
		}
		cfg.Miniprogram.Shipping.Enabled = enabled
		w := start(t, cfg)
		if err := w.loadDemo(context.Background()); err != nil {
			t.Fatal(err)
		}
		p := w.signIn("wang", "13900000001")
		room := p.rooms()[0]
		order := p.must("POST", "/orders", map[string]any{
			"room_id": room, "bill_ids": []string{}, "prepay_fen": 100, "expected_total_fen": 100,
		}, 201)["order"].(map[string]any)
		no := order["no"].(string)
		if _, err := w.sandbox.Pay(no); err != nil {
			t.Fatal(err)
		}
		until(t, "the booking", func() bool { return p.must("GET", "/orders/"+no, nil, 200)["status"] == "paid" })
		s, err := messages.ShipmentOf(w.db.View(context.Background()), no)
		if !enabled {
			if err == nil {
				t.Errorf("queued although it is off: %+v", s)
			}
			w.stop()
			continue
		}
		if err != nil || s.Status != messages.ShipmentQueued || s.NextTryAt.Before(time.Now()) {
			t.Fatalf("%+v, %v", s, err)
		}
		if err := w.db.Write(context.Background(), func(tx *store.Tx) error { // a minute later
			_, err := messages.ClaimShipment(tx, &s, models.At(time.Now()))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if r, err := w.delivery.Drain(context.Background()); err != nil || r.Failed+r.Deferred+r.Skipped > 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		until(t, "the report", func() bool {
			o, err := w.sandbox.Order(no)
			return err == nil && o.Shipped == 1
		})
		w.stop()
	}
}
