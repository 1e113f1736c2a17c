package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/internal/embedded"
	"gatewatch/internal/embedded/chdb"
)

// TestMain lets the test's executable be the ClickHouse server, as the gatewatch program is.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == embedded.ServeCommand {
		server, err := chdb.ParseArgs(os.Args[2:])
		if err == nil {
			err = server.Serve()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func start(t *testing.T, cfg embedded.Config) *embedded.Stack {
	t.Helper()
	library, err := chdb.Source{}.Library(t.Context())
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	cfg.Library = library
	s, err := embedded.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *embedded.Stack) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := s.Stop(ctx); err != nil {
		t.Errorf("Stop: %v", err)
	}
}

func timeout(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func query(ctx context.Context, s *embedded.Stack, sql string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.ClickHouseHTTP, strings.NewReader(sql))
	if err != nil {
		return "", err
	}
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close() //nolint:errcheck // it is only read
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(string(b))
	}
	return strings.TrimSpace(string(b)), err
}

func TestSecondStartContinues(t *testing.T) {
	dir := t.TempDir()
	s := start(t, embedded.Config{Dir: dir})
	ctx := timeout(t)

	produce(t, ctx, s, "one", "two")
	if got := consume(t, ctx, s, 1); got != "one" {
		t.Fatalf("first record = %q, want one", got)
	}
	for _, sql := range []string{"CREATE DATABASE d", "CREATE TABLE d.t (x Int) ENGINE = MergeTree ORDER BY x", "INSERT INTO d.t VALUES (7)"} {
		if _, err := query(ctx, s, sql); err != nil {
			t.Fatal(err)
		}
	}
	stream(t, ctx, s, func(js jetstream.JetStream) {
		if _, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := js.Publish(ctx, "s", []byte("x")); err != nil {
			t.Fatal(err)
		}
	})
	stop(t, s)

	s = start(t, embedded.Config{Dir: dir})
	began := time.Now()
	if got := consume(t, ctx, s, 1); got != "two" {
		t.Errorf("after the second start the group reads %q, want two", got)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the group's member waited %s for its predecessor", took)
	}
	if got, err := query(ctx, s, "SELECT x FROM d.t"); got != "7" || err != nil {
		t.Errorf("x = %q, %v, want 7", got, err)
	}
	stream(t, ctx, s, func(js jetstream.JetStream) {
		st, err := js.Stream(ctx, "S")
		if err != nil {
			t.Fatal(err)
		}
		if n := st.CachedInfo().State.Msgs; n != 1 {
			t.Errorf("%d messages in the stream, want 1", n)
		}
	})
}

func produce(t *testing.T, ctx context.Context, s *embedded.Stack, lines ...string) { //nolint:revive // t first, as in tests
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(s.Kafka), kgo.DefaultProduceTopic("lines"), kgo.AllowAutoTopicCreation(),
		kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for _, l := range lines {
		if err := client.ProduceSync(ctx, kgo.StringRecord(l)).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
}

// consume reads n records as a member of a group, commits them, and returns them.
func consume(t *testing.T, ctx context.Context, s *embedded.Stack, n int) string { //nolint:revive // t first, as in tests
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(s.Kafka), kgo.ConsumerGroup("g"), kgo.ConsumeTopics("lines"),
		kgo.DisableAutoCommit(), kgo.FetchMaxWait(100*time.Millisecond), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var lines []string
	for len(lines) < n {
		fetches := client.PollRecords(ctx, n-len(lines))
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		for _, r := range fetches.Records() {
			lines = append(lines, string(r.Value))
			if err := client.CommitRecords(ctx, r); err != nil {
				t.Fatal(err)
			}
		}
	}
	return strings.Join(lines, ",")
}

func stream(t *testing.T, ctx context.Context, s *embedded.Stack, do func(jetstream.JetStream)) { //nolint:revive // t first, as in tests
	t.Helper()
	conn, err := nats.Connect("nats://" + s.NATS)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	do(js)
	if err := conn.FlushWithContext(ctx); err != nil {
		t.Error(err)
	}
}

func TestClickHouseIsStartedAgain(t *testing.T) {
	s := start(t, embedded.Config{Dir: t.TempDir()})
	if err := syscall.Kill(embedded.ClickHousePid(s), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	ctx := timeout(t)
	for {
		got, err := query(ctx, s, "SELECT 1")
		if got == "1" {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("ClickHouse did not come back: %v", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func TestStartRefuses(t *testing.T) {
	dir := t.TempDir()
	s := start(t, embedded.Config{Dir: dir})

	t.Run("a directory in use", func(t *testing.T) {
		_, err := embedded.Start(t.Context(), embedded.Config{Dir: dir})
		if !errors.Is(err, embedded.ErrInUse) {
			t.Errorf("Start = %v, want %v", err, embedded.ErrInUse)
		}
	})
	t.Run("a port in use", func(t *testing.T) {
		_, port, err := net.SplitHostPort(s.NATS)
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(port)
		if err != nil {
			t.Fatal(err)
		}
		_, err = embedded.Start(t.Context(), embedded.Config{Dir: t.TempDir(), KafkaPort: n})
		var taken *embedded.PortError
		if !errors.As(err, &taken) || taken.Part != "kafka" || taken.Port != n {
			t.Errorf("Start = %v, want a PortError of kafka and %d", err, n)
		}
	})
	t.Run("a directory below a file", func(t *testing.T) {
		file := t.TempDir() + "/file"
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := embedded.Start(t.Context(), embedded.Config{Dir: file + "/data"}); err == nil {
			t.Error("Start = nil, want an error")
		}
	})
}
