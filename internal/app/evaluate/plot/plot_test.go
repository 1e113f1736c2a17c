package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/app/evaluate/interval"
	"gatewatch/internal/label"
)

// result has n techniques, the first with a name that does harm where it is not escaped.
func result(t *testing.T, n int) *evaluate.Result {
	t.Helper()
	r, err := evaluate.Evaluate([]label.Label{}, &evaluate.Episodes{}, evaluate.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	r.ByDay, r.Curve = nil, nil
	for i := range n {
		name := fmt.Sprintf("technique_%d", i)
		if i == 0 {
			name = "</text><script>\x00\"&'"
		}
		g := evaluate.Group{Name: name, Recall: interval.ShareOf(i, n)}
		if i > 0 {
			g.Detection = interval.SpreadOf([]float64{0.01, float64(i) * 1e5, 3}, i%2)
		}
		r.Techniques = append(r.Techniques, g)
		r.ByDay = append(r.ByDay, evaluate.Day{Date: time.Unix(0, 0).AddDate(0, 0, i).Format(time.DateOnly), All: i * 10, Medium: i})
		r.Curve = append(r.Curve, evaluate.Point{Score: float64(i * 10), Recall: interval.ShareOf(n-i, n), Alerts: interval.RateOf((n-i)*100, 2)})
	}
	return r
}

// TestAll: every plot is XML, of one svg, whose coordinates are numbers within it, whatever there is to draw.
func TestAll(t *testing.T) {
	for _, n := range []int{0, 1, 7, 400} {
		for _, p := range All(result(t, n)) {
			t.Run(fmt.Sprint(p.Name, " of ", n), func(t *testing.T) {
				if bytes.Contains(p.SVG, []byte("NaN")) || bytes.Contains(p.SVG, []byte("Inf")) || bytes.Contains(p.SVG, []byte("<script")) {
					t.Errorf("something is in it that must not be:\n%s", p.SVG)
				}
				if n := elements(t, p.SVG)["svg"]; n != 1 {
					t.Errorf("%d elements svg", n)
				}
			})
		}
	}
}

func elements(t *testing.T, svg []byte) map[string]int {
	t.Helper()
	count := map[string]int{}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return count
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			count[e.Name.Local]++
		}
	}
}

func TestWhatIsDrawn(t *testing.T) {
	all := All(result(t, 7))
	for i, want := range []map[string]int{
		{"circle": 7},                // recall: a point for each technique
		{"circle": 6},                // detection: of one, nothing was ever found
		{"rect": 1 + 2*7},            // the background, and two bars a day
		{"circle": 7, "polyline": 1}, // the curve, a point every ten
	} {
		got := elements(t, all[i].SVG)
		for name, n := range want {
			if got[name] != n {
				t.Errorf("%s has %d × %s, want %d", all[i].Name, got[name], name, n)
			}
		}
	}
	if !strings.Contains(string(all[1].SVG), "none found") {
		t.Error("detection.svg does not say that nothing was found")
	}
}

func TestAxis(t *testing.T) {
	for _, tt := range []struct {
		name string
		axis axis
		v    float64
		want float64
	}{
		{"half", shares(100, 200), 0.5, 150},
		{"beyond", shares(100, 200), 7, 200},
		{"a minute of an hour", times(0, 2, 3600), 60, 1}, // log 60 is half of log 3600
		{"below a second", times(0, 2, 3600), 0, 0},
		{"upside down", counts(100, 0, 10), 5, 50},
		{"9 of log(1+99)", rates(0, 2, 99), 9, 1}, // log 10 is half of log 100
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.axis.at(tt.v); got < tt.want-1e-9 || got > tt.want+1e-9 {
				t.Errorf("%v is at %v, want %v", tt.v, got, tt.want)
			}
		})
	}
	for most := range 5000 {
		if a := counts(0, 1, float64(most)); a.high < float64(most) || len(a.ticks) > 7 {
			t.Fatalf("%d: up to %v with %d ticks", most, a.high, len(a.ticks))
		}
	}
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "plots")
	if err := Write(dir, result(t, 3)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"recall.svg", "detection.svg", "false-alerts.svg", "curve.svg"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Write(filepath.Join(dir, "curve.svg"), result(t, 3)); err == nil {
		t.Error("a file is taken for a folder")
	}
}
