package shipper

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
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

const (
	recording = "../../testdata/recordings/nginx-combined.log"
	patience  = 60 * time.Second
)

// shippers send all lines of a file to a topic.
var shippers = []struct {
	name, program, packages string
	ship                    func(t *testing.T, broker, topic, file string)
}{
	{"kcat", "kcat", "kcat", kcat},
	{"rsyslog", "rsyslogd", "rsyslog, rsyslog-kafka", rsyslog},
}

func TestShippers(t *testing.T) {
	program := build(t)
	want := scan(t, program)
	lines := count(t, recording)
	for _, s := range shippers {
		t.Run(s.name, func(t *testing.T) {
			if _, err := exec.LookPath(s.program); err != nil {
				missing(t, fmt.Sprintf("%v (Debian: %s)", err, s.packages))
			}
			up := start(t, program)
			s.ship(t, up.kafka, "access.raw", recording)

			up.wait(t, strconv.Itoa(lines)+" events in ClickHouse", func() bool {
				return up.query("SELECT count() FROM gatewatch.events") == strconv.Itoa(lines)
			})
			up.wait(t, "all findings on standard output", func() bool { return up.found(want) })
			up.wait(t, "all findings in ClickHouse", func() bool {
				got := map[string]bool{}
				for row := range strings.Lines(up.query("SELECT DISTINCT detector, entity FROM gatewatch.findings")) {
					got[strings.TrimSpace(row)] = true
				}
				return covers(got, want)
			})
		})
	}
}

func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "gatewatch")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "gatewatch/cmd/gatewatch").CombinedOutput()
	if err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	return program
}

// key names a finding as far as it does not depend on how the lines are spread over partitions.
func key(detector, entity string) string { return detector + "\t" + entity }

// scan is what there is to be found: what a scan of the same lines finds.
func scan(t *testing.T, program string) map[string]bool {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program, "scan", "-q", "-o", "json", recording).Output()
	if err != nil {
		t.Fatalf("scanning: %v", err)
	}
	want := parse(t, out)
	if len(want) == 0 {
		t.Fatal("the recording holds nothing to be found")
	}
	return want
}

func parse(t *testing.T, lines []byte) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for line := range bytes.Lines(lines) {
		var f struct {
			Detector string
			Entity   struct{ Value string }
		}
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatalf("standard output holds something else than findings: %q: %v", line, err)
		}
		found[key(f.Detector, f.Entity.Value)] = true
	}
	return found
}

func covers(got, want map[string]bool) bool {
	for k := range want {
		if !got[k] {
			return false
		}
	}
	return true
}

func count(t *testing.T, file string) int {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(b, []byte("\n"))
}

// up is a running `gatewatch up -o json`.
type up struct {
	kafka, http string
	cmd         *exec.Cmd
	done        chan struct{}
	t           *testing.T

	mu    sync.Mutex // guards out and said
	out   []byte
	said  []byte
	ready chan struct{}
}

// freePorts are ports that nobody listened on a moment ago.
func freePorts(t *testing.T) [4]int {
	t.Helper()
	var ports [4]int
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it takes no time
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() //nolint:errcheck // only now, so that no port is given twice
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports
}

func start(t *testing.T, program string) *up {
	t.Helper()
	ports := freePorts(t)
	port := strconv.Itoa
	u := &up{t: t, kafka: "127.0.0.1:" + port(ports[0]), http: "127.0.0.1:" + port(ports[1]), done: make(chan struct{}), ready: make(chan struct{})}
	u.cmd = exec.Command(program, "up", "-o", "json", "--dir", t.TempDir(), "--partitions", "1", "--admin", "127.0.0.1:0", //nolint:noctx,gosec // the test ends it
		"--push", "none", "--kafka-port", port(ports[0]), "--clickhouse-http-port", port(ports[1]), "--clickhouse-port", port(ports[2]),
		"--nats-port", port(ports[3]))
	u.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdout, err := u.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := u.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := u.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	readers.Go(func() { u.read(stdout, &u.out, "") })
	readers.Go(func() { u.read(stderr, &u.said, "Findings") })
	go func() {
		readers.Wait()
		_ = u.cmd.Wait() // the exit code is looked at below
		close(u.done)
	}()
	t.Cleanup(u.stop)
	select {
	case <-u.ready:
	case <-u.done:
		missing(t, "gatewatch up ended while it started: "+string(u.said))
	case <-time.After(5 * time.Minute): // a download may be in it
		t.Fatal("gatewatch up did not start")
	}
	return u
}

