package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func writeConfig(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestShippedConfigurationIsGood(t *testing.T) {
	t.Parallel()
	cfg, err := loadConfig("../config.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Miniprogram.Templates) != 5 || !cfg.Sandbox.Enabled || cfg.Payment.OrderValidMinutes != 30 {
		t.Errorf("read %+v", cfg)
	}
}

func TestEveryFaultIsNamed(t *testing.T) {
	t.Parallel()
	path := writeConfig(t, `
environment: staging
clock: yesterday
servr: {}
server:
  listen: [a]
payment: {order_valid_minutes: soon}
database: {driver: sqlite, dsm: x}
sandbox: {enabled: maybe}
wechatpay: {merchants: {main: {mch_idd: "secret-value-1"}}}
`)
	_, err := loadConfig(path, []string{"WUYEPAY_DATABASE__POOL=secret-value-2", "WUYEPAY_PAYMENT__SURPLUS__X=1", "OTHER=1"})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		"servr: unknown key (line 4)", "server.listen: want a text", "payment.order_valid_minutes: want a whole number",
		"database.dsm: unknown key", "sandbox.enabled: want true or false", "wechatpay.merchants.main.mch_idd: unknown key",
		"database.pool: unknown key", "payment.surplus: want a text",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "secret-value") {
		t.Errorf("a value is shown:\n%v", err)
	}
}

func TestBadValuesAreNamed(t *testing.T) {
	t.Parallel()
	path := writeConfig(t,
		"environment: staging\nclock: yesterday\npayment: {order_valid_minutes: 1, surplus: keep}\ndatabase: {driver: oracle}\n")
	_, err := loadConfig(path, nil)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"environment:", "clock:", "payment.order_valid_minutes:", "payment.surplus:", "database.driver:"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in:\n%v", want, err)
		}
	}
}

func TestEnvironmentGoesBeforeTheFile(t *testing.T) {
	t.Parallel()
	secret := writeConfig(t, "top secret\n")
	path := writeConfig(t, "database: {dsn: file.db}\nsandbox: {enabled: true}\nwechatpay:\n  merchants:\n    Main: {mch_id: 1900000001}\n")
	cfg, err := loadConfig(path, []string{
		"WUYEPAY_DATABASE__DSN=env.db", "WUYEPAY_SANDBOX__ENABLED=false", "WUYEPAY_PAYMENT__ORDER_VALID_MINUTES=45",
		"WUYEPAY_MINIPROGRAM__APP_SECRET_FILE=" + secret, "WUYEPAY_WECHATPAY__MERCHANTS__MAIN__SUB_MCH_ID=1600000001", "WUYEPAY_CLOCK=",
	})
	if err != nil {
		t.Fatal(err)
	}
	m := cfg.Wechatpay.Merchants["Main"]
	if cfg.Database.DSN != "env.db" || cfg.Sandbox.Enabled || cfg.Payment.OrderValidMinutes != 45 ||
		cfg.Miniprogram.AppSecret != "top secret" ||
		m.MchID != "1900000001" || m.SubMchID != "1600000001" {
		t.Errorf("read %+v", cfg)
	}
}

func TestProductionRefuses(t *testing.T) {
	t.Parallel()
	path := writeConfig(t,
		"environment: production\nclock: 2026-03-15T10:00:00+08:00\nsandbox: {enabled: true}\n"+
			"wechatpay: {base_url: 'http://127.0.0.1:1', merchants: {main: {}}}\n")
	_, err := loadConfig(path, nil)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		"sandbox.enabled:", "clock:", "server.public_url:", "wechatpay.base_url:", "security.data_key_file:", "miniprogram.message_token:",
		"miniprogram.app_id:", "miniprogram.app_secret:", "wechatpay.merchants.main.mch_id:", "wechatpay.merchants.main.private_key_file:",
		"wechatpay.merchants.main.api_v3_key:",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in:\n%v", want, err)
		}
	}
}

func TestDataKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	cfg := defaults()
	cfg.Database.DSN = filepath.Join(t.TempDir(), "data", "x.db")
	keys := make(chan string, 8)
	for range 8 {
		go func() {
			key, err := dataKey(&cfg)
			if err != nil {
				t.Error(err)
			}
			keys <- string(key)
		}()
	}
	first := <-keys
	for range 7 {
		if key := <-keys; key != first || len(key) != 32 {
			t.Error("two processes made two keys")
		}
	}
	cfg.Security.DataKeyFile = writeConfig(t, "short")
	if _, err := dataKey(&cfg); err == nil || !strings.Contains(err.Error(), "security.data_key_file") {
		t.Errorf("a short key: %v", err)
	}
}

// A list is a list in the file, and a text with commas in the environment.
func TestListsInTheConfiguration(t *testing.T) {
	t.Parallel()
	path := writeConfig(t, `
wechatpay: {merchants: {main: {foreign: {order_prefixes: [SHOP, 2026], app_ids: }}}}
`)
	cfg, err := loadConfig(path, []string{"WUYEPAY_WECHATPAY__MERCHANTS__MAIN__FOREIGN__APP_IDS=wxshop1, wxshop2"})
	rule := cfg.Wechatpay.Merchants["main"].Foreign
	if err != nil || !slices.Equal(rule.OrderPrefixes, []string{"SHOP", "2026"}) ||
		!slices.Equal(rule.AppIDs, []string{"wxshop1", "wxshop2"}) {
		t.Errorf("%+v, %v", rule, err)
	}
	for text, want := range map[string]string{
		"{a: b}": "foreign.order_prefixes: want a list", "[[a]]": "foreign.order_prefixes[0]: want a text",
	} {
		_, err := loadConfig(writeConfig(t, "wechatpay: {merchants: {main: {foreign: {order_prefixes: "+text+"}}}}"), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
