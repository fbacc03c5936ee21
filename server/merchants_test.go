package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// A choice of bills that go to two merchants: the phone is told how it splits, makes
// an order for each part, and each merchant's health shows in the metrics.
func TestTwoMerchantsOverHTTP(t *testing.T) {
	ctx := context.Background()
	cfg := newConfig(t, "2026-03-16T10:00:00+08:00")
	cfg.Wechatpay.Merchants = map[string]MerchantConfig{"main": {}, "water": {}}
	w := start(t, cfg)
	if err := w.loadDemo(ctx); err != nil {
		t.Fatal(err)
	}
	wang := w.signIn("wang", "13900000001")
	room := wang.rooms()[0]
	bills, total := wang.bills(room)
	var ids []string
	items := map[string]string{} // by bill
	water := ""
	for _, b := range bills {
		id, item := b["id"].(string), b["item"].(string)
		ids = append(ids, id)
		if items[id] = item; strings.Contains(item, "水") {
			water = item
		}
	}
	kept, err := estate.RoomByID(w.db.View(ctx), room)
	if err != nil || water == "" {
		t.Fatalf("no water bill among %v, %v", items, err)
	}
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		return estate.SetMerchantRule(tx, models.SystemActor("test"), kept.CommunityID, water, "water")
	})
	if err != nil {
		t.Fatal(err)
	}
	refused := wang.refused("POST", "/orders", map[string]any{
		"room_id": room, "bill_ids": ids, "prepay_fen": 100, "expected_total_fen": total + 100,
	}, 409, "MERCHANTS_MIXED")
	sum := 0.0
	for _, d := range refused["details"].([]any) {
		part := d.(map[string]any)
		for _, id := range part["bill_ids"].([]any) {
			if (items[id.(string)] == water) != (part["merchant"] == "water") {
				t.Errorf("bill of %s goes to %v", items[id.(string)], part["merchant"])
			}
		}
		sum += part["total_fen"].(float64)
		no := wang.must("POST", "/orders", map[string]any{"room_id": room, "bill_ids": part["bill_ids"], "prepay_fen": part["prepay_fen"],
			"expected_total_fen": part["total_fen"]}, 201)["order"].(map[string]any)["no"].(string)
		if _, err := w.sandbox.Pay(no); err != nil {
			t.Fatal(err)
		}
		until(t, "the callback is booked", func() bool { return wang.must("GET", "/orders/"+no, nil, 200)["status"] == "paid" })
	}
	if sum != total+100 {
		t.Errorf("the parts come to %v, want %v", sum, total+100)
	}
	w.booksAgree()
	res, err := http.Get(w.url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`wuyepay_merchant_last_callback_timestamp_seconds{merchant="main"}`,
		`wuyepay_merchant_last_callback_timestamp_seconds{merchant="water"}`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
}

// The company's own mini-program under a provider: the sandbox takes its place without
// more than the two ids, and what cannot work stops the start with its key.
func TestOwnMiniprogramOfAProvider(t *testing.T) {
	cfg := newConfig(t, "2026-03-16T10:00:00+08:00")
	cfg.Wechatpay.Merchants = map[string]MerchantConfig{"main": {SubMchID: "1600000001", SubAppID: "wxcompanyminiapp1"}}
	w := start(t, cfg)
	if err := w.loadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	m, err := w.pay.Merchant("main")
	if err != nil || w.cfg.Miniprogram.AppID != "wxcompanyminiapp1" || m.Config.SpAppID == "" || m.Config.SubMchID != "1600000001" {
		t.Fatalf("the mini-program is %q, the provider's app %q (%v)", w.cfg.Miniprogram.AppID, m.Config.SpAppID, err)
	}
	wang := w.signIn("wang", "13900000001")
	room := wang.rooms()[0]
	bills, total := wang.bills(room)
	ids := make([]string, len(bills))
	for i, b := range bills {
		ids[i] = b["id"].(string)
	}
	wang.must("POST", "/orders", map[string]any{"room_id": room, "bill_ids": ids, "prepay_fen": 0, "expected_total_fen": total}, 201)
	for key, bad := range map[string]MerchantConfig{
		"wechatpay.merchants.main.sub_app_id:": {SubAppID: "wxcompanyminiapp1"},
		"wechatpay.merchants.main.sp_app_id:":  {SubMchID: "1600000001", SubAppID: "wxsame", SpAppID: "wxsame"},
	} {
		cfg := newConfig(t, "2026-03-16T10:00:00+08:00")
		cfg.Wechatpay.Merchants = map[string]MerchantConfig{"main": bad}
		if err := errors.Join(cfg.validate()...); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	cfg = newConfig(t, "2026-03-16T10:00:00+08:00")
	cfg.Wechatpay.Merchants = map[string]MerchantConfig{"main": {Foreign: payment.ForeignRule{OrderPrefixes: []string{"01"}}}}
	_, err = newApp(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "wechatpay.merchants.main.foreign.order_prefixes:") {
		t.Errorf("a rule that matches ours: %v", err)
	}
}
