package kafka

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
)

// certificate is a certificate for 127.0.0.1 that nobody trusts but who is told to.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

func cluster(tb testing.TB, opts ...kfake.Opt) *kfake.Cluster {
	tb.Helper()
	c, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1)}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	return c
}

// unused is an address of this machine at which nothing listens.
func unused(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // it has been of use
	return l.Addr().String()
}

func TestExplain(t *testing.T) {
	serving, pool := certificate(t)
	plainly := cluster(t).ListenAddrs()
	encrypted := cluster(t, kfake.TLS(serving)).ListenAddrs()
	guarded := cluster(t, kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-256", "admin", "right"), kfake.User("PLAIN", "reader", "right"),
		kfake.EnableACLs(), kfake.SeedTopics(1, "t")).ListenAddrs()
	for _, tt := range []struct {
		name string
		cfg  Config
		want string // "" when there is no error
	}{
		{"plain", Config{Brokers: plainly}, ""},
		{"TLS", Config{Brokers: encrypted, TLS: &tls.Config{RootCAs: pool}}, ""},
		{"SASL", Config{Brokers: guarded, SASL: SASL{"scram-sha-256", "admin", "right"}}, ""},
		{"nothing there", Config{Brokers: []string{unused(t)}}, "nothing listens at 127.0.0.1:"},
		{"no such name", Config{Brokers: []string{"kafka.invalid:9092"}}, `the name "kafka.invalid" is not known here`},
		{"TLS to a plain broker", Config{Brokers: plainly, TLS: &tls.Config{RootCAs: pool}}, "kafka.tls"},
		{"plain to a TLS broker", Config{Brokers: encrypted}, "TLS"},
		{"an unknown authority", Config{Brokers: encrypted, TLS: &tls.Config{}}, "kafka.tls.ca_file"},
		{"another name", Config{Brokers: encrypted, TLS: &tls.Config{RootCAs: pool, ServerName: "other"}}, "another name"},
		{"no SASL", Config{Brokers: guarded}, "SASL"},
		{"a wrong password", Config{Brokers: guarded, SASL: SASL{"scram-sha-256", "admin", "wrong"}}, "credentials"},
		{"a mechanism for others", Config{Brokers: guarded, SASL: SASL{"plain", "admin", "right"}}, "credentials"},
		{"no rights", Config{Brokers: guarded, SASL: SASL{"plain", "reader", "right"}}, "no right"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
			defer cancel()
			err := Explain(EnsureTopics(ctx, tt.cfg, Topic{Name: "new", Partitions: 1, Replicas: 1}))
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("error %v, want none", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error %v, want one that says %q", err, tt.want)
			case err != nil && (strings.Contains(err.Error(), "right\"") || strings.Contains(err.Error(), "wrong")):
				t.Errorf("error %v holds a password", err)
			}
			if again := Explain(err); err != nil && again.Error() != err.Error() {
				t.Errorf("explained twice: %v", again)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	for _, tt := range []struct {
		name string
		cfg  Config
		want string
	}{
		{"no brokers", Config{}, "no brokers"},
		{"an unknown mechanism", Config{Brokers: []string{"a:1"}, SASL: SASL{Mechanism: "kerberos"}}, "kerberos"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := NewProducer(tt.cfg, 0); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one about %q", err, tt.want)
			}
		})
	}
}

func TestTopics(t *testing.T) {
	cfg := Config{Brokers: cluster(t).ListenAddrs()}
	if missing, err := MissingTopics(t.Context(), cfg, "a", "b"); err != nil || len(missing) != 2 {
		t.Fatalf("missing %v, %v; want both", missing, err)
	}
	for range 2 { // the second time it is there already
		if err := EnsureTopics(t.Context(), cfg, Topic{Name: "a", Partitions: 3, Replicas: 1, Settings: map[string]string{"max.message.bytes": "5000"}}); err != nil {
			t.Fatal(err)
		}
	}
	if missing, err := MissingTopics(t.Context(), cfg, "a", "b"); err != nil || len(missing) != 1 || missing[0] != "b" {
		t.Errorf("missing %v, %v; want b", missing, err)
	}
	if sizes, err := MaxMessageBytes(t.Context(), cfg, "a"); err != nil || sizes["a"] != 5000 {
		t.Errorf("sizes %v, %v; want 5000", sizes, err)
	}
}
