package models

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
	"strings"
)

// vault seals personal data at rest. From the data key it derives one key for
// AES-256-GCM and one for the blind index, an HMAC by which a phone number is
// found without being readable.
type vault struct {
	aead  cipher.AEAD
	index []byte
}

const vaultVersion = 1 // first byte of every sealed value, for a later rotation

func newVault(dataKey []byte) (*vault, error) {
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
	return &vault{aead: aead, index: indexKey}, nil
}

// seal encrypts a value for one column; bound to it, a sealed value copied into
// another column does not open. Empty stays empty.
func (v *vault) seal(column, plain string) []byte {
	if plain == "" {
		return nil
	}
	out := make([]byte, 1+v.aead.NonceSize(), 1+v.aead.NonceSize()+len(plain)+v.aead.Overhead())
	out[0] = vaultVersion
	_, _ = rand.Read(out[1:]) // never fails: crypto/rand ends the program instead
	return v.aead.Seal(out, out[1:], []byte(plain), []byte(column))
}

func (v *vault) open(column string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	n := v.aead.NonceSize()
	if len(sealed) < 1+n || sealed[0] != vaultVersion {
		return "", fmt.Errorf("models: %s holds a value that was not sealed here", column)
	}
	plain, err := v.aead.Open(nil, sealed[1:1+n], sealed[1+n:], []byte(column))
	if err != nil {
		return "", fmt.Errorf("models: %s cannot be opened with this data key", column)
	}
	return string(plain), nil
}

// blind is the look-up hash of a phone number.
func (v *vault) blind(phone string) string {
	if phone == "" {
		return ""
	}
	m := hmac.New(sha256.New, v.index)
	m.Write([]byte("phone:" + phone))
	return hex.EncodeToString(m.Sum(nil))
}

// mark is a keyed hash of a text, for what it is used for: who cannot read the data
// key cannot make it.
func (v *vault) mark(use, text string) string {
	m := hmac.New(sha256.New, v.index)
	m.Write([]byte(use + ":" + text))
	return hex.EncodeToString(m.Sum(nil))
}

// fingerprint tells data keys apart without giving anything of them away.
func (v *vault) fingerprint() string { return v.blind("fingerprint")[:32] }

// MaskPhone shows a phone number as people may see it: 138****0001.
func MaskPhone(phone string) string {
	if len(phone) < 7 {
		if phone == "" {
			return ""
		}
		return "****"
	}
	return phone[:3] + "****" + phone[len(phone)-4:]
}

// MaskName shows a name as strangers may see it: 吕** for 吕敏博.
func MaskName(name string) string {
	r := []rune(name)
	if len(r) == 0 {
		return ""
	}
	out := r[:1]
	for range min(len(r)-1, 3) {
		out = append(out, '*')
	}
	return string(out)
}

// MaskRoom shows a room's name as strangers may see it: the building alone, 3栋****
// for 3栋2单元1201.
func MaskRoom(name string) string {
	for _, end := range []string{"栋", "幢", "座", "号楼"} {
		if i := strings.Index(name, end); i > 0 {
			return name[:i+len(end)] + "****"
		}
	}
	return "****"
}
