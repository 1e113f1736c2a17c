package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/twmb/franz-go/pkg/kfake"

	"gatewatch/test/servers"
)

// secret is the password that no log may hold.
const secret = "hunter2-the-password" //nolint:gosec // no real one

func cluster(t *testing.T, opts ...kfake.Opt) string {
	t.Helper()
	c, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c.ListenAddrs()[0]
}

func natsServer(t *testing.T, change func(*server.Options)) string {
	t.Helper()
	opts := &server.Options{
		Host: "127.0.0.1", Port: -1, NoLog: true, NoSigs: true, JetStream: true, StoreDir: t.TempDir(), NoSystemAccount: true,
	}
	if change != nil {
		change(opts)
	}
	s, err := server.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s.ClientURL()
}

// selfSigned is a certificate that nobody trusts.
func selfSigned(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

// web is the address of an HTTP server.
func web(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// nobody is an address at which nobody listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// TestWrongNeighbour: whatever is wrong with a neighbour, the service stays, is not ready and says what to do, not over and
// over, and without a password; check-config says so too.
func TestWrongNeighbour(t *testing.T) {
	store := servers.StartClickHouse(t)
	plain := cluster(t, kfake.SeedTopics(1, "access.raw"))
	encrypted := cluster(t, kfake.TLS(selfSigned(t)))
	guarded := cluster(t, kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-256", "admin", "right"),
		kfake.User("PLAIN", "reader", secret), kfake.EnableACLs(), kfake.SeedTopics(1, "access.raw"))
	stream := natsServer(t, nil)
	deaf := natsServer(t, func(o *server.Options) { o.JetStream = false })
	locked := natsServer(t, func(o *server.Options) { o.Username, o.Password = "u", "p" })
	kafka := func(brokers, more string) string {
		return fmt.Sprintf("kafka: {brokers: [%s], partitions: 1, replicas: 1, %s}\n", brokers, more)
	}
	nats := func(url, more string) string { return fmt.Sprintf("nats: {servers: [%q], %s}\n", url, more) }
	clickhouse := func(addr, more string) string { return fmt.Sprintf("clickhouse: {addresses: [%q], %s}\n", addr, more) }
	good := clickhouse(store.Addr, "database: fine")
	for _, tt := range []struct {
		name, service, config, want string
	}{
		{"no broker", "ingest", kafka(nobody(t), ""), "nothing listens at"},
		{"no such name", "ingest", kafka("broker.invalid:9092", ""), "not known here"},
		{"TLS to a plain broker", "ingest", kafka(plain, "tls: {enabled: true}"), "kafka.tls"},
		{"plain to a TLS broker", "ingest", kafka(encrypted, ""), "TLS"},
		{"untrusted broker", "ingest", kafka(encrypted, "tls: {enabled: true}"), "kafka.tls.ca_file"},
		{"wrong SASL password", "ingest", kafka(guarded, "sasl: {mechanism: scram-sha-256, user: admin, password: "+secret+"}"), "credentials"},
		{"no rights", "ingest", kafka(guarded, "sasl: {mechanism: plain, user: reader, password: "+secret+"}"), "no right to"},
		{"missing topics", "ingest", kafka(cluster(t), "create_topics: false"), "are missing"},
		{"a broker's port for NATS", "alerter", nats("nats://"+plain, ""), "connecting to nats"},
		{"no NATS", "alerter", nats("nats://"+nobody(t), ""), "no server answers"},
		{"wrong NATS password", "alerter", nats(locked, "user: u, password: "+secret), "does not accept the user"},
		{"no JetStream", "alerter", nats(deaf, ""), "JetStream; is it on"},
		{"no JetStream for the detector", "detector", kafka(plain, "") + nats(deaf, "") + good, "JetStream; is it on"},
		{"no ClickHouse", "detector", kafka(plain, "") + nats(stream, "") + clickhouse(nobody(t), ""), "clickhouse.addresses"},
		{"ClickHouse's HTTP port", "detector", kafka(plain, "") + nats(stream, "") + clickhouse(web(t), ""), "native port"},
		{"TLS to a plain ClickHouse", "detector", kafka(plain, "") + nats(stream, "") + clickhouse(store.Addr, "tls: {enabled: true}"), "clickhouse.tls"},
		{"schema not migrated", "detector", kafka(plain, "") + nats(stream, "") + clickhouse(store.Addr, "database: nothing, migrate: false"), "migrate"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := launch(t, tt.service, tt.config)
			began := time.Now()
			s.until("its readiness says "+tt.want, func() bool { return strings.Contains(s.readiness(), tt.want) })
			t.Logf("after %s", time.Since(began))
			if n := strings.Count(s.text(), "\n"); n > 30 {
				t.Errorf("it has logged %d lines", n)
			}
			if said := s.text() + s.readiness(); strings.Contains(said, secret) || strings.Contains(said, "goroutine ") {
				t.Error("it tells a password, or a stack")
			}
			s.terminate()
		})
	}
}
