// Package wechattest holds what tests of several packages need beside a wechat.Client.
package wechattest

import (
	"context"
	"sync"
	"time"
)

// Tokens is a wechat.TokenStore for one process.
type Tokens struct {
	mu   sync.Mutex
	kept map[string]token
}

type token struct {
	value string
	until time.Time
}

// NewTokens returns an empty store.
func NewTokens() *Tokens { return &Tokens{kept: map[string]token{}} }

// Get returns a value that has not expired.
func (m *Tokens) Get(_ context.Context, key string) (string, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.kept[key]
	if !ok || time.Now().After(t.until) {
		return "", false, nil
	}
	return t.value, true, nil
}

// Set stores a value for ttl.
func (m *Tokens) Set(_ context.Context, key, value string, ttl time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[key] = token{value, time.Now().Add(ttl)}
	return nil
}

// Delete removes a value.
func (m *Tokens) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, key)
	return nil
}
