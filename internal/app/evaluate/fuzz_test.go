package evaluate

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"gatewatch/internal/label"
	"gatewatch/internal/terminal/report"
)

// FuzzEvaluate: whatever is read as labels and findings can be evaluated and printed, and counts add up.
func FuzzEvaluate(f *testing.F) {
	const truth = `{"id":"a","attack":true,"family":"reconnaissance","technique":"t","entities":[{"type":"network","value":"10.0.0.0/8"},{"type":"service","value":"s"}],` +
		`"begin":"2026-01-01T00:00:00Z","end":"2026-01-02T00:00:00Z","requests":1}` + "\n" +
		`{"id":"b","technique":"deploy","family":"","entities":null,"begin":"2026-01-01T00:00:00Z","end":"2026-01-02T00:00:00Z","requests":1}`
	const found = `{"id":"a","revision":1,"activity":"close","detector":"path_scan","severity":"low","score":1,"entity":{"type":"network","value":"10.0.0.1"},` +
		`"related":[{"type":"prefix","value":"::/0"}],"service":"s","first_seen":"2026-01-01T00:00:00Z","last_seen":"2026-01-01T00:00:00Z","count":1,"evidence":{},"samples":[]}`
	f.Add(truth, found)
	f.Add(truth, strings.ReplaceAll(found, "10.0.0.1", "fe80::1%eth0"))
	f.Add(strings.ReplaceAll(truth, "2026-01-02", "2030-01-02"), strings.ReplaceAll(found, "2026", "9999"))
	f.Fuzz(func(t *testing.T, truth, found string) {
		labels, err := label.Parse([]byte(truth))
		if err != nil {
			return
		}
		var episodes Episodes
		if episodes.Read(strings.NewReader(found)) != nil {
			return
		}
		r, err := Evaluate(labels, &episodes, DefaultConfig())
		if err != nil {
			return
		}
		n := r.All.Findings
		if all := n.True + n.Aside + n.Benign + n.False + r.Outside.Findings; all != len(episodes.all) {
			t.Errorf("%d findings judged, of %d", all, len(episodes.all))
		}
		if all := r.Attacks + r.Benign + r.Outside.Campaigns; all != len(labels) || len(r.Each) != r.Attacks {
			t.Errorf("%d campaigns, %d attacks listed, of %d labels", all, len(r.Each), len(labels))
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
		if err := r.Write(io.Discard, report.Layout{Width: 72}); err != nil {
			t.Error(err)
		}
	})
}
