package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"wuyepay/models"
	"wuyepay/payment/wechatpay"
	"wuyepay/reminder"
	"wuyepay/sandbox"
)

// startSandbox puts the simulator in WeChat's place: its address becomes both
// base URLs, and its ids and keys fill whatever the configuration leaves empty.
// When another process runs it at that address (a command beside the server),
// that one is used.
func (a *app) startSandbox(ctx context.Context) error {
	if !a.cfg.Sandbox.Enabled {
		return nil
	}
	if len(a.cfg.Wechatpay.Merchants) == 0 {
		a.cfg.Wechatpay.Merchants = map[string]MerchantConfig{"main": {}}
	}
	scfg, err := a.sandboxConfig()
	if err != nil {
		return err
	}
	server, err := sandbox.Start(ctx, scfg)
	var creds sandbox.Credentials
	url := "http://" + a.cfg.Sandbox.Listen
	switch {
	case err == nil:
		a.sandbox = server
		a.closers = append(a.closers, server.Close)
		creds, url = server.Credentials(), server.URL()
	case errors.Is(err, syscall.EADDRINUSE):
		if creds, err = sandbox.LoadCredentials(scfg); err != nil {
			return fmt.Errorf("sandbox.listen: %s is taken, and not by the sandbox of this database: %w", a.cfg.Sandbox.Listen, err)
		}
	default:
		return fmt.Errorf("sandbox: %w", err)
	}
	a.cfg.Miniprogram.BaseURL, a.cfg.Wechatpay.BaseURL = url, url
	a.takeOver(creds)
	return nil
}

func (a *app) sandboxConfig() (sandbox.Config, error) {
	mini := a.cfg.Miniprogram
	scfg := sandbox.Config{Listen: a.cfg.Sandbox.Listen, Dir: filepath.Join(a.cfg.dataDir(), "sandbox"), Now: a.cfg.clock(), Logger: a.log.With("side", "sandbox"),
		AppID: mini.AppID, AppSecret: mini.AppSecret, MessageToken: mini.MessageToken, MessageAESKey: mini.MessageAESKey,
		MessageURL: a.cfg.Server.PublicURL + "/wechat/message"}
	configs, faults := a.cfg.merchants()
	slices.SortFunc(configs, func(x, y wechatpay.Config) int { return compareNames(x.Name, y.Name) })
	for _, c := range configs {
		mode := sandbox.ModePublicKey
		if c.MchID != "" && c.PublicKeyID == "" {
			mode = sandbox.ModeCertificate // a configured merchant without a public key
		}
		scfg.Merchants = append(scfg.Merchants, sandbox.Merchant{Name: c.Name, Mode: mode, Partner: c.SubMchID != "", MchID: c.MchID,
			CertificateSerial: c.CertificateSerial, PrivateKeyPEM: c.PrivateKeyPEM, APIv3Key: c.APIv3Key, PublicKeyID: c.PublicKeyID,
			PublicKeyPEM: c.PublicKeyPEM, SubMchID: c.SubMchID})
	}
	for key, t := range mini.Templates {
		if t.ID != "" {
			scfg.Templates = append(scfg.Templates, sandbox.Template{Key: key, ID: t.ID})
		}
	}
	return scfg, errors.Join(faults...)
}

func compareNames(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// takeOver puts the sandbox's ids and keys where the configuration has none.
func (a *app) takeOver(creds sandbox.Credentials) {
	mini := &a.cfg.Miniprogram
	mini.AppID, mini.AppSecret, mini.MessageToken, mini.MessageAESKey = creds.AppID, creds.AppSecret, creds.MessageToken, creds.MessageAESKey
	templates := make(map[string]reminder.Template, len(mini.Templates))
	for key, t := range mini.Templates {
		if t.ID == "" {
			t.ID = creds.Templates[key]
		}
		templates[key] = t
	}
	mini.Templates = templates
	a.creds = creds
}

// fillFromSandbox gives a merchant the keys that the sandbox knows it by.
func (a *app) fillFromSandbox(c *wechatpay.Config) {
	m, ok := a.creds.Merchant(c.Name)
	if !ok {
		return
	}
	c.MchID, c.CertificateSerial, c.PrivateKeyPEM, c.APIv3Key = m.MchID, m.CertificateSerial, m.PrivateKeyPEM, m.APIv3Key
	c.PublicKeyID, c.PublicKeyPEM, c.SubMchID = m.PublicKeyID, m.PublicKeyPEM, m.SubMchID
}

// tokenStore keeps the mini-program's access token in the database, where all
// replicas share it.
type tokenStore struct{ db *models.DB }

func (s tokenStore) Get(ctx context.Context, key string) (string, bool, error) {
	return s.db.View(ctx).CacheGet(key)
}

func (s tokenStore) Set(ctx context.Context, key, value string, ttl time.Duration) error {
	return s.db.Write(ctx, func(tx *models.Tx) error { return tx.CacheSet(key, value, ttl) })
}

func (s tokenStore) Delete(ctx context.Context, key string) error {
	return s.db.Write(ctx, func(tx *models.Tx) error { return tx.CacheDelete(key) })
}
