package servers_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/test/servers"
)

func timeout(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func query(t *testing.T, s *servers.Server, sql string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(timeout(t), http.MethodPost, "http://"+s.HTTP, strings.NewReader(sql))
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true // the server's end waits for connections that are open
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it is only read
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v: %s", sql, resp.Status, err, b)
	}
	return strings.TrimSpace(string(b))
}

func TestClickHouseKeepsItsData(t *testing.T) {
	s := servers.StartClickHouse(t)
	query(t, s, "CREATE DATABASE d")
	query(t, s, "CREATE TABLE d.t (x Int) ENGINE = MergeTree ORDER BY x")
	query(t, s, "INSERT INTO d.t VALUES (1), (2)")
	s.Restart()
	query(t, s, "INSERT INTO d.t VALUES (3)")
	s.Kill()
	s.Start()
	if got := query(t, s, "SELECT sum(x) FROM d.t"); got != "6" {
		t.Errorf("sum = %s, want 6", got)
	}
}

func TestKafkaKeepsItsData(t *testing.T) {
	s := servers.StartKafka(t)
	ctx := timeout(t)
	client, err := kgo.NewClient(kgo.SeedBrokers(s.Addr), kgo.DefaultProduceTopic("lines"))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	if _, err := admin.CreateTopic(ctx, 3, 1, nil, "lines"); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if err := client.ProduceSync(ctx, kgo.StringRecord("line")).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	s.Kill()
	s.Start()
	ends, err := admin.ListEndOffsets(ctx, "lines")
	if err != nil {
		t.Fatal(err)
	}
	var got int64
	ends.Each(func(o kadm.ListedOffset) { got += o.Offset })
	if got != 10 {
		t.Errorf("%d records after kill -9, want 10", got)
	}
}

func TestNATSKeepsItsData(t *testing.T) {
	s := servers.StartNATS(t)
	conn, err := nats.Connect("nats://"+s.Addr, nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	ctx := timeout(t)
	stream, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish(ctx, "s", []byte("finding")); err != nil {
		t.Fatal(err)
	}
	s.Kill()
	s.Start()
	for {
		info, err := stream.Info(ctx)
		if err == nil && info.State.Msgs == 1 {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("after kill -9: %+v, %v", info, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
