package record

import (
	"fmt"
	"strings"
	"testing"

	"gatewatch/internal/event"
)

var testTable = Table{
	Name:  "test",
	Needs: [][]string{{"t"}},
	Rules: []Rule{{Key: "t", To: Timestamp, In: Millis}, {Key: "c", To: ClientIP}, {Key: "m", To: Method}},
}

const testLine = `{"t":1795357800000,"c":"192.0.2.1","m":"GET"}`

// TestShapesAreTold reads a record of one shape and then a line that differs from it in one byte, at every place: the
// shape must not let anything pass that the walk does not.
func TestShapesAreTold(t *testing.T) {
	for i := range len(testLine) {
		for _, c := range []byte("x\"\\{}[],:0 \x00\xff") {
			line := []byte(testLine)
			line[i] = c
			long, fresh := newParser(testTable.compile()), newParser(testTable.compile())
			var a, b, first event.Event
			if err := long.Parse([]byte(testLine), &first); err != nil {
				t.Fatal(err)
			}
			gotErr, wantErr := long.Parse(line, &a), fresh.Parse(line, &b)
			if got, want := fmt.Sprint(gotErr, a), fmt.Sprint(wantErr, b); got != want {
				t.Errorf("%q by a shape: %s, by the walk: %s", line, got, want)
			}
		}
	}
}

// TestShapesAreShared counts how often the walk has to read a stream of alternating shapes: once for each.
func TestShapesAreShared(t *testing.T) {
	p := newParser(testTable.compile())
	lines := []string{
		testLine,
		`{"t":1795357800000,"c":"192.0.2.1","x":1,"m":"GET"}`,
		`{"t":1795357800000,"c":"192.0.2.1","x":{"y":1},"m":"GET"}`,
		`{"t":1795357800000,"c":"192.0.2.1","m":"GET","y":[1,2]}`,
	}
	for round := range 3 {
		for _, line := range lines {
			matched := p.memory.match([]byte(line), p.spans) != nil
			if want := round > 0; matched != want {
				t.Errorf("round %d: a shape fits %s: %v, want %v", round, line, matched, want)
			}
			var e event.Event
			if err := p.Parse([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	p := newParser(testTable.compile())
	var e event.Event
	for i := range 100 {
		line := fmt.Sprintf(`{"t":1795357800000,"c":"192.0.2.1","m":"GET","junk%d":{%s"z":0}}`, i, strings.Repeat(`"a":1,`, 10_000))
		e.Reset()
		if err := p.Parse([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
	}
	long := strings.Repeat("k", 100_000)
	line := `{"t":1795357800000,"c":"192.0.2.1","m":"GET","` + long + `":{` + strings.Repeat(`"a":1,`, 20_000) + `"z":0}}`
	e.Reset()
	if err := p.Parse([]byte(line), &e); err != nil {
		t.Fatal(err)
	}
	if len(e.Unmapped) != 0 {
		t.Errorf("%d fields with a key of %d bytes", len(e.Unmapped), len(e.Unmapped[0].Key))
	}
	if n := cap(p.memory.spare.names); n > MaxUnmapped*maxKey*2 {
		t.Errorf("the learned shape keeps %d bytes of names", n)
	}
	for _, s := range p.memory.shapes {
		if s != nil {
			t.Errorf("a shape of %d steps is remembered", len(s.steps))
		}
	}
	if n := cap(p.memory.spare.steps) + cap(p.memory.spare.literals); n > 4*(maxSteps+maxLiterals) {
		t.Errorf("the learned shape keeps %d", n)
	}
}
