//go:build containers

package servers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"
)

// The images, of the versions that run as processes elsewhere.
const (
	kafkaImage      = "apache/kafka:4.4.0"
	natsImage       = "nats:2.15"
	clickHouseImage = "clickhouse/clickhouse-server:26.7"
)

// StartKafka starts an Apache Kafka of one node that ends with the test.
func StartKafka(t testing.TB) *Server {
	t.Helper()
	port := freePort(t)
	s := &Server{Addr: local(port), t: t, name: "Apache Kafka"}
	s.ready = func(ctx context.Context) error { return kafkaReady(ctx, s.Addr) }
	return s.contain(kafkaImage, []int{port}, testcontainers.WithEnv(map[string]string{
		"KAFKA_NODE_ID":                                  "1",
		"KAFKA_PROCESS_ROLES":                            "broker,controller",
		"KAFKA_CONTROLLER_QUORUM_VOTERS":                 "1@localhost:29093",
		"KAFKA_LISTENERS":                                fmt.Sprintf("PLAINTEXT://:%d,CONTROLLER://:29093", port),
		"KAFKA_ADVERTISED_LISTENERS":                     "PLAINTEXT://" + s.Addr,
		"KAFKA_CONTROLLER_LISTENER_NAMES":                "CONTROLLER",
		"KAFKA_LISTENER_SECURITY_PROTOCOL_MAP":           "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
		"KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR":         "1",
		"KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
		"KAFKA_TRANSACTION_STATE_LOG_MIN_ISR":            "1",
		"KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS":         "0",
		"KAFKA_AUTO_CREATE_TOPICS_ENABLE":                "false",
	}))
}

// StartNATS starts a NATS server with JetStream that ends with the test.
func StartNATS(t testing.TB) *Server {
	t.Helper()
	port := freePort(t)
	s := &Server{Addr: local(port), t: t, name: "NATS"}
	s.ready = func(ctx context.Context) error { return listens(ctx, s.Addr) }
	return s.contain(natsImage, []int{port},
		testcontainers.WithCmd("--port", strconv.Itoa(port), "--jetstream", "--store_dir", "/data"))
}

// StartClickHouse starts a ClickHouse server that ends with the test.
func StartClickHouse(t testing.TB) *Server {
	t.Helper()
	port, httpPort := freePort(t), freePort(t)
	s := &Server{Addr: local(port), HTTP: local(httpPort), t: t, name: "ClickHouse"}
	s.ready = func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.HTTP+"/ping", http.NoBody)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		return resp.Body.Close()
	}
	return s.contain(clickHouseImage, []int{port, httpPort},
		testcontainers.WithEnv(map[string]string{"CLICKHOUSE_SKIP_USER_SETUP": "1"}),
		testcontainers.WithCmd("--", "--tcp_port="+strconv.Itoa(port), "--http_port="+strconv.Itoa(httpPort), "--listen_host=0.0.0.0"))
}

// contain runs the server in a container. Its ports are the same inside and outside, so that they stay over a restart.
func (s *Server) contain(image string, ports []int, opts ...testcontainers.ContainerCustomizer) *Server {
	s.t.Helper()
	bindings := network.PortMap{}
	for _, p := range ports {
		inside, _ := network.PortFrom(uint16(p), network.TCP) // a port that was listened on
		bindings[inside] = []network.PortBinding{{HostIP: netip.MustParseAddr("127.0.0.1"), HostPort: strconv.Itoa(p)}}
		opts = append(opts, testcontainers.WithExposedPorts(strconv.Itoa(p)+"/tcp"))
	}
	opts = append(opts, testcontainers.WithHostConfigModifier(func(h *container.HostConfig) { h.PortBindings = bindings }))
	var c *testcontainers.DockerContainer
	s.start = func(out *output) (process, error) {
		ctx := context.Background()
		if c != nil {
			if err := c.Start(ctx); err != nil {
				return nil, err
			}
			return contained(c, out), nil
		}
		var err error
		if c, err = testcontainers.Run(ctx, image, opts...); err != nil {
			unavailable(s.t, s.name, err)
		}
		testcontainers.CleanupContainer(s.t, c)
		return contained(c, out), nil
	}
	return s.launch()
}

// containerProcess is a container that runs.
type containerProcess struct {
	*testcontainers.DockerContainer
	out  *output
	done chan struct{}
}

func contained(c *testcontainers.DockerContainer, out *output) process {
	return &containerProcess{DockerContainer: c, out: out, done: make(chan struct{})}
}

// Pid is no number of a process that can be signalled from outside.
func (c *containerProcess) Pid() int { return 0 }

// Done implements process.
func (c *containerProcess) Done() <-chan struct{} { return c.done }

// Stop implements process.
func (c *containerProcess) Stop(ctx context.Context) error { return c.end(ctx, patience) }

// Kill implements process.
func (c *containerProcess) Kill() {
	// A timeout of none is SIGKILL at once. One that has ended cannot be ended.
	_ = c.end(context.Background(), 0)
}

func (c *containerProcess) end(ctx context.Context, wait time.Duration) error {
	select {
	case <-c.done:
		return nil
	default:
	}
	if logs, err := c.Logs(ctx); err == nil {
		_, _ = io.Copy(c.out, logs) // what can be had of it
		_ = logs.Close()
	}
	err := c.DockerContainer.Stop(ctx, &wait)
	close(c.done)
	return err
}
