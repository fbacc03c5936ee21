package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// Vault seals personal data at rest. From the data key it derives one key for
// AES-256-GCM and one for the blind index, an HMAC by which a phone number is
// found without being readable.
type Vault struct {
	aead  cipher.AEAD
	index []byte
}

const vaultVersion = 1 // first byte of every sealed value, for a later rotation

func newVault(dataKey []byte) (*Vault, error) {
	if len(dataKey) != 32 {
		return nil, errors.New("security.data_key_file: the data key must be exactly 32 bytes")
	}
	derive := func(purpose string) ([]byte, error) {
		return hkdf.Key(sha256.New, dataKey, nil, "wuyepay "+purpose, 32)
	}
	sealKey, err := derive("seal")
	if err != nil {
		return nil, err
	}
	indexKey, err := derive("index")
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sealKey)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Vault{aead: aead, index: indexKey}, nil
}

// Seal encrypts a value for one column; bound to it, a sealed value copied into
// another column does not open. Empty stays empty.
func (v *Vault) Seal(column, plain string) []byte {
	if plain == "" {
		return nil
	}
	out := make([]byte, 1+v.aead.NonceSize(), 1+v.aead.NonceSize()+len(plain)+v.aead.Overhead())
	out[0] = vaultVersion
	_, _ = rand.Read(out[1:]) // never fails: crypto/rand ends the program instead
	return v.aead.Seal(out, out[1:], []byte(plain), []byte(column))
}

// Open returns what [Vault.Seal] has encrypted for the column.
func (v *Vault) Open(column string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	n := v.aead.NonceSize()
	if len(sealed) < 1+n || sealed[0] != vaultVersion {
		return "", fmt.Errorf("store: %s holds a value that was not sealed here", column)
	}
	plain, err := v.aead.Open(nil, sealed[1:1+n], sealed[1+n:], []byte(column))
	if err != nil {
		return "", fmt.Errorf("store: %s cannot be opened with this data key", column)
	}
	return string(plain), nil
}

// Blind is the look-up hash of a phone number.
func (v *Vault) Blind(phone string) string {
	if phone == "" {
		return ""
	}
	m := hmac.New(sha256.New, v.index)
	m.Write([]byte("phone:" + phone))
	return hex.EncodeToString(m.Sum(nil))
}

// Mark is a keyed hash of a text, for what it is used for: who cannot read the data
// key cannot make it.
func (v *Vault) Mark(use, text string) string {
	m := hmac.New(sha256.New, v.index)
	m.Write([]byte(use + ":" + text))
	return hex.EncodeToString(m.Sum(nil))
}

// fingerprint tells data keys apart without giving anything of them away.
func (v *Vault) fingerprint() string { return v.Blind("fingerprint")[:32] }
