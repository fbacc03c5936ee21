package crypt

import (
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"sync"
)

// ForeignKey returns the key that signs forgeries. It belongs to no merchant. All
// sandboxes of a process share it, and it is made at the first forgery.
var ForeignKey = sync.OnceValues(NewKey)

// NewKey makes an RSA key.
func NewKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, keyBits) }

// KeyFrom reads a private key and returns it with its PKCS#8 text. It makes a key if
// the text is empty.
func KeyFrom(text string) (*rsa.PrivateKey, string, error) {
	if text == "" {
		key, err := NewKey()
		if err != nil {
			return nil, "", err
		}
		text, err = PrivatePEM(key)
		return key, text, err
	}
	key, err := ParsePrivateKey(text)
	if err != nil {
		return nil, "", err
	}
	text, err = PrivatePEM(key)
	return key, text, err
}

const keyBits = 2048

// NewSerial makes a certificate serial as WeChat prints it: 40 upper-case hex digits.
// The first one is never 0, so that no printer drops it.
func NewSerial() *big.Int {
	b := make([]byte, 20)
	rand.Read(b)
	b[0] = b[0]&0x0f | 0x50
	return new(big.Int).SetBytes(b)
}
