// Package servers gives tests the real neighbours: Apache Kafka, NATS and ClickHouse, each as a process of its own on free
// ports of the loopback interface, with its data in a temporary directory. What has to be fetched or built is kept in the
// user's cache directory. Where a server cannot be had, a test is skipped, except in CI (the environment variable CI is
// set), where it fails. With the build tag containers, they are containers instead, of the images named in containers.go.
package servers

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// patience is how long a server may take to start, on a machine that does other things too.
const patience = 60 * time.Second

// ClickHouse is the native address of a ClickHouse server that ends with the test.
func ClickHouse(t testing.TB) string { return StartClickHouse(t).Addr }

// Kafka are the brokers of an Apache Kafka that ends with the test.
func Kafka(t testing.TB) []string { return []string{StartKafka(t).Addr} }

// NATS is the URL of a NATS server with JetStream that ends with the test.
func NATS(t testing.TB) string { return "nats://" + StartNATS(t).Addr }

// unavailable ends a test that cannot have its server.
func unavailable(t testing.TB, what string, err error) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not to be had: %v", what, err)
	}
	t.Skipf("%s is not to be had: %v", what, err)
}

// freePort is a port that nobody listened on a moment ago.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it takes no time
	if err != nil {
		t.Fatalf("looking for a free port: %v", err)
	}
	defer l.Close() //nolint:errcheck // nothing was sent
	return l.Addr().(*net.TCPAddr).Port
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// cacheDir keeps what is fetched and built.
func cacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(dir, "gatewatch")
	return dir, os.MkdirAll(dir, 0o750)
}
