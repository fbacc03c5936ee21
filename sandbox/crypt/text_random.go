package crypt

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"strings"
)

const alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// RandomText returns n characters of 0-9A-Za-z from the system's generator.
func RandomText(n int) string { return randomFrom(alphanumerics, n) }

// RandomDigits returns n decimal digits.
func RandomDigits(n int) string { return randomFrom(alphanumerics[:10], n) }

// randomFrom returns n of the letters. It slightly prefers the first ones, which harms
// no nonce here.
func randomFrom(letters string, n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b)
}

// RandomHex returns n lower-case hex digits.
func RandomHex(n int) string {
	b := make([]byte, (n+1)/2)
	rand.Read(b)
	return hex.EncodeToString(b)[:n]
}

// Derive returns n base-62 characters that depend on the words alone.
func Derive(n int, words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	text := new(big.Int).SetBytes(sum[:]).Text(62)
	return (text + strings.Repeat("0", n))[:n]
}
