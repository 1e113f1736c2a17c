package telemetry

import (
	"net"
	"path/filepath"
	"testing"
)

func TestTell(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	for _, tt := range []struct{ name, listen, socket string }{
		{"a socket in the file system", path, path},
		{"an abstract one", "\x00gatewatch-" + filepath.Base(t.TempDir()) + t.Name(), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: tt.listen, Net: "unixgram"})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			socket := tt.socket
			if socket == "" {
				socket = "@" + tt.listen[1:]
			}
			if err := Tell(t.Context(), socket, StateReady, "STATUS=at work"); err != nil {
				t.Fatal(err)
			}
			b := make([]byte, 100)
			n, err := conn.Read(b)
			if got := string(b[:n]); got != "READY=1\nSTATUS=at work" || err != nil {
				t.Errorf("told %q, %v", got, err)
			}
		})
	}
}

func TestTellNobody(t *testing.T) {
	if err := Tell(t.Context(), "", StateReady); err != nil {
		t.Error(err)
	}
	if err := Tell(t.Context(), filepath.Join(t.TempDir(), "gone"), StateReady); err == nil {
		t.Error("no error for a socket that is not there")
	}
}
