// Package crypt has the cryptography and the random texts of both hosts: RSA signatures,
// AES-GCM, keys as PEM, nonces and ids.
//
// It keeps no key. The keys of merchants are in package merchant.
package crypt
