package ingest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"gatewatch/internal/app/ingest/limit"
	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

// offsets is the sum of the group's committed offsets.
func (b *broker) offsets(tb testing.TB) int64 {
	tb.Helper()
	all, err := kadm.NewClient(b.client).FetchOffsets(tb.Context(), "gatewatch-ingest")
	if err != nil {
		return -1 // the group is not there yet
	}
	var sum int64
	all.Each(func(o kadm.OffsetResponse) { sum += o.At })
	return sum
}

func TestFormatsAndRejects(t *testing.T) {
	t.Parallel()
	b := newBroker(t, kfake.SeedTopics(2, "access.raw"))
	r := run(t, b.config())
	long := "x" + strings.Repeat("y", 10<<20)
	arrived := time.UnixMilli(1763805600123).UTC()
	records := []*kgo.Record{
		raw(0, line(0, "192.0.2.1", "/")),
		raw(0, `{"timestamp":"2026-11-22T10:00:01Z","method":"GET","path":"/api","status":200,"client_ip":"2001:db8::7"}`),
		{Topic: "access.raw", Partition: 0, Value: []byte("garbage \x1b[31m"), Timestamp: arrived},
		raw(0, ""),
		{Topic: "access.raw", Partition: 0, Value: nil},
		raw(0, line(2, "192.0.2.2", "/a")+"\n"+line(3, "192.0.2.3", "/b")),
		raw(1, long),
		{
			Topic: "access.raw", Partition: 1, Value: []byte(line(4, "192.0.2.4", "/c")),
			Headers: []kgo.RecordHeader{{Key: "service", Value: []byte("shop")}},
		},
	}
	b.produce(t, records...)
	got := map[string]string{}
	for _, e := range events(t, b.read(t, "gatewatch.events.v1").next(t, 5)) {
		got[fmt.Sprintf("%d/%d/%d", e.Origin.Partition, e.Origin.Offset, e.Origin.Ordinal)] = e.Client.String() + " " + e.Path + " " + e.Service
	}
	want := map[string]string{
		"0/0/0": "192.0.2.1 / ", "0/1/0": "2001:db8::7 /api ", "0/5/0": "192.0.2.2 /a ", "0/5/1": "192.0.2.3 /b ",
		"1/1/0": "192.0.2.4 /c shop",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	rejected := b.read(t, "gatewatch.rejected.v1").next(t, 2)
	slices.SortFunc(rejected, func(a, b *kgo.Record) int { return len(a.Value) - len(b.Value) })
	if got := string(rejected[0].Value); got != "garbage \x1b[31m" {
		t.Errorf("rejected line %q, want the original bytes", got)
	}
	wantHeaders := map[string]string{
		"reason": "unknown_format", "topic": "access.raw", "partition": "0", "offset": "2", "ordinal": "0",
		"time": "2025-11-22T10:00:00.123Z",
	}
	if diff := cmp.Diff(wantHeaders, headers(rejected[0])); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	largest := limit.Limits{}.Value("gatewatch.rejected.v1")
	if got := rejected[1]; len(got.Value) != largest || headers(got)["length"] != fmt.Sprint(len(long)) || headers(got)["reason"] != "too_long" {
		t.Errorf("long line: %d bytes, headers %v; want %d of %d, too_long", len(got.Value), headers(got), largest, len(long))
	}
	b.committed(t, int64(len(records)))
	for _, c := range r.service.Ready(t.Context()) {
		if !c.OK {
			t.Errorf("%s is not ready: %s", c.Name, c.Detail)
		}
	}
	r.stop(t)
}

func headers(r *kgo.Record) map[string]string {
	all := map[string]string{}
	for _, h := range r.Headers {
		all[h.Key] = string(h.Value)
	}
	return all
}

func TestKeysKeepEntitiesTogether(t *testing.T) {
	t.Parallel()
	b := newBroker(t, kfake.SeedTopics(1, "access.raw"))
	run(t, b.config())
	for i := range 4 {
		b.produce(t, raw(0, line(float64(i), fmt.Sprintf("2001:db8::%d", i+1), "/")), raw(0, line(float64(i), "192.0.2.1", "/")))
	}
	keys := map[string]map[int32]int{}
	for _, r := range b.read(t, "gatewatch.events.v1").next(t, 8) {
		if keys[string(r.Key)] == nil {
			keys[string(r.Key)] = map[int32]int{}
		}
		keys[string(r.Key)][r.Partition]++
	}
	for _, key := range []string{"192.0.2.1", "2001:db8::/64"} {
		if len(keys[key]) != 1 {
			t.Errorf("events of %s are in partitions %v, want one", key, keys[key])
		}
	}
	if len(keys) != 2 {
		t.Errorf("keys %v, want two", keys)
	}
}

// TestOrderWhenCatchingUp: lines of twelve partitions that lie there already come out in about the order of their time.
func TestOrderWhenCatchingUp(t *testing.T) {
	t.Parallel()
	const partitions, each = 12, 1500
	b := newBroker(t, kfake.NumBrokers(3), kfake.SeedTopics(partitions, "access.raw"))
	base := time.Now().Add(-time.Hour)
	for p := range int32(partitions) {
		var records []*kgo.Record
		for i := range each {
			r := raw(p, line(float64(i), fmt.Sprintf("192.0.2.%d", p), "/"+strings.Repeat("x", 300)))
			r.Timestamp = base.Add(time.Duration(i)*time.Second + time.Duration(p)*time.Millisecond)
			records = append(records, r)
		}
		b.produce(t, records...)
	}
	cfg := b.config()
	cfg.Kafka.Partitions = 1
	run(t, cfg)
	var high int64
	late, worst := 0, int64(0)
	next := map[int32]int64{}
	for _, e := range events(t, b.read(t, "gatewatch.events.v1").next(t, partitions*each)) {
		if e.Origin.Offset != next[e.Origin.Partition] {
			t.Fatalf("partition %d: offset %d after %d", e.Origin.Partition, e.Origin.Offset, next[e.Origin.Partition]-1)
		}
		next[e.Origin.Partition]++
		if e.Time < high {
			late++
			worst = max(worst, high-e.Time)
		}
		high = max(high, e.Time)
	}
	if late > partitions*each/100 {
		t.Errorf("%d events of %d are late, by up to %v; want at most 1%%", late, partitions*each, time.Duration(worst))
	}
}

// TestRestartWithoutCommit: a service that dies before it commits reads again; nothing is missing, and what is there twice
// was there in the order of its source before, so that a high-water mark finds it.
func TestRestartWithoutCommit(t *testing.T) {
	t.Parallel()
	b := newBroker(t, kfake.SeedTopics(2, "access.raw"))
	var dead atomic.Bool
	dead.Store(true)
	b.ControlKey(int16(kmsg.OffsetCommit), func(req kmsg.Request) (kmsg.Response, error, bool) {
		b.KeepControl()
		if !dead.Load() {
			return nil, nil, false
		}
		return refuse(req.(*kmsg.OffsetCommitRequest)), nil, true
	})
	const each = 400
	for i := range each {
		client := fmt.Sprintf("192.0.2.%d", i%50)
		b.produce(t, raw(0, line(float64(i), client, "/")), raw(1, line(float64(i), client, "/")))
	}
	first := run(t, b.config())
	out := b.read(t, "gatewatch.events.v1")
	records := out.next(t, 1)
	first.stop(t)
	dead.Store(false)
	run(t, b.config())
	b.committed(t, 2*each)

	marks, distinct, twice := map[string]int64{}, 0, 0
	for {
		for i, e := range events(t, records) {
			at := fmt.Sprintf("%d in %d", e.Origin.Partition, records[i].Partition)
			mark, ok := marks[at]
			switch {
			case !ok || e.Origin.Offset > mark:
				distinct++
				marks[at] = e.Origin.Offset
			default:
				twice++
			}
		}
		if distinct == 2*each && twice > 0 {
			return
		}
		records = out.next(t, 1) // fails the test when what is missing does not come
	}
}

// refuse answers that the group is being rebalanced, for as long as it takes.
func refuse(req *kmsg.OffsetCommitRequest) kmsg.Response {
	resp := req.ResponseKind().(*kmsg.OffsetCommitResponse)
	for _, rt := range req.Topics {
		topic := kmsg.NewOffsetCommitResponseTopic()
		topic.Topic, topic.TopicID = rt.Topic, rt.TopicID
		for _, rp := range rt.Partitions {
			p := kmsg.NewOffsetCommitResponseTopicPartition()
			p.Partition, p.ErrorCode = rp.Partition, kerr.RebalanceInProgress.Code
			topic.Partitions = append(topic.Partitions, p)
		}
		resp.Topics = append(resp.Topics, topic)
	}
	return resp
}

// TestCommitAfterAcknowledgement: while Kafka does not take events, no position is committed.
func TestCommitAfterAcknowledgement(t *testing.T) {
	t.Parallel()
	b := newBroker(t, kfake.SeedTopics(1, "access.raw"), kfake.SeedTopics(1, "gatewatch.events.v1"))
	const n = 50
	for i := range n {
		b.produce(t, raw(0, line(float64(i), "192.0.2.1", "/")))
	}
	var blocked atomic.Bool
	blocked.Store(true)
	b.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
		b.KeepControl()
		if !blocked.Load() {
			return nil, nil, false
		}
		return nil, errors.New("a broken connection"), true
	})
	run(t, b.config())
	time.Sleep(period + period/2) // two commits would have been made
	if got := b.offsets(t); got > 0 {
		t.Errorf("committed %d while no event was acknowledged", got)
	}
	blocked.Store(false)
	b.committed(t, n)
	if got := len(b.read(t, "gatewatch.events.v1").next(t, n)); got != n {
		t.Errorf("%d events, want %d", got, n)
	}
}

