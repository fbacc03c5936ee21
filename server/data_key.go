package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const dataKeySize = 32

// dataKey reads the key for personal data at rest. Development makes one beside
// the database the first time; it must be kept: without it phone numbers cannot
// be read again.
func dataKey(cfg *Config) ([]byte, error) {
	path := cfg.Security.DataKeyFile
	if path == "" {
		path = filepath.Join(cfg.dataDir(), "data.key")
		if err := makeDataKey(path); err != nil {
			return nil, fmt.Errorf("security.data_key_file: %w", err)
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("security.data_key_file: %w", err)
	}
	if key, ok := decodeKey(raw); ok {
		return key, nil
	}
	return nil, errors.New("security.data_key_file: want 32 bytes, raw or as hexadecimal or base64 text")
}

func decodeKey(raw []byte) ([]byte, bool) {
	if len(raw) == dataKeySize {
		return raw, true
	}
	text := strings.TrimSpace(string(raw))
	if key, err := hex.DecodeString(text); err == nil && len(key) == dataKeySize {
		return key, true
	}
	if key, err := base64.StdEncoding.DecodeString(text); err == nil && len(key) == dataKeySize {
		return key, true
	}
	return nil, false
}

// makeDataKey makes the file unless it is there; two processes that start at once
// agree on one.
func makeDataKey(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	key := make([]byte, dataKeySize)
	_, _ = rand.Read(key) // never fails: crypto/rand ends the program instead
	temp, err := os.CreateTemp(filepath.Dir(path), ".data.key-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.WriteString(hex.EncodeToString(key) + "\n")
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	// Link, unlike rename, fails where the file exists.
	if err := os.Link(temp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
