package wechat

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"time"
)

// DefaultTimeout bounds one call when Config.Timeout is zero.
const DefaultTimeout = 6 * time.Second

// DefaultBaseURL is WeChat's own address.
const DefaultBaseURL = "https://api.weixin.qq.com"

// Config configures one mini program.
type Config struct {
	AppID         string
	AppSecret     string
	BaseURL       string        // DefaultBaseURL when empty; scheme and host only
	MessageToken  string        // of the message push; empty: pushes are refused
	MessageAESKey string        // 43 characters: pushes must be encrypted; empty: plain pushes
	Timeout       time.Duration // per call, DefaultTimeout when zero
}

// Validate returns every fault. Each begins with its configuration key and never shows
// the value.
func (c Config) Validate() []error {
	var faults []error
	bad := func(key, text string) { faults = append(faults, fmt.Errorf("miniprogram.%s: %s", key, text)) }
	if c.AppID == "" || len(c.AppID) > 64 {
		bad("app_id", "must be set (at most 64 characters)")
	}
	if c.AppSecret == "" {
		bad("app_secret", "must be set")
	}
	if _, err := parseBaseURL(c.BaseURL); err != nil {
		bad("base_url", err.Error())
	}
	if c.MessageAESKey != "" {
		if _, err := decodeAESKey(c.MessageAESKey); err != nil {
			bad("message_aes_key", err.Error())
		}
		if c.MessageToken == "" {
			bad("message_token", "must be set when message_aes_key is")
		}
	}
	if c.Timeout < 0 {
		bad("timeout", "must not be negative")
	}
	return faults
}

// parseBaseURL accepts scheme and host only. An empty text means DefaultBaseURL.
func parseBaseURL(raw string) (*url.URL, error) {
	if raw == "" {
		raw = DefaultBaseURL
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("is not a URL")
	}
	if (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || (u.Path != "" && u.Path != "/") ||
		u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, errors.New("must be http(s)://host[:port] without path")
	}
	return u, nil
}

// decodeAESKey returns the 32 bytes of EncodingAESKey.
func decodeAESKey(text string) ([]byte, error) {
	// WeChat's key ends with two spare bits that need not be zero, so the strict decoder is not used.
	key, err := base64.StdEncoding.DecodeString(text + "=")
	if err != nil || len(text) != 43 || len(key) != 32 {
		return nil, errors.New("must be the 43 characters of EncodingAESKey")
	}
	return key, nil
}
