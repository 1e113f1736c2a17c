package telemetry

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Nowhere is the address of a server that is turned off.
const Nowhere = "none"

// How long a request may take: profiles and slow scrapes need most.
const (
	headerTimeout = 5 * time.Second
	idleTimeout   = 2 * time.Minute
	readyTimeout  = 3 * time.Second
	stopTimeout   = time.Second
)

// AdminConfig says what is served, and from what.
type AdminConfig struct {
	// Listen is the host:port, Nowhere for none.
	Listen string
	// Pprof serves profiles as well.
	Pprof bool
	// Metrics is where metrics come from.
	Metrics prometheus.Gatherer
	// Ready tells what the service can do its work with; nil is always ready.
	Ready func(context.Context) []Check
	// Reload reads the configuration again; nil refuses.
	Reload func(context.Context) error
	// Log hears of requests that went wrong; nil discards.
	Log *slog.Logger
}

// Admin serves metrics, health, readiness and, if asked to, profiles over HTTP, for people and machines that run the
// service. It asks for no password, which is why it listens on loopback unless told otherwise.
type Admin struct {
	cfg      AdminConfig
	listener net.Listener
}

// NewAdmin makes a server that does not listen yet.
func NewAdmin(cfg AdminConfig) *Admin {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Admin{cfg: cfg}
}

// Listen takes the address, so that a port that is taken is known before anything else begins. Run serves it.
func (a *Admin) Listen(ctx context.Context) error {
	if a.cfg.Listen == Nowhere || a.listener != nil {
		return nil
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", a.cfg.Listen)
	if err != nil {
		return fmt.Errorf("listening for the admin server (metrics and health; another program or instance may have the "+
			"address, set admin.listen): %w", err)
	}
	a.listener = l
	return nil
}

// Address is where the server listens, "" when it does not.
func (a *Admin) Address() string {
	if a.listener == nil {
		return ""
	}
	return a.listener.Addr().String()
}

// Run serves until the context ends.
func (a *Admin) Run(ctx context.Context) error {
	if err := a.Listen(ctx); err != nil {
		return err
	}
	if a.listener == nil {
		<-ctx.Done()
		return nil
	}
	srv := &http.Server{
		Handler: a.Handler(), ReadHeaderTimeout: headerTimeout, ReadTimeout: headerTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(a.cfg.Log.Handler(), slog.LevelDebug),
	}
	stopped := make(chan struct{})
	unhook := context.AfterFunc(ctx, func() {
		// The context has ended already; those who are asking get a moment to be answered.
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		if srv.Shutdown(last) != nil {
			_ = srv.Close() // who is still asking is cut off
		}
		close(stopped)
	})
	err := srv.Serve(a.listener)
	if !unhook() {
		<-stopped // Serve returns as soon as Shutdown begins
		return nil
	}
	return fmt.Errorf("serving metrics and health: %w", err)
}

// Handler answers the requests.
func (a *Admin) Handler() http.Handler {
	mux := http.NewServeMux()
	metrics := promhttp.HandlerFor(a.cfg.Metrics, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(a.cfg.Log.Handler(), slog.LevelWarn), MaxRequestsInFlight: 4,
	})
	mux.Handle("GET /metrics", metrics)
	for _, path := range []string{"/healthz", "/-/healthy"} {
		mux.HandleFunc("GET "+path, alive)
	}
	for _, path := range []string{"/readyz", "/-/ready"} {
		mux.HandleFunc("GET "+path, a.ready)
	}
	mux.HandleFunc("POST /-/reload", a.reload)
	mux.HandleFunc("GET /{$}", a.index)
	if a.cfg.Pprof {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	// A web page must not be able to have the browser of somebody who may reach this port do anything.
	return http.NewCrossOriginProtection().Handler(mux)
}

func alive(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok\n") }

// readiness is what /readyz answers.
type readiness struct {
	Ready  bool    `json:"ready"`
	Checks []Check `json:"checks"`
}

func (a *Admin) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	state := readiness{Ready: true, Checks: []Check{}}
	if a.cfg.Ready != nil {
		state.Checks = append(state.Checks, a.cfg.Ready(ctx)...)
	}
	for _, c := range state.Checks {
		state.Ready = state.Ready && c.OK
	}
	status := http.StatusOK
	if !state.Ready {
		status = http.StatusServiceUnavailable
	}
	b, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		a.cfg.Log.WarnContext(ctx, "readiness cannot be written", "err", err)
		status, b = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n')) // whoever asked has gone
}

func (a *Admin) reload(w http.ResponseWriter, r *http.Request) {
	if a.cfg.Reload == nil {
		answer(w, http.StatusNotImplemented, "this service reads its configuration at its start only\n")
		return
	}
	// Whoever asked may go: a configuration is taken over as a whole or not at all.
	if err := a.cfg.Reload(context.WithoutCancel(r.Context())); err != nil {
		answer(w, http.StatusUnprocessableEntity, "the configuration stays as it is:\n"+err.Error()+"\n")
		return
	}
	answer(w, http.StatusOK, "reloaded\n")
}

func (a *Admin) index(w http.ResponseWriter, _ *http.Request) {
	text := "GET  /metrics    for Prometheus\nGET  /healthz    is the process alive\nGET  /readyz     can it do its work, and why not\n" +
		"POST /-/reload   read the configuration again\n"
	if a.cfg.Pprof {
		text += "GET  /debug/pprof/\n"
	}
	answer(w, http.StatusOK, text)
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // whoever asked has gone
}
