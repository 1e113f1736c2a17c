package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/app/cli"
	"gatewatch/internal/finding"
	"gatewatch/test/pipeline"
	"gatewatch/test/playback"
)

const recordings = "../../testdata/recordings"

// wrapped are the recordings' lines as a shipper sends them, in the order of time.
func wrapped(t *testing.T, lines []playback.Line) [][]byte {
	t.Helper()
	all := make([][]byte, len(lines))
	for i := range lines {
		var err error
		if all[i], err = lines[i].Wrapped(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func load(t *testing.T) []playback.Line {
	t.Helper()
	lines, err := playback.Load(recordings)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// scan is what `gatewatch scan` finds in the lines.
func scan(t *testing.T, lines [][]byte) []finding.Finding {
	t.Helper()
	dir := t.TempDir()
	file, config := filepath.Join(dir, "access.log"), filepath.Join(dir, "gatewatch.yaml")
	if err := os.WriteFile(file, append(bytes.Join(lines, []byte("\n")), '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, fmt.Appendf(nil, "hash_key: %q\n", pipeline.HashKey), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, complaints bytes.Buffer
	cmd := cli.New(cli.World{ConfigDir: dir})
	cmd.SetOut(&out)
	cmd.SetErr(&complaints)
	cmd.SetArgs([]string{"scan", "-q", "-o", "json", "--config", config, file})
	if code := cli.Run(t.Context(), cmd); code != cli.ExitOK {
		t.Fatalf("scan: exit code %d: %s", code, &complaints)
	}
	var all []finding.Finding
	for line := range strings.Lines(out.String()) {
		var f finding.Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

// names are what tells one finding from another, sorted.
func names(all []finding.Finding, name func(*finding.Finding) string) []string {
	var out []string
	for i := range all {
		out = append(out, name(&all[i]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func byID(f *finding.Finding) string     { return f.ID + " " + f.Detector + " " + f.Entity.Value }
func byEntity(f *finding.Finding) string { return f.Detector + " " + f.Entity.Value }

// column is the first column of a result, sorted.
func column(rows [][]string) []string {
	var out []string
	for _, r := range rows {
		out = append(out, r[0])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// difference tells what is in one sorted list only.
func difference(want, got []string) string {
	var b strings.Builder
	for _, w := range want {
		if _, ok := slices.BinarySearch(got, w); !ok {
			fmt.Fprintf(&b, "-%s\n", w)
		}
	}
	for _, g := range got {
		if _, ok := slices.BinarySearch(want, g); !ok {
			fmt.Fprintf(&b, "+%s\n", g)
		}
	}
	return b.String()
}

// stored waits until every event is in the store, once.
func stored(t *testing.T, p *pipeline.Pipeline, want int) {
	t.Helper()
	p.Until(90*time.Second, fmt.Sprintf("%d events are stored, each once", want), func() (bool, string) {
		got := p.Query("SELECT count(), uniqExact(event_id) FROM events")[0]
		return got[0] == fmt.Sprint(want) && got[1] == fmt.Sprint(want), strings.Join(got, " rows, different: ")
	})
}

// alerted waits until the receiver was told of every entity of the findings of at least low severity.
func alerted(t *testing.T, p *pipeline.Pipeline, all []finding.Finding) {
	t.Helper()
	p.Until(60*time.Second, "the receiver was told of everyone", func() (bool, string) {
		for i := range all {
			if _, told := p.Receiver.Tells(all[i].Entity.Value); !told && all[i].Severity >= finding.Low {
				return false, all[i].Entity.Value
			}
		}
		return true, ""
	})
}

// start starts a pipeline, ready for lines.
func start(t *testing.T, partitions int) *pipeline.Pipeline {
	t.Helper()
	p := pipeline.New(t, pipeline.Options{
		Binaries: binaries, Partitions: partitions, MinSeverity: "low", MaxWait: 200 * time.Millisecond, Checkpoint: time.Second,
	})
	p.StartAll()
	return p
}

// TestOnePartition: with one partition of everything, the services find what scan finds in the same lines, under the same
// ids, and store every event once.
func TestOnePartition(t *testing.T) {
	lines := wrapped(t, load(t))
	want := scan(t, lines)
	p := start(t, 1)
	p.Send(lines, 0)
	stored(t, p, len(lines))
	alerted(t, p, want)
	p.Until(30*time.Second, "the findings are those of scan", func() (bool, string) {
		got := column(p.Query("SELECT concat(id, ' ', detector, ' ', entity) FROM findings_latest"))
		diff := difference(names(want, byID), got)
		return diff == "", diff
	})
}

// TestTwelvePartitions: with twelve, each of which sees a part of the clients, the same clients are found by the same
// detectors.
func TestTwelvePartitions(t *testing.T) {
	lines := wrapped(t, load(t))
	want := scan(t, lines)
	p := start(t, 12)
	p.Send(lines, 0)
	stored(t, p, len(lines))
	alerted(t, p, want)
	p.Until(30*time.Second, "the findings are about the same", func() (bool, string) {
		got := column(p.Query("SELECT concat(detector, ' ', entity) FROM findings_latest"))
		diff := difference(names(want, byEntity), got)
		return diff == "", diff
	})
}

// TestKill: each service is killed once while lines stream in, garbage among them. Every accepted line is stored once, every
// other is in the topic of rejected lines, the findings are those of an undisturbed run, and everybody was alerted.
func TestKill(t *testing.T) {
	const (
		partitions = 3
		rate       = 4000
	)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	good := wrapped(t, load(t))
	lines, garbage := withGarbage(good, random)
	want := scan(t, lines)
	p := start(t, partitions)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		p.Send(lines, rate)
	}()
	for _, i := range random.Perm(len(pipeline.Services)) {
		time.Sleep(300*time.Millisecond + time.Duration(random.Int64N(int64(time.Second))))
		p.Kill(pipeline.Services[i])
		p.Start(pipeline.Services[i])
	}
	<-sent
	stored(t, p, len(good))
	alerted(t, p, want)
	p.Until(30*time.Second, "the findings are about the same", func() (bool, string) {
		got := column(p.Query("SELECT concat(detector, ' ', entity) FROM findings_latest"))
		diff := difference(names(want, byEntity), got)
		return diff == "", diff
	})
	if got := rejected(t, p, garbage); got != garbage {
		t.Errorf("%d lines were rejected, %d should have been", got, garbage)
	}
	t.Logf("%d deliveries were repeated", p.Receiver.Repeated())
}

// withGarbage puts lines that are no events among those that are.
func withGarbage(good [][]byte, random *rand.Rand) (lines [][]byte, garbage int) {
	for i, line := range good {
		lines = append(lines, line)
		if i%20 == 0 {
			lines = append(lines, fmt.Appendf(nil, "garbage %d %x", i, random.Uint64()))
			garbage++
		}
	}
	return lines, garbage
}
