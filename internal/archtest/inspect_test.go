package archtest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/archtest"
)

const source = `// Package p is a specimen.
package p

import clock "time"

/* A comment
of two lines. */
var text = ` + "`one\ntwo`" + `

type now struct{ Now func() }

func f(n now) {
	n.Now() // another's Now
	_ = clock.Now
	go f(n)
	select {
	case <-make(chan int):
	}
	_ = clock.Second
}
`

func TestInspect(t *testing.T) {
	got, err := archtest.Inspect("p.go", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	want := archtest.File{
		Name:  "p.go",
		Lines: 21,
		Code:  14, // 21 lines, less 3 of comments and 4 blank
		Deeds: []archtest.Deed{
			{Line: 15, What: "uses time.Now"},
			{Line: 16, What: "starts a goroutine"},
			{Line: 17, What: "waits in a select"},
			{Line: 18, What: "uses a channel"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Inspect (-want +got):\n%s", diff)
	}
}

func TestInspectRefusesWhatIsNoGo(t *testing.T) {
	if _, err := archtest.Inspect("p.go", []byte("no Go")); err == nil {
		t.Error("Inspect took a text for Go")
	}
}
