package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"wuyepay/delivery"
	"wuyepay/models"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
	"wuyepay/reminder"
	"wuyepay/wechat"
)

// Config is config.yaml, where each key is explained.
type Config struct {
	Environment string         `yaml:"environment"`
	Clock       string         `yaml:"clock"`
	Server      ServerConfig   `yaml:"server"`
	Payment     payment.Config `yaml:"payment"`
	Security    struct {
		DataKeyFile string `yaml:"data_key_file"`
	} `yaml:"security"`
	Database    store.Config      `yaml:"database"`
	Miniprogram MiniprogramConfig `yaml:"miniprogram"`
	Wechatpay   WechatpayConfig   `yaml:"wechatpay"`
	Sandbox     SandboxConfig     `yaml:"sandbox"`

	Evidence payment.EvidenceConfig `yaml:"evidence"`
}

// ServerConfig is how the server is reached.
type ServerConfig struct {
	Listen            string `yaml:"listen"`
	PublicURL         string `yaml:"public_url"`
	RequestsPerSecond int    `yaml:"requests_per_second"`
	BehindProxy       bool   `yaml:"behind_proxy"`
}

// MiniprogramConfig is the mini-program.
type MiniprogramConfig struct {
	AppID         string                       `yaml:"app_id"`
	AppSecret     string                       `yaml:"app_secret"`
	BaseURL       string                       `yaml:"base_url"`
	MessageToken  string                       `yaml:"message_token"`
	MessageAESKey string                       `yaml:"message_aes_key"`
	Templates     map[string]reminder.Template `yaml:"templates"`
	Shipping      delivery.Config              `yaml:"shipping"`
}

// WechatpayConfig is the merchants that money goes to.
type WechatpayConfig struct {
	BaseURL   string                    `yaml:"base_url"`
	Merchants map[string]MerchantConfig `yaml:"merchants"`
}

// MerchantConfig is one merchant; its keys are in files.
type MerchantConfig struct {
	MchID             string `yaml:"mch_id"`
	CertificateSerial string `yaml:"certificate_serial"`
	PrivateKeyFile    string `yaml:"private_key_file"`
	APIv3Key          string `yaml:"api_v3_key"`
	PublicKeyID       string `yaml:"public_key_id"`
	PublicKeyFile     string `yaml:"public_key_file"`
	SubMchID          string `yaml:"sub_mch_id"`
	SubAppID          string `yaml:"sub_app_id"`
	SpAppID           string `yaml:"sp_app_id"`
	CertificateFile   string `yaml:"certificate_file"`
	// Foreign tells the trades of another business apart that shares the number.
	Foreign payment.ForeignRule `yaml:"foreign"`
	// In the days of a rotation: the keys of before, or those to come.
	SecondAPIv3Key      string `yaml:"second_api_v3_key"`
	SecondPublicKeyID   string `yaml:"second_public_key_id"`
	SecondPublicKeyFile string `yaml:"second_public_key_file"`
}

// SandboxConfig is the simulator of WeChat's two sides.
type SandboxConfig struct {
	Enabled bool   `yaml:"enabled"`
	Listen  string `yaml:"listen"`
}

// defaults is what a missing key means.
func defaults() Config {
	var c Config
	c.Environment = "development"
	c.Server = ServerConfig{Listen: "127.0.0.1:8080", PublicURL: "http://127.0.0.1:8080", RequestsPerSecond: 200}
	c.Payment = payment.Config{OrderValidMinutes: 30, Surplus: "prepaid"}
	c.Evidence.KeepDays = 730
	c.Database = store.Config{Driver: "sqlite", DSN: "data/wuyepay.db"}
	c.Miniprogram.BaseURL = wechat.DefaultBaseURL
	c.Miniprogram.Shipping.Item = "物业费"
	c.Wechatpay.BaseURL = "https://api.mch.weixin.qq.com"
	c.Sandbox.Listen = "127.0.0.1:18980"
	return c
}

func (c *Config) production() bool { return c.Environment == "production" }

// clock is business time.
func (c *Config) clock() models.Clock {
	if c.Clock == "" {
		return time.Now
	}
	start, err := time.Parse(time.RFC3339, c.Clock)
	if err != nil { // validate has refused it
		return time.Now
	}
	return models.ClockFrom(start)
}

// validate returns every fault that can be seen without the network, naming its
// key. With the sandbox on, empty ids and keys are the sandbox's own.
func (c *Config) validate() []error {
	var faults []error
	bad := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if c.Environment != "development" && c.Environment != "production" {
		bad("environment: want development or production, have %q", c.Environment)
	}
	if c.Clock != "" {
		if _, err := time.Parse(time.RFC3339, c.Clock); err != nil {
			bad("clock: want an instant such as 2026-03-15T10:00:00+08:00, or empty")
		}
	}
	if c.Server.RequestsPerSecond < 0 {
		bad("server.requests_per_second: want 0 (no limit) or more, have %d", c.Server.RequestsPerSecond)
	}
	if c.Database.Driver != "sqlite" && c.Database.Driver != "mysql" {
		bad("database.driver: want sqlite or mysql, have %q", c.Database.Driver)
	}
	if c.Database.DSN == "" {
		bad("database.dsn: must be set")
	}
	faults = append(faults, c.Payment.Validate()...)
	faults = append(faults, c.Evidence.Validate()...)
	faults = append(faults, c.Miniprogram.Shipping.Validate()...)
	faults = append(faults, reminder.Config{Templates: c.Miniprogram.Templates}.Validate()...)
	if c.production() {
		return append(faults, c.productionFaults()...)
	}
	return append(faults, c.partnerFaults()...)
}

