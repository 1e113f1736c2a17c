package label

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRoundTrip(t *testing.T) {
	at := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	want := []Label{
		{
			ID: "a", Attack: true, Family: "volume", Technique: "surge", Entities: []Entity{{"network", "192.0.2.1"}},
			Begin: at, End: at.Add(time.Hour), Requests: 7, Slow: true, Note: "a <b> & c",
		},
		{ID: "b", Technique: "deploy", Begin: at, End: at},
	}
	var b []byte
	for i := range want {
		var err error
		if b, err = want[i].AppendTo(b); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Parse(append(b, "\n\n"...))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestFaults(t *testing.T) {
	for _, test := range []struct{ name, line, want string }{
		{"no JSON", "hello", "line 2: "},
		{"unknown field", `{"id":"a","color":"red"}`, "color"},
		{"nothing in it", `{}`, "id is missing"},
		{"ends first", `{"id":"a","technique":"t","begin":"2026-01-02T00:00:00Z","end":"2026-01-01T00:00:00Z"}`, "in this order"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte("\n" + test.line + "\n"))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
