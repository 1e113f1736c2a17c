package trouble

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// site is a receiver's webhook.
type site struct {
	*httptest.Server

	// answer answers the n-th request, from 1, and tells whether it has taken it; nil takes everything.
	answer func(n int, w http.ResponseWriter, r *http.Request) bool

	mu    sync.Mutex // guards what follows
	asked []time.Time
	took  map[string]int // deliveries that were taken, by webhook-id
	about map[string]int // and by client
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{took: map[string]int{}, about: map[string]int{}}
	s.Server = httptest.NewUnstartedServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP implements http.Handler.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	var body struct {
		Data struct {
			Entity struct{ Value string }
		}
	}
	if err != nil || json.Unmarshal(raw, &body) != nil || body.Data.Entity.Value == "" {
		http.Error(w, "no alert", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.asked = append(s.asked, time.Now())
	n := len(s.asked)
	s.mu.Unlock()
	if s.answer != nil && !s.answer(n, w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took[r.Header.Get("webhook-id")]++
	s.about[body.Data.Entity.Value]++
}

// told is how many different notifications were taken, and how many of those more than once.
func (s *site) told() (different, repeated int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.took {
		if n > 1 {
			repeated++
		}
	}
	return len(s.took), repeated
}

// knows is how often a client was told of.
func (s *site) knows(client string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.about[client]
}

// asks are when requests came.
func (s *site) asks() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Time(nil), s.asked...)
}

// authority is somebody who signs certificates of 127.0.0.1.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	a.cert = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "an authority of the tests"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.key = newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, &a.key.PublicKey, a.key)
	if err == nil {
		a.cert, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign makes a server's certificate.
func (a *authority) sign() *tls.Certificate {
	a.t.Helper()
	key := newKey(a.t)
	c := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: a.cert.NotBefore, NotAfter: a.cert.NotAfter, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// file is where the certificate lies, for who is to trust it.
func (a *authority) file() string {
	a.t.Helper()
	path := filepath.Join(a.t.TempDir(), "authority.pem")
	b := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
	if err := os.WriteFile(path, b, 0o600); err != nil {
		a.t.Fatal(err)
	}
	return path
}
