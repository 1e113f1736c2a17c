//go:build !containers

package servers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// kafkaProperties are those of one node that is broker and controller. Everything else is Kafka's default, except what a
// cluster would be needed for, topics, which are created by whoever needs them, and how soon a broker that was killed may
// come back.
const kafkaProperties = `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:%[2]d
listeners=PLAINTEXT://127.0.0.1:%[1]d,CONTROLLER://127.0.0.1:%[2]d
advertised.listeners=PLAINTEXT://127.0.0.1:%[1]d
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=%[3]s
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
`

// StartKafka starts an Apache Kafka of one node that ends with the test.
func StartKafka(t testing.TB) *Server {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		unavailable(t, "Apache Kafka", fmt.Errorf("%w: it needs Java 17 or newer (Debian: openjdk-17-jre-headless)", err))
	}
	jars, err := kafkaJars(t.Context())
	if err != nil {
		unavailable(t, "Apache Kafka", err)
	}
	port, dir := freePort(t), t.TempDir()
	properties := filepath.Join(dir, "server.properties")
	text := fmt.Sprintf(kafkaProperties, port, freePort(t), filepath.Join(dir, "data"))
	if err := os.WriteFile(properties, []byte(text), 0o600); err != nil {
		t.Fatalf("writing Kafka's properties: %v", err)
	}
	// What it has to say of groups and segments would take processor time, and hide what went wrong.
	jvm := []string{
		"-Xmx512m", "-Xms64m", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
		"-Dorg.slf4j.simpleLogger.showDateTime=true", "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS", "-cp", strings.Join(jars, string(os.PathListSeparator)),
	}
	// Formatting runs for half a second; the compiler for hot code would not earn its keep.
	format := exec.CommandContext(t.Context(), java, append(jvm, "-XX:TieredStopAtLevel=1", "kafka.tools.StorageTool", "format", //nolint:gosec // java
		"-t", "Z2F0ZXdhdGNoLXRlc3QtMQ", "-c", properties)...)
	if out, err := format.CombinedOutput(); err != nil {
		t.Fatalf("formatting Kafka's storage: %v\n%s", err, out)
	}
	s := &Server{Addr: local(port), Dir: dir, t: t, name: "Apache Kafka"}
	s.start = func(out *output) (process, error) {
		return run(exec.Command(java, append(jvm, "kafka.Kafka", properties)...), out) //nolint:gosec,noctx // java, until the test ends
	}
	s.ready = func(ctx context.Context) error { return kafkaReady(ctx, s.Addr) }
	return s.launch()
}
