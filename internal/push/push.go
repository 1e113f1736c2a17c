// Package push takes logs over HTTP: POST /v1/logs, as OTLP/HTTP in JSON and protobuf, NDJSON and lines of text. It says
// 200 only when every record is safe where it takes them, and reads nothing out of them.
package push

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Path is where logs are posted to, as OTLP/HTTP has it.
const Path = "/v1/logs"

// The defaults of a Config.
const (
	DefaultMaxBody     = 10 << 20
	DefaultMaxPending  = 64 << 20
	DefaultMaxRecord   = 900 << 10 // Kafka's own default is 1 MiB, with what its batch adds
	DefaultMaxRequests = 256
	DefaultWait        = 15 * time.Second
)

// Record is what one line, or one OTLP request, becomes.
type Record struct {
	Value []byte
	// Service is what the sender calls the service whose log it is; "" when it did not say.
	Service string
}

// Sink takes records to where they are safe.
type Sink interface {
	// Produce takes a record over and may wait for room. done is called once, from any goroutine, when the record is safe,
	// or with the reason when it was given up, as it is when the context ends early enough; ErrTooLarge is such a reason.
	Produce(ctx context.Context, r Record, done func(error))
}

// ErrTooLarge is what a Sink says of a record that it never takes because of its size.
var ErrTooLarge = errors.New("record too large")

// Config says where requests are taken and how much.
type Config struct {
	// Listen is the host:port.
	Listen string
	// Token must be in every request as a bearer token. Without one, Listen must be a loopback address.
	Token string
	// MaxBody is the largest request, in bytes, after decompression. Default: DefaultMaxBody.
	MaxBody int
	// MaxPending is how many bytes of all requests may wait for the sink. Default: DefaultMaxPending.
	MaxPending int
	// MaxRecord is the largest record the sink takes, in bytes. Default: DefaultMaxRecord.
	MaxRecord int
	// MaxRequests is how many requests are served at a time. Default: DefaultMaxRequests.
	MaxRequests int
	// Wait is how long a request waits for the sink. Default: DefaultWait.
	Wait time.Duration
	// Log hears of the server's start and trouble; nil discards.
	Log *slog.Logger
	// Metrics is where the package counts; nil is nowhere.
	Metrics prometheus.Registerer
}

// Validate tells every fault.
func (c Config) Validate() error {
	var errs []error
	host, _, err := net.SplitHostPort(c.Listen)
	switch {
	case err != nil:
		errs = append(errs, fmt.Errorf("push: listen address %q: want host:port", c.Listen))
	case c.Token == "" && !isLoopback(host):
		errs = append(errs, fmt.Errorf("push: listening on %q without a token would let anybody write logs: "+
			"set a token, or listen on a loopback address such as 127.0.0.1", c.Listen))
	}
	if strings.ContainsFunc(c.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		errs = append(errs, errors.New("push: the token must be printable ASCII without spaces"))
	}
	for _, n := range [...]int{c.MaxBody, c.MaxPending, c.MaxRecord, c.MaxRequests} {
		if n < 0 {
			errs = append(errs, fmt.Errorf("push: limit %d: must not be negative", n))
		}
	}
	return errors.Join(errs...)
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

func (c Config) withDefaults() Config {
	for _, d := range [...]struct {
		to    *int
		value int
	}{
		{&c.MaxBody, DefaultMaxBody},
		{&c.MaxPending, DefaultMaxPending},
		{&c.MaxRecord, DefaultMaxRecord},
		{&c.MaxRequests, DefaultMaxRequests},
	} {
		if *d.to == 0 {
			*d.to = d.value
		}
	}
	if c.Wait <= 0 {
		c.Wait = DefaultWait
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Server takes logs over HTTP. Its handler may be used by any goroutine.
type Server struct {
	cfg      Config
	sink     Sink
	token    [sha256.Size]byte
	budget   budget
	slots    chan struct{}
	stopping atomic.Bool
	metrics  *metrics
}

var _ http.Handler = (*Server)(nil)

// New makes a server that hands records to a sink; the sink must be in order until Run has returned.
func New(cfg Config, sink Sink) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	s := &Server{
		cfg: cfg, sink: sink, token: sha256.Sum256([]byte(cfg.Token)),
		budget: budget{limit: int64(cfg.MaxPending)}, slots: make(chan struct{}, cfg.MaxRequests),
	}
	s.metrics = newMetrics(cfg.Metrics, s.budget.taken.Load)
	return s, nil
}

// The times a client has. They add up to what the slowest honest one needs; a slower one holds a slot no longer.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 10 * time.Second
	maxHeader     = 32 << 10
)

// Run serves until the context ends, then finishes the requests it has taken.
func (s *Server) Run(ctx context.Context) error {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", s.cfg.Listen)
	if err != nil {
		return fmt.Errorf("listening for logs: %w", err)
	}
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		WriteTimeout: readTimeout + s.cfg.Wait + 5*time.Second, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug),
	}
	s.cfg.Log.Info("taking logs over http", "address", listener.Addr().String(), "path", Path)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serving http: %w", err)
	case <-ctx.Done():
	}
	s.stopping.Store(true)
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err = server.Shutdown(stop); err != nil {
		err = errors.Join(fmt.Errorf("finishing http requests: %w", err), server.Close())
	}
	if e := <-ended; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return err
}
