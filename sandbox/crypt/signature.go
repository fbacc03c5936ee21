package crypt

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
)

// SignSHA256 returns the SHA256withRSA signature (PKCS#1 v1.5) of a message in base64.
// WeChat Pay uses no other scheme here.
func SignSHA256(key *rsa.PrivateKey, message []byte) (string, error) {
	sum := sha256.Sum256(message)
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(sig), nil
}

// VerifySHA256 checks a signature that [SignSHA256] made.
func VerifySHA256(key *rsa.PublicKey, message []byte, signature string) error {
	sig, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(message)
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig)
}

// SealGCM encrypts with AES-256-GCM under an APIv3 key and returns base64. The 16-byte
// tag ends the ciphertext.
func SealGCM(apiV3Key, nonce, aad string, plain []byte) (string, error) {
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
