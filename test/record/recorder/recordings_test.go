package main

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

const recordings = "../../../testdata/recordings"

// TestRecordingsMatchTheirLabels keeps the recordings honest: whoever changes
// one of them by hand, or forgets a file, is told.
func TestRecordingsMatchTheirLabels(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(recordings, "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	var labels Labels
	if err := json.Unmarshal(text, &labels); err != nil {
		t.Fatal(err)
	}
	seen := map[string]*Sighting{}
	for _, log := range logNames("") {
		if err := survey(filepath.Join(recordings, log), log, seen); err != nil {
			t.Fatal(err)
		}
	}
	for _, label := range labels.Actors {
		found := seen[label.Address]
		if found == nil || !maps.Equal(found.Lines, label.Lines) {
			t.Errorf("%s at %s: the logs hold %+v, the label says %v", label.Actor, label.Address, found, label.Lines)
			continue
		}
		if !found.First.Equal(label.From) || !found.Last.Equal(label.To) {
			t.Errorf("%s at %s was seen from %s to %s, the label says %s to %s",
				label.Actor, label.Address, found.First, found.Last, label.From, label.To)
		}
		if len(label.Logs) != len(label.Lines) || label.Kind == attack && len(label.Detectors) == 0 {
			t.Errorf("the label of %s at %s is incomplete: %+v", label.Actor, label.Address, label)
		}
		delete(seen, label.Address)
	}
	for address := range seen {
		t.Errorf("%s has lines but no label", address)
	}
}

func TestRecordingsStaySmall(t *testing.T) {
	const limit = 5 << 20
	var total int64
	err := filepath.WalkDir(recordings, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if total > limit {
		t.Errorf("the recordings take %d bytes, want at most %d", total, limit)
	}
}
