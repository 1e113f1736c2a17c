package trouble

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long something may take that takes a moment, on a machine that does other things too.
const patience = 60 * time.Second

// program is one of the services, with a configuration, a data directory and an admin port of its own. One goroutine owns
// a program.
type program struct {
	t     *testing.T
	name  string
	dir   string
	admin string
	env   []string
	cmd   *exec.Cmd
	ended chan struct{}
	log   log
}

// log is what a program has said. It is kept in memory: a program that may not write to files can still speak.
type log struct {
	mu   sync.Mutex // guards text
	text strings.Builder
}

// Write implements io.Writer.
func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *log) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Split(strings.TrimSpace(l.text.String()), "\n")
}

// newProgram makes a program that does not run yet.
func newProgram(t *testing.T, name string) *program {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return &program{t: t, name: name, dir: t.TempDir(), admin: l.Addr().String()}
}

func (p *program) config() string { return filepath.Join(p.dir, "gatewatch.yaml") }

func (p *program) data() string { return filepath.Join(p.dir, "data") }

// configure writes the configuration: what goes into the program's own part, and what goes beside it.
func (p *program) configure(own, beside string) {
	p.t.Helper()
	text := fmt.Sprintf("hash_key: \"a key of the tests, long enough\"\n%s: {admin: {listen: %q}, %s}\n%s", p.name, p.admin, own, beside)
	if err := os.WriteFile(p.config(), []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// start starts the program, or starts it again with the data it has.
func (p *program) start() {
	p.t.Helper()
	cmd := exec.Command(filepath.Join(binaries, p.name), "--config", p.config()) //nolint:noctx // it ends with the test
	cmd.Stdout, cmd.Stderr = &p.log, &p.log
	cmd.Env = append(os.Environ(), p.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan struct{})
	p.cmd, p.ended = cmd, ended
	go func() {
		defer close(ended)
		_ = cmd.Wait() // how it ended is in its state
	}()
	p.t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		<-ended
		if p.t.Failed() {
			p.t.Logf("%s:\n%s", p.name, strings.Join(p.log.lines(), "\n"))
		}
	})
}

// get asks the admin port.
func (p *program) get(method, path string) (status int, body string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "http://"+p.admin+path, http.NoBody)
	if err != nil {
		return 0, err.Error()
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(b)
}

// until waits until something is so of a program that runs.
func (p *program) until(what string, so func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); !so(); time.Sleep(20 * time.Millisecond) {
		select {
		case <-p.ended:
			p.t.Fatalf("%s ended with exit code %d before %s", p.name, p.cmd.ProcessState.ExitCode(), what)
		default:
		}
		if time.Now().After(deadline) {
			_, said := p.get(http.MethodGet, "/readyz")
			p.t.Fatalf("%s: it is not so that %s; readiness: %s", p.name, what, said)
		}
	}
}

// ready waits until the program says that it can work.
func (p *program) ready() {
	p.t.Helper()
	p.until("it is ready", func() bool {
		status, _ := p.get(http.MethodGet, "/readyz")
		return status == http.StatusOK
	})
}

// unready waits until the program says that it cannot work, and why: all of the words.
func (p *program) unready(words ...string) {
	p.t.Helper()
	p.until(fmt.Sprintf("it is not ready and says %q", words), func() bool {
		status, said := p.get(http.MethodGet, "/readyz")
		return status == http.StatusServiceUnavailable && holds(said, words)
	})
}

// tells waits until the log has a line with all of the words.
func (p *program) tells(words ...string) {
	p.t.Helper()
	p.until(fmt.Sprintf("its log says %q", words), func() bool { return p.told(words...) > 0 })
}

// told is how many lines of the log have all of the words.
func (p *program) told(words ...string) int {
	n := 0
	for _, line := range p.log.lines() {
		if holds(line, words) {
			n++
		}
	}
	return n
}

// logged checks that the log of a program that has ended has a line with all of the words.
func (p *program) logged(words ...string) {
	p.t.Helper()
	if p.told(words...) == 0 {
		p.t.Errorf("the log of %s does not say %q", p.name, words)
	}
}

// partitions is how many partitions of the events a detector has.
func (p *program) partitions() (n int) {
	_, said := p.get(http.MethodGet, "/readyz")
	if _, rest, ok := strings.Cut(said, "events: "); ok {
		_, _ = fmt.Sscanf(rest, "%d of", &n) // 0 if there is no number
	}
	return n
}

func holds(text string, words []string) bool {
	for _, w := range words {
		// Both the log and /readyz are JSON, which writes quotation marks in its own way.
		if !strings.Contains(text, w) && !strings.Contains(strings.ReplaceAll(text, `\"`, `"`), w) {
			return false
		}
	}
	return true
}

// quiet checks that the log is short: that what lasts is told once in a while, and not for each event or attempt.
func (p *program) quiet(limit int) {
	p.t.Helper()
	if n := len(p.log.lines()); n > limit {
		p.t.Errorf("%s has logged %d lines, want at most %d", p.name, n, limit)
	}
}

// metric is the sum of a metric over its series.
func (p *program) metric(name string) float64 {
	p.t.Helper()
	_, text := p.get(http.MethodGet, "/metrics")
	sum := 0.0
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		series, value, ok := strings.Cut(lines.Text(), " ")
		if base, _, _ := strings.Cut(series, "{"); !ok || base != name {
			continue
		}
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			p.t.Fatal(err)
		}
		sum += v
	}
	return sum
}

// kill ends the program without a chance to do anything about it.
func (p *program) kill() {
	p.t.Helper()
	p.signal(syscall.SIGKILL)
	<-p.ended
}

func (p *program) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatal(err)
	}
}

// terminate asks the program to stop, which it does within its grace and with exit code 0, and without a stack or a panic
// in its log. It returns how long that took.
func (p *program) terminate() time.Duration {
	p.t.Helper()
	const grace = 30 * time.Second
	began := time.Now()
	p.signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(grace):
		p.t.Fatalf("%s does not stop within %s", p.name, grace)
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		p.t.Errorf("%s stopped with exit code %d, want 0", p.name, code)
	}
	if p.told("goroutine ") > 0 {
		p.t.Errorf("%s tells a stack", p.name)
	}
	return time.Since(began)
}
