package disk

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/checkpoint"
)

var source = checkpoint.Source{Topic: "gatewatch.events.v1", Partition: 4}

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			t.Error(err)
		}
	})
	return s
}

func load(t *testing.T, s *Store) checkpoint.Kept {
	t.Helper()
	kept, err := s.Load(source)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func save(t *testing.T, s *Store, position int64) {
	t.Helper()
	c := checkpoint.Checkpoint{Source: source, Position: position, Marks: checkpoint.NewMarks(1)}
	b, err := c.AppendTo(nil, func(b []byte) ([]byte, error) { return append(b, "state"...), nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Save(checkpoint.Sealed{Source: source, Position: position, Bytes: b}); err != nil {
		t.Fatal(err)
	}
}

func plan(t *testing.T, s *Store, plans ...checkpoint.Plan) {
	t.Helper()
	for _, p := range plans {
		do := s.Plan
		if p.Done {
			do = s.Done
		}
		if err := do(source, p); err != nil {
			t.Fatal(err)
		}
	}
}

func position(k checkpoint.Kept) int64 {
	if k.Checkpoint == nil {
		return -1
	}
	return k.Checkpoint.Position
}

func TestLoadGivesTheNewest(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if k := load(t, s); position(k) != -1 || k.Plans != nil || k.Damaged != 0 {
		t.Errorf("Load of nothing = %+v", k)
	}
	for at := int64(10); at <= 30; at += 10 {
		save(t, s, at)
		plan(t, s, checkpoint.Plan{First: at, Last: at + 8}, checkpoint.Plan{First: at, Last: at + 8, Done: true})
	}
	plan(t, s, checkpoint.Plan{First: 39, Last: 45})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	k := load(t, open(t, dir))
	want := []checkpoint.Plan{{First: 30, Last: 38, Done: true}, {First: 39, Last: 45}}
	if diff := cmp.Diff(want, k.Plans); diff != "" || position(k) != 30 || string(k.Checkpoint.State) != "state" {
		t.Errorf("Load: position %d, want 30; plans (-want +got):\n%s", position(k), diff)
	}
}

func TestLoadFallsBackFromDamage(t *testing.T) {
	tests := []struct {
		name     string
		ends     []string
		position int64
		plans    int
	}{
		{"the newest", []string{endCurrent}, 20, 2},
		{"the previous one", []string{endPrevious}, 30, 1},
		{"both", []string{endCurrent, endPrevious}, -1, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := open(t, t.TempDir())
			load(t, s)
			for at := int64(10); at <= 30; at += 10 {
				save(t, s, at)
				plan(t, s, checkpoint.Plan{First: at, Last: at + 9})
			}
			base := s.partition(source).base
			for _, end := range tt.ends {
				if err := os.Truncate(base+end, 30); err != nil {
					t.Fatal(err)
				}
			}
			k := load(t, s)
			if position(k) != tt.position || len(k.Plans) != tt.plans {
				t.Errorf("position %d with %d plans, want %d with %d", position(k), len(k.Plans), tt.position, tt.plans)
			}
			wantDamaged := len(tt.ends)
			if tt.position == 30 {
				wantDamaged = 0 // nobody looked at it
			}
			if k.Damaged != wantDamaged {
				t.Errorf("%d damaged, want %d", k.Damaged, wantDamaged)
			}
			save(t, s, 40)
			if k := load(t, s); position(k) != 40 {
				t.Errorf("position after the next save is %d, want 40", position(k))
			}
		})
	}
}

func TestJournalIsCutAndShortened(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	load(t, s)
	path := s.partition(source).base + endPlans
	for i := range int64(3 * maxStale) {
		plan(t, s, checkpoint.Plan{First: 10 * i, Last: 10*i + 9})
		save(t, s, 10*i+10)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if limit := int64((maxStale + 4) * checkpoint.PlanSize); info.Size() > limit {
		t.Errorf("journal has %d bytes, want at most %d", info.Size(), limit)
	}
	last := int64(3*maxStale) * 10
	plan(t, s, checkpoint.Plan{First: last, Last: last + 5})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// A crash in the middle of writing an entry.
	if err := os.WriteFile(path, append(b, b[:7]...), 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	load(t, s)
	plan(t, s, checkpoint.Plan{First: last + 6, Last: last + 9})
	want := []checkpoint.Plan{{First: last, Last: last + 5}, {First: last + 6, Last: last + 9}}
	if diff := cmp.Diff(want, load(t, s).Plans); diff != "" {
		t.Errorf("plans (-want +got):\n%s", diff)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	if _, err := Open(dir, nil); !errors.Is(err, ErrInUse) {
		t.Errorf("a second Open: %v, want %v", err, ErrInUse)
	}
}

func TestSaveWhereNothingCanBeWritten(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	load(t, s)
	save(t, s, 10)
	// A directory in the new file's place stands for a disk on which nothing can be written, for root as well.
	blocked := filepath.Join(s.partition(source).base+endCurrent) + endNew
	if err := os.Mkdir(blocked, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(checkpoint.Sealed{Source: source, Position: 20}); err == nil {
		t.Error("Save did not tell")
	}
	if k := load(t, s); position(k) != 10 {
		t.Errorf("position %d, want that of the last checkpoint that was saved, 10", position(k))
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	save(t, s, 20)
	if k := load(t, s); position(k) != 20 {
		t.Errorf("position %d, want 20", position(k))
	}
}
