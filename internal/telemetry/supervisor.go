package telemetry

import (
	"context"
	"fmt"
	"net"
	"strings"
)

// The states that a supervisor such as systemd is told.
const (
	StateReady     = "READY=1"
	StateReloading = "RELOADING=1"
	StateStopping  = "STOPPING=1"
)

// Tell tells the supervisor about this process, by the protocol of sd_notify(3): socket is the content of NOTIFY_SOCKET,
// and "" is nobody to tell.
func Tell(ctx context.Context, socket string, states ...string) error {
	if socket == "" {
		return nil
	}
	if name, abstract := strings.CutPrefix(socket, "@"); abstract {
		socket = "\x00" + name
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unixgram", socket)
	if err != nil {
		return fmt.Errorf("telling the supervisor: %w", err)
	}
	_, err = conn.Write([]byte(strings.Join(states, "\n")))
	_ = conn.Close() // a datagram is sent or it is not
	if err != nil {
		return fmt.Errorf("telling the supervisor: %w", err)
	}
	return nil
}