// partnerFaults is what is wrong with partner mode before the sandbox, which knows no
// keys of ours, would refuse it. Empty ids are its own.
func (c *Config) partnerFaults() (faults []error) {
	for name, m := range c.Wechatpay.Merchants {
		cfg := wechatpay.Config{
			Name: name, AppID: cmp.Or(c.Miniprogram.AppID, m.SubAppID), SubMchID: m.SubMchID, SubAppID: m.SubAppID, SpAppID: m.SpAppID,
		}
		if c.Sandbox.Enabled && m.SubAppID != "" {
			cfg.SpAppID = cmp.Or(m.SpAppID, "sandbox")
		}
		faults = append(faults, cfg.PartnerFaults()...)
	}
	return faults
}

// productionFaults is what only production refuses.
func (c *Config) productionFaults() []error {
	var faults []error
	bad := func(text string) { faults = append(faults, errors.New(text)) }
	if c.Sandbox.Enabled {
		bad("sandbox.enabled: production refuses the sandbox")
	}
	if c.Clock != "" {
		bad("clock: production refuses a set clock")
	}
	if c.Security.DataKeyFile == "" {
		bad("security.data_key_file: must be set in production")
	}
	if c.Miniprogram.MessageToken == "" {
		bad("miniprogram.message_token: must be set in production")
	}
	if len(c.Wechatpay.Merchants) == 0 {
		bad("wechatpay.merchants: at least one merchant is needed")
	}
	for key, url := range map[string]string{
		"server.public_url": c.Server.PublicURL, "miniprogram.base_url": c.Miniprogram.BaseURL, "wechatpay.base_url": c.Wechatpay.BaseURL,
	} {
		if !strings.HasPrefix(url, "https://") {
			bad(key + ": must be https in production")
		}
	}
	faults = append(faults, c.miniprogram().Validate()...)
	merchants, unread := c.merchants()
	for _, m := range merchants {
		faults = append(faults, m.Validate()...)
	}
	return append(faults, unread...)
}

// miniprogram returns the client's configuration.
func (c *Config) miniprogram() wechat.Config {
	m := c.Miniprogram
	return wechat.Config{
		AppID: m.AppID, AppSecret: m.AppSecret, BaseURL: m.BaseURL, MessageToken: m.MessageToken, MessageAESKey: m.MessageAESKey,
	}
}

// merchants returns the clients' configurations, with their keys read. With the
// sandbox on, missing keys are no fault: the sandbox fills them in.
func (c *Config) merchants() ([]wechatpay.Config, []error) {
	var out []wechatpay.Config
	var faults []error
	for name, m := range c.Wechatpay.Merchants {
		cfg := wechatpay.Config{
			Name: name, BaseURL: c.Wechatpay.BaseURL, AppID: c.Miniprogram.AppID, MchID: m.MchID, CertificateSerial: m.CertificateSerial,
			APIv3Key: m.APIv3Key, PublicKeyID: m.PublicKeyID, SubMchID: m.SubMchID, SubAppID: m.SubAppID, SpAppID: m.SpAppID,
		}
		if m.SecondAPIv3Key != "" {
			cfg.OtherAPIv3Keys = []string{m.SecondAPIv3Key}
		}
		var second string
		for _, f := range []struct {
			key, path string
			into      *string
		}{{"private_key_file", m.PrivateKeyFile, &cfg.PrivateKeyPEM}, {"public_key_file", m.PublicKeyFile, &cfg.PublicKeyPEM},
			{"certificate_file", m.CertificateFile, &cfg.CertificatePEM}, {"second_public_key_file", m.SecondPublicKeyFile, &second}} {
			if f.path == "" {
				continue
			}
			b, err := os.ReadFile(f.path)
			if err != nil {
				faults = append(faults, fmt.Errorf("wechatpay.merchants.%s.%s: %w", name, f.key, err))
			}
			*f.into = string(b)
		}
		if m.SecondPublicKeyID != "" || second != "" {
			cfg.OtherPublicKeys = []wechatpay.PublicKey{{ID: m.SecondPublicKeyID, PEM: second}}
		}
		out = append(out, cfg)
	}
	return out, faults
}

// dataDir is where development keeps what it makes for itself: beside the
// database file, or beside the data key where the database is a server.
func (c *Config) dataDir() string {
	switch {
	case c.Database.Driver == "sqlite":
		return filepath.Dir(c.Database.DSN)
	case c.Security.DataKeyFile != "":
		return filepath.Dir(c.Security.DataKeyFile)
	}
	return "data"
}
