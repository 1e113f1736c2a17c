package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
)

// brokerConfigs keep a laptop's disk from filling. Records leave by size alone: their time is what the shipper says it is,
// and a log of last year must not expire before it is read.
var brokerConfigs = map[string]string{
	"log.retention.bytes": "536870912", // of one partition
	"log.retention.ms":    "-1",
	"log.segment.bytes":   "67108864",
	// A shipper's largest line is for ingest to judge.
	"message.max.bytes": "16777216",
}

// retention is how often what is too much is dropped.
const retention = 30 * time.Second

// broker is a server of the Kafka protocol with one node. It serves groups, transactions and compaction, and writes to disk
// without waiting for it, as Kafka does.
type broker struct {
	cluster *kfake.Cluster
	end     context.CancelFunc
	swept   sync.WaitGroup
}

// startBroker starts a broker that outlives what started it.
func startBroker(dir string, port int, log *slog.Logger) (*broker, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("making Kafka's directory: %w", err)
	}
	cluster, err := kfake.NewCluster(
		kfake.Ports(port), kfake.DataDir(dir), kfake.ClusterID("gatewatch"), kfake.BrokerConfigs(brokerConfigs),
		kfake.AllowAutoTopicCreation(), kfake.DefaultNumPartitions(2), kfake.WithLogger(kafkaLogger{log}),
	)
	if err != nil {
		return nil, fmt.Errorf("starting Kafka: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b := &broker{cluster: cluster, end: cancel}
	b.swept.Go(func() { b.sweep(ctx) })
	return b, nil
}

// sweep applies retention: the cluster does so by itself only for topics that were configured one by one.
func (b *broker) sweep(ctx context.Context) {
	tick := time.NewTicker(retention)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			b.cluster.ApplyRetention()
		}
	}
}

func (b *broker) stop() {
	b.end()
	b.swept.Wait()
	b.cluster.Close()
}

// kafkaLogger passes on what somebody might have to act on; the rest is about the protocol.
type kafkaLogger struct{ log *slog.Logger }

// Logf implements kfake.Logger.
func (l kafkaLogger) Logf(level kfake.LogLevel, msg string, args ...any) {
	switch level {
	case kfake.LogLevelError:
		l.log.Error("embedded kafka", "message", fmt.Sprintf(msg, args...))
	case kfake.LogLevelWarn:
		l.log.Warn("embedded kafka", "message", fmt.Sprintf(msg, args...))
	default:
	}
}
