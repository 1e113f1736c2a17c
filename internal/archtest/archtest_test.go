package archtest_test

import (
	"testing"

	"gatewatch/internal/archtest"
)

func TestArchitecture(t *testing.T) {
	packages, err := archtest.Load(".")
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 5 {
		t.Fatalf("found %d packages, want the whole module", len(packages))
	}
	for _, v := range archtest.Check(packages) {
		t.Error(v)
	}
}
