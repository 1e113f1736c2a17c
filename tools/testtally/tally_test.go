package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const run = `{"Action":"start","Package":"a"}
{"Action":"run","Package":"a","Test":"TestGood"}
{"Action":"output","Package":"a","Test":"TestGood","Output":"noise\n"}
{"Action":"pass","Package":"a","Test":"TestGood","Elapsed":0.1}
{"Action":"output","Package":"a","Test":"TestElsewhere","Output":"=== RUN   TestElsewhere\n"}
{"Action":"output","Package":"a","Test":"TestElsewhere","Output":"    a_test.go:3: not on this machine\n"}
{"Action":"output","Package":"a","Test":"TestElsewhere","Output":"--- SKIP: TestElsewhere (0.00s)\n"}
{"Action":"skip","Package":"a","Test":"TestElsewhere","Elapsed":0}
{"Action":"output","Package":"a","Output":"ok  \ta\n"}
{"Action":"pass","Package":"a","Elapsed":1.25}
{"Action":"output","Package":"b","Test":"TestBad","Output":"    b_test.go:7: wrong\n"}
{"Action":"fail","Package":"b","Test":"TestBad","Elapsed":0}
{"Action":"output","Package":"b","Output":"FAIL\n"}
{"Action":"fail","Package":"b","Elapsed":0.5}
{"ImportPath":"c","Action":"build-output","Output":"c.go:1: undefined: x\n"}
{"ImportPath":"c","Action":"build-fail"}
{"Action":"output","Package":"c","Output":"FAIL\tc [build failed]\n"}
{"Action":"fail","Package":"c","Elapsed":0,"FailedBuild":"c"}
{"Action":"output","Package":"d","Test":"TestCrash","Output":"panic: oh\n"}
{"Action":"fail","Package":"d","Elapsed":0}
go: warning of the go command
`

func TestTally(t *testing.T) {
	var out strings.Builder
	tl := newTally(&out)
	if err := tl.read(strings.NewReader(run)); err != nil {
		t.Fatal(err)
	}
	want := `skip a TestElsewhere: a_test.go:3: not on this machine
ok      1.2s  a
    b_test.go:7: wrong
FAIL    0.5s  b
c.go:1: undefined: x
FAIL	c [build failed]
FAIL    0.0s  c
panic: oh
FAIL    0.0s  d
go: warning of the go command
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
	if got, want := tl.String(), "1 passed, 1 failed, 1 skipped, 2 packages did not build or crashed"; got != want {
		t.Errorf("tally %q, want %q", got, want)
	}
	if !tl.bad() {
		t.Error("the run is good, want bad")
	}
}

func TestTallyOfAGoodRun(t *testing.T) {
	tl := newTally(&strings.Builder{})
	if err := tl.read(strings.NewReader(`{"Action":"pass","Package":"a","Test":"TestGood"}`)); err != nil {
		t.Fatal(err)
	}
	if tl.bad() || tl.String() != "1 passed, 0 failed, 0 skipped" {
		t.Errorf("tally %q, bad %v", tl, tl.bad())
	}
}