// read keeps what is said; the heading of findings is the last line before it is ready.
func (u *up) read(r io.Reader, to *[]byte, last string) {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		u.mu.Lock()
		*to = append(*to, line...)
		u.mu.Unlock()
		if err != nil {
			return
		}
		if last != "" && strings.HasPrefix(strings.TrimSpace(string(line)), last) {
			close(u.ready)
			last = ""
		}
	}
}

// stop ends it as Ctrl-C does.
func (u *up) stop() {
	_ = u.cmd.Process.Signal(os.Interrupt) // it may have ended, which its exit code tells
	select {
	case <-u.done:
	case <-time.After(patience):
		u.t.Error("gatewatch up did not stop")
		_ = u.cmd.Process.Kill() // it may have ended by now
		<-u.done
	}
	if code := u.cmd.ProcessState.ExitCode(); code != 0 {
		u.t.Errorf("gatewatch up ended with %d", code)
	}
	if u.t.Failed() {
		u.t.Logf("gatewatch up said:\n%s", u.said)
	}
}

func (u *up) found(want map[string]bool) bool {
	u.mu.Lock()
	out := bytes.Clone(u.out[:bytes.LastIndexByte(u.out, '\n')+1])
	u.mu.Unlock()
	return covers(parse(u.t, out), want)
}

// query is the answer of ClickHouse, "" when there is none.
func (u *up) query(sql string) string {
	ctx, cancel := context.WithTimeout(u.t.Context(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+u.http+"/", strings.NewReader(sql))
	if err != nil {
		u.t.Fatal(err)
	}
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer resp.Body.Close() //nolint:errcheck // it is only read
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Sprint(resp.Status, string(b), err)
	}
	return strings.TrimSpace(string(b))
}

func (u *up) wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			u.mu.Lock()
			defer u.mu.Unlock()
			t.Fatalf("not within %s: %s; events: %s; findings printed:\n%s", patience, what,
				u.query("SELECT count() FROM gatewatch.events"), u.out)
		}
	}
}

func kcat(t *testing.T, broker, topic, file string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "kcat", "-P", "-b", broker, "-t", topic, "-l", file).CombinedOutput()
	if err != nil {
		t.Fatalf("kcat: %v\n%s", err, out)
	}
}

// rsyslogConfig reads a file and sends its lines as they are, as docs/howto/send-logs.md says.
const rsyslogConfig = `global(workDirectory="%[1]s")
module(load="imfile")
module(load="omkafka")
template(name="line" type="string" string="%%msg%%")
input(type="imfile" file="%[2]s" tag="nginx" ruleset="gatewatch")
ruleset(name="gatewatch") {
  action(type="omkafka" broker="%[3]s" topic="%[4]s" template="line" partitions.auto="on"
         action.resumeRetryCount="-1" errorFile="%[1]s/errors")
}
`

// rsyslog runs rsyslogd without privileges until the test ends.
func rsyslog(t *testing.T, broker, topic, file string) {
	t.Helper()
	dir := t.TempDir()
	lines, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	log, config := filepath.Join(dir, "access.log"), filepath.Join(dir, "rsyslog.conf")
	if err := os.WriteFile(log, lines, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, fmt.Appendf(nil, rsyslogConfig, dir, log, broker, topic), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.Command("rsyslogd", "-n", "-f", config, "-i", filepath.Join(dir, "pid")) //nolint:noctx,gosec // the test ends it
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = cmd.Wait()                          // its exit code says nothing
		if t.Failed() {
			failures, _ := os.ReadFile(filepath.Join(dir, "errors"))
			t.Logf("rsyslogd said:\n%s%s", out.String(), failures)
		}
	})
}
