package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"sync"
)

// foreignKey signs forgeries. It belongs to nobody, so all sandboxes of a
// process share it, and it is made only when a forgery is wanted.
var foreignKey = sync.OnceValues(newKey)

func newKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, keyBits) }

// keyFrom reads a private key, or makes one when there is none, and returns
// it with its PKCS#8 text.
func keyFrom(text string) (*rsa.PrivateKey, string, error) {
	if text == "" {
		key, err := newKey()
		if err != nil {
			return nil, "", err
		}
		text, err = privatePEM(key)
		return key, text, err
	}
	key, err := parsePrivateKey(text)
	if err != nil {
		return nil, "", err
	}
	text, err = privatePEM(key)
	return key, text, err
}
