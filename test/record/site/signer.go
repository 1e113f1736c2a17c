package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"gatewatch/test/record/accounts"
)

// Signer makes session values that name an account and cannot be guessed, so
// that the site needs no session store.
type Signer struct {
	key []byte
}

// NewSigner returns a signer with the given secret.
func NewSigner(secret string) Signer {
	return Signer{key: []byte(secret)}
}

// Sign returns the session value of an account.
func (s Signer) Sign(a accounts.Account) string {
	name := base64.RawURLEncoding.EncodeToString([]byte(a.Name))
	return name + "." + base64.RawURLEncoding.EncodeToString(s.mac(name))
}

// Open returns the account of a session value.
func (s Signer) Open(value string) (accounts.Account, bool) {
	name, mac, found := strings.Cut(value, ".")
	if !found {
		return accounts.Account{}, false
	}
	got, err := base64.RawURLEncoding.DecodeString(mac)
	if err != nil || !hmac.Equal(got, s.mac(name)) {
		return accounts.Account{}, false
	}
	plain, err := base64.RawURLEncoding.DecodeString(name)
	if err != nil {
		return accounts.Account{}, false
	}
	return accounts.ByName(string(plain))
}

func (s Signer) mac(name string) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(name))
	return h.Sum(nil)[:16]
}
