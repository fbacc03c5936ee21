package sandbox

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
)

const keyBits = 2048

// signSHA256 is SHA256withRSA (PKCS#1 v1.5) in base64, WeChat's only scheme here.
func signSHA256(key *rsa.PrivateKey, message []byte) (string, error) {
	sum := sha256.Sum256(message)
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(sig), nil
}

// verifySHA256 checks what signSHA256 makes.
func verifySHA256(key *rsa.PublicKey, message []byte, signature string) error {
	sig, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(message)
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig)
}

// sealGCM encrypts under the APIv3 key; the 16-byte tag ends the ciphertext.
func sealGCM(apiV3Key, nonce, aad string, plain []byte) (string, error) {
	block, err := aes.NewCipher([]byte(apiV3Key))
	if err != nil {
		return "", err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	sealed := gcm.Seal(nil, []byte(nonce), plain, []byte(aad))
	return base64.StdEncoding.EncodeToString(sealed), nil
}

const alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// randomText is n characters of 0-9A-Za-z from the system's generator.
func randomText(n int) string { return randomFrom(alphanumerics, n) }

func randomDigits(n int) string { return randomFrom(alphanumerics[:10], n) }

// randomFrom slightly prefers the first letters, which harms no nonce here.
func randomFrom(letters string, n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: it aborts the program instead
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b)
}

func randomHex(n int) string {
	b := make([]byte, (n+1)/2)
	rand.Read(b)
	return hex.EncodeToString(b)[:n]
}

// parsePrivateKey reads PKCS#8, and PKCS#1 for keys made by old tools.
func parsePrivateKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("not a PEM private key")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	any8, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not a PKCS#8 private key")
	}
	key, ok := any8.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("not an RSA private key")
	}
	return key, nil
}

// parsePublicKey reads what publicPEM writes.
func parsePublicKey(text string) (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("not a PEM public key")
	}
	anyKey, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not a PKIX public key")
	}
	key, ok := anyKey.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("not an RSA public key")
	}
	return key, nil
}

// privatePEM writes PKCS#8, the only form the Go SDK reads.
func privatePEM(key *rsa.PrivateKey) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// publicPEM writes PKIX, as the merchant platform hands it out.
func publicPEM(key *rsa.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// newSerial is a certificate serial as WeChat prints it: 40 upper-case hex
// digits. The first is never 0, so that no printer drops it.
func newSerial() *big.Int {
	b := make([]byte, 20)
	rand.Read(b)
	b[0] = b[0]&0x0f | 0x50
	return new(big.Int).SetBytes(b)
}

// derive makes n base-62 characters out of words, always the same ones.
func derive(n int, words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	text := new(big.Int).SetBytes(sum[:]).Text(62)
	return (text + strings.Repeat("0", n))[:n]
}
