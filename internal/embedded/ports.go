package embedded

import (
	"context"
	"fmt"
	"net"
	"strconv"
)

// PortError tells of a port that was asked for and that another program has.
type PortError struct {
	// Part is who wanted it: "kafka", "nats", "clickhouse" or "clickhouse-http".
	Part string
	Port int
	Err  error
}

// Error implements error.
func (e *PortError) Error() string {
	return fmt.Sprintf("port %d for %s is not to be had: %v", e.Port, e.Part, e.Err)
}

// Unwrap returns the system's error.
func (e *PortError) Unwrap() error { return e.Err }

type ports struct{ kafka, nats, clickhouse, clickhouseHTTP int }

// ports chooses the ports. All stay taken until all are chosen, so that none is chosen twice.
func (c *Config) ports(ctx context.Context) (ports, error) {
	var p ports
	var held []net.Listener
	defer func() {
		for _, l := range held {
			_ = l.Close()
		}
	}()
	for _, w := range []struct {
		part        string
		want, usual int
		got         *int
	}{
		{"kafka", c.KafkaPort, 9092, &p.kafka},
		{"nats", c.NATSPort, 4222, &p.nats},
		{"clickhouse", c.ClickHousePort, 9000, &p.clickhouse},
		{"clickhouse-http", c.ClickHouseHTTPPort, 8123, &p.clickhouseHTTP},
	} {
		l, err := choose(ctx, w.want, w.usual)
		if err != nil {
			return p, &PortError{Part: w.part, Port: w.want, Err: err}
		}
		held = append(held, l)
		*w.got = l.Addr().(*net.TCPAddr).Port
	}
	return p, nil
}

// choose listens on the port wanted; where any will do, on the usual one if it is free.
func choose(ctx context.Context, want, usual int) (net.Listener, error) {
	var lc net.ListenConfig
	if want != 0 {
		return lc.Listen(ctx, "tcp", address(want))
	}
	if l, err := lc.Listen(ctx, "tcp", address(usual)); err == nil {
		return l, nil
	}
	return lc.Listen(ctx, "tcp", address(0))
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
