package embedded

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

const (
	natsStart  = 20 * time.Second
	natsMemory = 64 << 20
	natsStore  = 4 << 30
)

// natsServer is a NATS server with JetStream.
type natsServer struct{ server *server.Server }

func startNATS(dir string, port int, log *slog.Logger) (*natsServer, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: "gatewatch", Host: "127.0.0.1", Port: port, NoSigs: true, DontListen: false,
		JetStream: true, StoreDir: dir, JetStreamMaxMemory: natsMemory, JetStreamMaxStore: natsStore,
	})
	if err != nil {
		return nil, fmt.Errorf("making the NATS server: %w", err)
	}
	s.SetLoggerV2(natsLogger{log}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(natsStart) {
		s.Shutdown()
		return nil, errors.New("starting NATS: it does not answer")
	}
	return &natsServer{server: s}, nil
}

func (n *natsServer) stop() {
	n.server.Shutdown()
	n.server.WaitForShutdown()
}

// natsLogger passes on what somebody might have to act on.
type natsLogger struct{ log *slog.Logger }

// Noticef implements server.Logger.
func (natsLogger) Noticef(string, ...any) {}

// Debugf implements server.Logger.
func (natsLogger) Debugf(string, ...any) {}

// Tracef implements server.Logger.
func (natsLogger) Tracef(string, ...any) {}

// Warnf implements server.Logger.
func (l natsLogger) Warnf(format string, v ...any) {
	l.log.Warn("embedded nats", "message", fmt.Sprintf(format, v...))
}

// Errorf implements server.Logger.
func (l natsLogger) Errorf(format string, v ...any) {
	l.log.Error("embedded nats", "message", fmt.Sprintf(format, v...))
}

// Fatalf implements server.Logger. The server calls it where its program would end, which this one does not.
func (l natsLogger) Fatalf(format string, v ...any) {
	l.log.Error("embedded nats", "message", fmt.Sprintf(format, v...))
}
