package wechatpay

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
)

type configCase struct {
	name   string
	change func(*Config)
	key    string // "" = valid
}

func configCases(t *testing.T) []configCase {
	t.Helper()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	_, certificate := platformCert(t, 7, testFuture)
	return []configCase{
		{"as it should be", func(*Config) {}, ""},
		{"partner", func(c *Config) { c.SubMchID = "1900000109" }, ""},
		{"partner, and the app is the provider's", func(c *Config) { c.SubMchID, c.SpAppID = "1900000109", c.AppID }, ""},
		{"partner with the company's app", func(c *Config) {
			c.SubMchID, c.SubAppID, c.SpAppID = "1900000109", c.AppID, "wxprovider000001"
		}, ""},
		{"company's app without a partner", func(c *Config) { c.SubAppID = c.AppID }, "wechatpay.merchants.main.sub_app_id"},
		{"provider's app without a partner", func(c *Config) { c.SpAppID = "wxprovider000001" }, "wechatpay.merchants.main.sp_app_id"},
		{"company's app is not the mini-program", func(c *Config) {
			c.SubMchID, c.SubAppID, c.SpAppID = "1900000109", "secretvalue", "wxprovider000001"
		}, "wechatpay.merchants.main.sub_app_id"},
		{"provider's app missing", func(c *Config) { c.SubMchID, c.SubAppID = "1900000109", c.AppID },
			"wechatpay.merchants.main.sp_app_id"},
		{"both apps are one", func(c *Config) { c.SubMchID, c.SubAppID, c.SpAppID = "1900000109", c.AppID, c.AppID },
			"wechatpay.merchants.main.sp_app_id"},
		{"whose app is it", func(c *Config) { c.SubMchID, c.SpAppID = "1900000109", "secretvalue" },
			"wechatpay.merchants.main.sub_app_id"},
		{"odd app", func(c *Config) { c.SubMchID, c.SubAppID = "1900000109", "wx secretvalue" }, "wechatpay.merchants.main.sub_app_id"},
		{"certificate mode", func(c *Config) { c.PublicKeyID, c.PublicKeyPEM = "", "" }, ""},
		{"default base URL", func(c *Config) { c.BaseURL = "" }, ""},
		{"PKCS#1 key", func(c *Config) {
			der := x509.MarshalPKCS1PrivateKey(keys().merchant)
			c.PrivateKeyPEM = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: der}))
		}, ""},
		{"16-byte APIv3 key", func(c *Config) { c.APIv3Key = "testMchAPIv3Key0" }, "wechatpay.merchants.main.api_v3_key"},
		{"33-byte APIv3 key", func(c *Config) { c.APIv3Key += "x" }, "wechatpay.merchants.main.api_v3_key"},
		{"no merchant number", func(c *Config) { c.MchID = "" }, "wechatpay.merchants.main.mch_id"},
		{"letters in sub merchant", func(c *Config) { c.SubMchID = "secretvalue" }, "wechatpay.merchants.main.sub_mch_id"},
		{"serial", func(c *Config) { c.CertificateSerial = "secretvalue" }, "wechatpay.merchants.main.certificate_serial"},
		{"no private key", func(c *Config) { c.PrivateKeyPEM = "secretvalue" }, "wechatpay.merchants.main.private_key_file"},
		{"certificate as private key", func(c *Config) { c.PrivateKeyPEM = certificate }, "wechatpay.merchants.main.private_key_file"},
		{"weak private key", func(c *Config) { c.PrivateKeyPEM = privatePEM(small) }, "wechatpay.merchants.main.private_key_file"},
		{"public key without id", func(c *Config) { c.PublicKeyID = "" }, "wechatpay.merchants.main.public_key_id"},
		{"id without public key", func(c *Config) { c.PublicKeyPEM = "" }, "wechatpay.merchants.main.public_key_id"},
		{"odd public key id", func(c *Config) { c.PublicKeyID = "secretvalue" }, "wechatpay.merchants.main.public_key_id"},
		{"own certificate as public key", func(c *Config) { c.PublicKeyPEM = certificate }, "wechatpay.merchants.main.public_key_file"},
		{"no app", func(c *Config) { c.AppID = " " }, "miniprogram.app_id"},
		{"base URL with path", func(c *Config) { c.BaseURL = "https://host/secretvalue" }, "wechatpay.base_url"},
		{"base URL with user", func(c *Config) { c.BaseURL = "https://secretvalue@host" }, "wechatpay.base_url"},
		{"base URL without scheme", func(c *Config) { c.BaseURL = "host:80" }, "wechatpay.base_url"},
		{"negative time", func(c *Config) { c.Timeout = -1 }, "wechatpay.merchants.main.timeout"},
	}
}

func TestValidateNamesEveryKeyAndShowsNoValue(t *testing.T) {
	t.Parallel()
	for _, tt := range configCases(t) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := testConfig("http://127.0.0.1:1")
			tt.change(&cfg)
			faults := cfg.Validate()
			if tt.key == "" {
				if len(faults) != 0 {
					t.Fatalf("unexpected faults %v", faults)
				}
				return
			}
			if len(faults) != 1 || !strings.HasPrefix(faults[0].Error(), tt.key+": ") {
				t.Fatalf("faults = %v, want one of %s", faults, tt.key)
			}
			for _, secret := range []string{"secretvalue", cfg.APIv3Key, "BEGIN"} {
				if strings.Contains(faults[0].Error(), secret) {
					t.Errorf("message shows a value: %v", faults[0])
				}
			}
			if _, err := New(cfg); err == nil {
				t.Error("New accepted it")
			}
		})
	}
	if got := len(Config{}.Validate()); got != 5 {
		t.Errorf("an empty configuration has %d faults, want all 5 together", got)
	}
}
