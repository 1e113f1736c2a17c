package e2e

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/internal/kafka"
)

func (s *stand) admin() *kadm.Client {
	s.t.Helper()
	cl, err := kgo.NewClient(kgo.SeedBrokers(s.brokers.Brokers...))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(cl.Close)
	return kadm.NewClient(cl)
}

// TestStoreAway: ClickHouse ends while events stream in. The detector says so and holds back; when ClickHouse is there again,
// everything is stored, once.
func TestStoreAway(t *testing.T) {
	s := newStand(t, kfake.SeedTopics(1, "access.raw"))
	all := s.start("ingest", "detector")
	s.produce("access.raw", lines(500, "before", time.Now())...)
	s.events(500, "1")
	s.clickhouse.Kill()
	s.produce("access.raw", lines(500, "during", time.Now())...)
	detector := all[1]
	detector.until("it says that ClickHouse is away", func() bool { return strings.Contains(detector.readiness(), "clickhouse.addresses") })
	s.clickhouse.Start()
	s.produce("access.raw", lines(500, "after", time.Now())...)
	s.events(1500, "1")
	detector.ready()
	for _, svc := range all {
		if n := svc.logged("\n"); n > 40 {
			t.Errorf("%s has logged %d lines", svc.name, n)
		}
		svc.terminate()
	}
}

// TestMorePartitions: topics get more partitions while the services run, which read them within a minute, from the beginning.
func TestMorePartitions(t *testing.T) {
	t.Parallel() // clients take their time to look at topics again
	s := newStand(t, kfake.SeedTopics(1, "access.raw"))
	all := s.start("ingest", "detector")
	s.produce("access.raw", lines(100, "one", time.Now())...)
	s.events(100, "1")
	admin := s.admin()
	if _, err := admin.CreatePartitions(t.Context(), 2, "access.raw", "gatewatch.events.v1"); err != nil {
		t.Fatal(err)
	}
	s.produce("access.raw", lines(100, "two", time.Now())...)
	s.events(100, "startsWith(path, '/two')")
	for _, svc := range all {
		svc.ready()
		svc.terminate()
	}
}

// TestClock: lines of the near future are stored, those of further away and of 1970 are put aside, and both services say that
// a clock is wrong.
func TestClock(t *testing.T) {
	s := newStand(t, kfake.SeedTopics(1, "access.raw"))
	all := s.start("ingest", "detector")
	s.produce("access.raw", lines(50, "tonight", time.Now().Add(20*time.Hour))...)
	s.produce("access.raw", lines(50, "tomorrow", time.Now().Add(27*time.Hour))...)
	s.produce("access.raw", lines(50, "long_ago", time.Unix(3600, 0))...)
	s.produce("access.raw", lines(50, "now", time.Now())...)
	s.events(100, "startsWith(path, '/now') OR startsWith(path, '/tonight')")
	ingest, detector := all[0], all[1]
	ingest.until("it speaks of the clock", func() bool { return strings.Contains(ingest.readiness(), "ahead of this machine's clock") })
	if n, err := kafka.Records(t.Context(), s.brokers, "gatewatch.rejected.v1"); n != 100 || err != nil {
		t.Errorf("%d lines were rejected, want 100; %v", n, err)
	}
	detector.until("it speaks of the clock", func() bool { return strings.Contains(detector.readiness(), "ahead of this machine's clock") })
	for _, svc := range all {
		if n := svc.logged("\n"); n > 30 {
			t.Errorf("%s has logged %d lines", svc.name, n)
		}
		svc.terminate()
	}
}

// TestReload: a good file is taken over by SIGHUP and by POST, a bad one changes nothing and says why.
func TestReload(t *testing.T) {
	s := newStand(t, kfake.SeedTopics(1, "access.raw"))
	for _, svc := range s.start("ingest", "detector", "alerter") {
		good, err := os.ReadFile(svc.config())
		if err != nil {
			t.Fatal(err)
		}
		post := func() (int, string) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+svc.admin+"/-/reload", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			return do(t, req)
		}
		svc.write(append(good, "log: {level: debug}\n"...))
		if err := svc.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		svc.until("it has reloaded", func() bool { return svc.logged("reloaded") == 1 })
		svc.write(append(good, "log: {levl: debug}\n"...))
		if code, said := post(); code != http.StatusUnprocessableEntity || !strings.Contains(said, "levl") {
			t.Errorf("%s answers a bad file with %d %s", svc.name, code, said)
		}
		svc.ready()
		svc.write(good)
		if code, said := post(); code != http.StatusOK {
			t.Errorf("%s answers a good file with %d %s", svc.name, code, said)
		}
		svc.terminate()
	}
}

// TestOneDirectory: a second detector on a data directory waits for the first, says so, and takes over.
func TestOneDirectory(t *testing.T) {
	s := newStand(t, kfake.SeedTopics(1, "access.raw"))
	first := s.start("detector")[0]
	second := prepare(t, "detector", "")
	second.write([]byte(strings.ReplaceAll(first.file(), first.admin, second.admin)))
	second = second.again()
	second.until("it says whose the directory is", func() bool { return strings.Contains(second.readiness(), "data_dir") })
	first.terminate()
	second.ready()
	second.terminate()
}

// TestFullDisk: the detector cannot save. It says so, goes on with what it can do, and saves when there is room again.
func TestFullDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small disk takes a mount, package trouble limits the size of files instead: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	s := newStand(t, kfake.SeedTopics(1, "access.raw"))
	ingest := s.start("ingest")[0]
	detector := prepare(t, "detector", s.config(""))
	text := strings.Replace(detector.file(), filepath.Join(detector.dir, "data"), dir+", checkpoint_interval: 500ms", 1)
	detector.write([]byte(text))
	detector = detector.again()
	detector.ready()
	s.produce("access.raw", lines(100, "one", time.Now())...)
	s.events(100, "1")
	ballast := filepath.Join(dir, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 512); err == nil; {
		_, err = f.Write(block)
	}
	_ = f.Close()
	s.produce("access.raw", lines(100, "two", time.Now())...)
	detector.until("it says that the disk is full", func() bool { return strings.Contains(detector.readiness(), "no space left") })
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	s.produce("access.raw", lines(100, "three", time.Now())...)
	s.events(300, "1")
	detector.ready()
	detector.terminate()
	ingest.terminate()
}

func do(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	resp, err := http.DefaultClient.Do(req.WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var b strings.Builder
	if err := resp.Write(&b); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, b.String()
}
