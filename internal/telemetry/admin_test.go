package telemetry

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func admin(t *testing.T, cfg AdminConfig) *httptest.Server {
	t.Helper()
	if cfg.Metrics == nil {
		cfg.Metrics = NewRegistry(Build{Version: "v1.2.3", Commit: "abc", Go: "go1"})
	}
	srv := httptest.NewServer(NewAdmin(cfg).Handler())
	t.Cleanup(srv.Close)
	return srv
}

// ask sends a request and returns the status and the body.
func ask(t *testing.T, method, url string, header ...string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestAdminAnswers(t *testing.T) {
	quiet := admin(t, AdminConfig{})
	profiling := admin(t, AdminConfig{Pprof: true})
	for _, tt := range []struct {
		name, method, url string
		status            int
		want              string
	}{
		{"index", "GET", quiet.URL + "/", 200, "/readyz"},
		{"alive", "GET", quiet.URL + "/healthz", 200, "ok"},
		{"alive by Prometheus's name", "GET", quiet.URL + "/-/healthy", 200, "ok"},
		{"ready by Prometheus's name", "GET", quiet.URL + "/-/ready", 200, `"ready": true`},
		{"metrics", "GET", quiet.URL + "/metrics", 200, `gatewatch_build_info{goversion="go1",revision="abc",version="v1.2.3"} 1`},
		{"the runtime's metrics", "GET", quiet.URL + "/metrics", 200, "go_goroutines"},
		{"reload is no GET", "GET", quiet.URL + "/-/reload", 405, ""},
		{"reload that nobody serves", "POST", quiet.URL + "/-/reload", 501, "at its start only"},
		{"profiles are off", "GET", quiet.URL + "/debug/pprof/", 404, ""},
		{"profiles", "GET", profiling.URL + "/debug/pprof/", 200, "goroutine"},
		{"anything else", "GET", quiet.URL + "/etc/passwd", 404, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, body := ask(t, tt.method, tt.url)
			if status != tt.status || !strings.Contains(body, tt.want) {
				t.Errorf("%s %s: %d %q, want %d with %q", tt.method, tt.url, status, body, tt.status, tt.want)
			}
		})
	}
}

func TestReadinessTellsEveryCheck(t *testing.T) {
	checks := []Check{{Name: "kafka", OK: true}, {Name: "clickhouse", Detail: "connection refused"}}
	srv := admin(t, AdminConfig{Ready: func(context.Context) []Check { return checks }})
	status, body := ask(t, "GET", srv.URL+"/readyz")
	var got readiness
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if diff := cmp.Diff(readiness{Ready: false, Checks: checks}, got); diff != "" || status != http.StatusServiceUnavailable {
		t.Errorf("status %d, body (-want +got):\n%s", status, diff)
	}
	checks[1].OK = true
	if status, body := ask(t, "GET", srv.URL+"/readyz"); status != http.StatusOK || !strings.Contains(body, `"ready": true`) {
		t.Errorf("all checks are OK: %d %s", status, body)
	}
}

func TestReadinessWithoutChecksIsAnEmptyList(t *testing.T) {
	srv := admin(t, AdminConfig{})
	if _, body := ask(t, "GET", srv.URL+"/readyz"); !strings.Contains(body, `"checks": []`) {
		t.Errorf("body %s, want an empty list", body)
	}
}

func TestReloadTellsTheFaults(t *testing.T) {
	var err error
	calls := 0
	srv := admin(t, AdminConfig{Reload: func(context.Context) error { calls++; return err }})
	if status, body := ask(t, "POST", srv.URL+"/-/reload"); status != http.StatusOK {
		t.Errorf("a good file: %d %s", status, body)
	}
	err = errors.New("gatewatch.yaml:3: detectors.path_scam: unknown detector")
	status, body := ask(t, "POST", srv.URL+"/-/reload")
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "gatewatch.yaml:3: detectors.path_scam") {
		t.Errorf("a bad file: %d %s", status, body)
	}
	if calls != 2 {
		t.Errorf("%d reloads, want 2", calls)
	}
	status, _ = ask(t, "POST", srv.URL+"/-/reload", "Sec-Fetch-Site", "cross-site", "Origin", "https://attacker.example")
	if status != http.StatusForbidden || calls != 2 {
		t.Errorf("a request of a web page: %d, %d reloads; want it refused", status, calls)
	}
}

func TestAdminRunStops(t *testing.T) {
	a := NewAdmin(AdminConfig{Listen: "127.0.0.1:0", Metrics: NewRegistry(Build{})})
	if err := a.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	if status, _ := ask(t, "GET", "http://"+a.Address()+"/healthz"); status != http.StatusOK {
		t.Errorf("status %d, want 200", status)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("Run: %v, want nil after cancellation", err)
	}
}

func TestAdminNowhere(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	a := NewAdmin(AdminConfig{Listen: Nowhere})
	if err := a.Run(ctx); err != nil || a.Address() != "" {
		t.Errorf("Run: %v at %q, want nothing", err, a.Address())
	}
}

func TestAddressTaken(t *testing.T) {
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	err = NewAdmin(AdminConfig{Listen: l.Addr().String()}).Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "admin.listen") || !strings.Contains(err.Error(), l.Addr().String()) {
		t.Errorf("Run: %v, want an error with the address and what to set", err)
	}
}