// TestTwoMembers: partitions move to a second member and back without loss.
func TestTwoMembers(t *testing.T) {
	t.Parallel()
	const partitions, rounds = 4, 60
	b := newBroker(t, kfake.SeedTopics(partitions, "access.raw"))
	run(t, b.config())
	var second *running
	for i := range rounds {
		for p := range int32(partitions) {
			b.produce(t, raw(p, line(float64(i), fmt.Sprintf("192.0.2.%d", i), "/")))
		}
		switch i {
		case rounds / 3:
			second = run(t, b.config())
			waitFor(t, func() bool { return assigned(second) > 0 })
		case 2 * rounds / 3:
			second.stop(t)
		}
	}
	b.committed(t, partitions*rounds)
	seen := map[event.Origin]bool{}
	out := b.read(t, "gatewatch.events.v1")
	for len(seen) < partitions*rounds {
		for _, e := range events(t, out.next(t, 1)) {
			seen[e.Origin] = true
		}
	}
}

func assigned(r *running) int64 {
	_, at, _ := r.service.(*Service).state.get()
	if at == nil {
		return 0
	}
	return at.stream.assigned.Load()
}

func waitFor(t *testing.T, what func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !what(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it has not come about after 20 s")
		}
	}
}

// TestTooLargeForTheTopic: a line whose event a topic does not take is rejected, and the others are not.
func TestTooLargeForTheTopic(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		secret bool // the topic's limit
	}{{"known", false}, {"found out", true}} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBroker(t, kfake.SeedTopics(1, "access.raw"))
			limit := "20480"
			admin := kadm.NewClient(b.client)
			for _, topic := range []string{"gatewatch.events.v1", "gatewatch.rejected.v1"} {
				if _, err := admin.CreateTopic(t.Context(), 1, 1, map[string]*string{"max.message.bytes": &limit}, topic); err != nil {
					t.Fatal(err)
				}
			}
			if tt.secret {
				b.ControlKey(int16(kmsg.DescribeConfigs), func(kmsg.Request) (kmsg.Response, error, bool) {
					b.KeepControl()
					return nil, errors.New("not allowed to ask"), true
				})
			}
			path := make([]byte, 60<<10)
			for i := range path {
				path[i] = 'a' + byte(rand.N(26)) // what compresses well would fit
			}
			long := line(0, "192.0.2.1", "/"+string(path))
			b.produce(t, raw(0, long), raw(0, line(1, "192.0.2.1", "/")))
			run(t, b.config())
			b.committed(t, 2)
			r := b.read(t, "gatewatch.rejected.v1").next(t, 1)[0]
			if h := headers(r); h["reason"] != "too_long" || h["offset"] != "0" || h["length"] != strconv.Itoa(len(long)) {
				t.Errorf("headers %v", h)
			}
			if n := len(r.Value); n == 0 || string(r.Value) != long[:n] {
				t.Errorf("rejected value of %d bytes, want the beginning of the line", n)
			}
			if got := events(t, b.read(t, "gatewatch.events.v1").next(t, 1)); got[0].Path != "/" {
				t.Errorf("event of %.20q, want the short one", got[0].Path)
			}
		})
	}
}

// TestOwnTopicsAreNotRead: a pattern that matches everything does not make the service read what it writes.
func TestOwnTopicsAreNotRead(t *testing.T) {
	t.Parallel()
	b := newBroker(t, kfake.SeedTopics(1, "access.raw", "shop.log"))
	cfg := b.config()
	cfg.Kafka.Topics.RawPattern = ".*"
	cfg.Ingest.Services = map[string]string{"shop.log": "shop"}
	run(t, cfg)
	b.produce(t, raw(0, line(0, "192.0.2.1", "/")), &kgo.Record{Topic: "shop.log", Value: []byte(line(1, "192.0.2.1", "/"))})
	b.committed(t, 2)
	var services []string
	for _, e := range events(t, b.read(t, "gatewatch.events.v1").next(t, 2)) {
		services = append(services, kafka.TopicOf(e.Origin.Topic)+":"+e.Service)
	}
	slices.Sort(services)
	if diff := cmp.Diff([]string{"access.raw:", "shop.log:shop"}, services); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}
}
