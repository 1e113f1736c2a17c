package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/test/pipeline"
)

// request is a line of a log, of a time.
func request(at time.Time, client, user, request string, status int) []byte {
	return fmt.Appendf(nil, `%s - %s [%s] "%s HTTP/1.1" %d 31 "-" "Mozilla/5.0"`, client, user, at.UTC().Format("02/Jan/2006:15:04:05 -0700"), request, status)
}

// elsewhere is a client whose events are in another partition than another's.
func elsewhere(other string, partitions int) string {
	by := kgo.StickyKeyPartitioner(nil).ForTopic("events")
	for i := 1; ; i++ {
		client := fmt.Sprint("192.0.2.", i)
		if by.Partition(&kgo.Record{Key: []byte(client)}, partitions) != by.Partition(&kgo.Record{Key: []byte(other)}, partitions) {
			return client
		}
	}
}

// TestSilence: somebody looked for what is not there, a while ago, and a crowd guessed a password, longer ago; one request
// of now shows that the log is of now, and then nothing is logged any more. Their findings close all the same. Read again
// from the beginning, by a detector that knows nothing, the topics give the same findings with the same ids.
func TestSilence(t *testing.T) {
	const partitions, scanner = 3, "203.0.113.7"
	p := pipeline.New(t, pipeline.Options{
		Binaries: binaries, Partitions: partitions, MinSeverity: "low", MaxWait: 100 * time.Millisecond, Checkpoint: time.Second,
		Ticks: time.Second,
	})
	p.StartAll()
	now := time.Now()
	var lines [][]byte
	for i := range 40 {
		// Two hours of quiet end a finding about an account, and fifteen minutes one about a scan; a minute more is waited for
		// what is late.
		at := now.Add(-122*time.Minute + time.Duration(i)*time.Second)
		lines = append(lines, request(at, fmt.Sprint("198.51.100.", i), "ann", "POST /login", 401))
	}
	for i := range 40 {
		at := now.Add(-17*time.Minute + time.Duration(i)*time.Second)
		lines = append(lines, request(at, scanner, "-", fmt.Sprintf("GET /p%dx/old.bak", i), 404))
	}
	p.Send(lines, 0)
	stored(t, p, len(lines))
	found := func() []string {
		var all []string
		for _, row := range p.Query("SELECT detector, activity, revision, id, entity FROM findings FINAL") {
			all = append(all, strings.Join(row, " "))
		}
		slices.Sort(all)
		return all
	}
	for _, f := range found() {
		if strings.Contains(f, "path_scan close") || strings.Contains(f, "account_attack close") {
			t.Fatalf("%s while nobody knows how late it is", f)
		}
	}
	p.Send([][]byte{request(time.Now(), elsewhere(scanner, partitions), "-", "GET /", 200)}, 0)
	var want []string
	p.Until(60*time.Second, "the findings close", func() (bool, string) {
		want = found()
		all := strings.Join(want, "\n")
		return strings.Contains(all, "path_scan close") && strings.Contains(all, "account_attack close"), all
	})
	stored(t, p, len(lines)+1)
	p.Until(30*time.Second, "nothing waits", func() (bool, string) {
		lag := p.Metric("detector", "gatewatch_detector_lag_records")
		return lag == 0, fmt.Sprint(lag)
	})
	if n := p.Records("rejected"); n != 0 {
		t.Errorf("%d records were put aside", n)
	}
	if n := p.Metric("detector", "gatewatch_detector_events_total") - p.Metric("detector", "gatewatch_detector_facets_total"); n > float64(len(lines)+1) {
		t.Errorf("ticks were counted among %v events", n)
	}

	// Nobody tells the time any more: it is in the topics.
	for _, service := range pipeline.Services {
		p.Kill(service)
	}
	p.Afresh()
	p.Start("detector")
	p.Until(60*time.Second, "the same is found again", func() (bool, string) {
		diff := difference(want, found())
		return diff == "", diff
	})
	stored(t, p, len(lines)+1)
}
