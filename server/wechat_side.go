package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
	"wuyepay/reminder"
	"wuyepay/sandbox"
)

// wechatSide is what a program has to do with WeChat, which decides about the
// sandbox's listener.
type wechatSide int

const (
	serveWechat wechatSide = iota // the server: it opens the listener, and a taken address stops it
	askWechat                     // a command that asks WeChat: it uses the server's sandbox where one runs
	leaveWechat                   // a command that does not: it opens nothing
)

// startSandbox puts the simulator in WeChat's place: its address becomes both
// base URLs, and its ids and keys fill whatever the configuration leaves empty.
func (a *app) startSandbox(ctx context.Context, side wechatSide) error {
	if !a.cfg.Sandbox.Enabled {
		return nil
	}
	if len(a.cfg.Wechatpay.Merchants) == 0 {
		a.cfg.Wechatpay.Merchants = map[string]MerchantConfig{"main": {}}
	}
	a.cfg.adoptMiniprogram()
	scfg, err := a.sandboxConfig()
	if err != nil {
		return err
	}
	creds, url, err := a.openSandbox(ctx, scfg, side)
	if err != nil {
		return err
	}
	a.cfg.Miniprogram.BaseURL, a.cfg.Wechatpay.BaseURL = url, url
	a.takeOver(creds)
	return nil
}

// adoptMiniprogram takes a merchant's sub_app_id for the mini-program's own id where that
// is empty: in partner mode with the company's own mini-program they are the same, and
// the sandbox would make another.
func (c *Config) adoptMiniprogram() {
	for _, name := range slices.Sorted(maps.Keys(c.Wechatpay.Merchants)) {
		if m := c.Wechatpay.Merchants[name]; c.Miniprogram.AppID == "" && m.SubMchID != "" {
			c.Miniprogram.AppID = m.SubAppID
		}
	}
}

// openSandbox opens the sandbox's listener, or finds the sandbox of this database
// that the server runs there, or does with keys alone.
func (a *app) openSandbox(ctx context.Context, scfg sandbox.Config, side wechatSide) (creds sandbox.Credentials, url string, err error) {
	url = "http://" + scfg.Listen
	if side == leaveWechat {
		creds, err = sandbox.ProvisionalCredentials(scfg)
		return creds, url, err
	}
	server, err := sandbox.Start(ctx, scfg)
	var refused *net.OpError
	switch {
	case err == nil:
		a.sandbox = server
		a.closers = append(a.closers, server.Close)
		return server.Credentials(), server.URL(), nil
	case !errors.As(err, &refused):
		return creds, url, fmt.Errorf("sandbox: %w", err)
	case side == askWechat && errors.Is(err, syscall.EADDRINUSE):
		if creds, err := sandbox.LoadCredentials(scfg); err == nil && isSandbox(ctx, url, creds.AppID) {
			return creds, url, nil
		}
	}
	return creds, url, listenFault("sandbox.listen", scfg.Listen, refused)
}

// isSandboxFor bounds the question. A sandbox that starts answers once it has made
// its keys.
const isSandboxFor = 15 * time.Second

// isSandbox reports whether the sandbox of a mini-program answers at an address.
func isSandbox(ctx context.Context, url, appID string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/sandbox/control/identity", http.NoBody)
	if err != nil {
		return false
	}
	res, err := (&http.Client{Timeout: isSandboxFor, Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	var identity struct {
		AppID string `json:"appid"`
	}
	return json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&identity) == nil && identity.AppID == appID
}

func (a *app) sandboxConfig() (sandbox.Config, error) {
	mini := a.cfg.Miniprogram
	scfg := sandbox.Config{
		Listen: a.cfg.Sandbox.Listen, Dir: filepath.Join(a.cfg.dataDir(), "sandbox"), Now: a.cfg.clock(),
		Logger: a.log.With("side", "sandbox"), AppID: mini.AppID, AppSecret: mini.AppSecret, MessageToken: mini.MessageToken,
		MessageAESKey: mini.MessageAESKey, MessageURL: a.cfg.Server.PublicURL + "/wechat/message",
	}
	configs, faults := a.cfg.merchants()
	slices.SortFunc(configs, func(x, y wechatpay.Config) int { return compareNames(x.Name, y.Name) })
	for _, c := range configs {
		mode := sandbox.ModePublicKey
		if c.MchID != "" && c.PublicKeyID == "" {
			mode = sandbox.ModeCertificate // a configured merchant without a public key
		}
		scfg.Merchants = append(scfg.Merchants, sandbox.Merchant{Name: c.Name, Mode: mode, Partner: c.SubMchID != "", MchID: c.MchID,
			CertificateSerial: c.CertificateSerial, PrivateKeyPEM: c.PrivateKeyPEM, APIv3Key: c.APIv3Key, PublicKeyID: c.PublicKeyID,
			PublicKeyPEM: c.PublicKeyPEM, SubMchID: c.SubMchID, AppID: c.SpAppID, SubAppID: c.SubAppID})
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
	mini.AppID, mini.AppSecret, mini.MessageToken, mini.MessageAESKey = creds.AppID, creds.AppSecret,
		creds.MessageToken, creds.MessageAESKey
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

// fillFromSandbox sets the keys by which the sandbox knows a merchant.
func (a *app) fillFromSandbox(c *wechatpay.Config) {
	m, ok := a.creds.Merchant(c.Name)
	if !ok {
		return
	}
	c.MchID, c.CertificateSerial, c.PrivateKeyPEM, c.APIv3Key = m.MchID, m.CertificateSerial, m.PrivateKeyPEM, m.APIv3Key
	c.PublicKeyID, c.PublicKeyPEM, c.SubMchID = m.PublicKeyID, m.PublicKeyPEM, m.SubMchID
	if c.SubAppID != "" {
		c.SpAppID = m.AppID
	}
}

// tokenStore keeps the mini-program's access token in the database, where all
// replicas share it.
type tokenStore struct{ db *store.DB }

func (s tokenStore) Get(ctx context.Context, key string) (string, bool, error) {
	return office.CacheGet(s.db.View(ctx), key)
}

func (s tokenStore) Set(ctx context.Context, key, value string, ttl time.Duration) error {
	return s.db.Write(ctx, func(tx *store.Tx) error { return office.CacheSet(tx, key, value, ttl) })
}

func (s tokenStore) Delete(ctx context.Context, key string) error {
	return s.db.Write(ctx, func(tx *store.Tx) error { return office.CacheDelete(tx, key) })
}
