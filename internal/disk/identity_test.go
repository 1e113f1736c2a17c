package disk

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func identify(t *testing.T, dir string) string {
	t.Helper()
	i, err := Identify(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
	return i.Name()
}

// TestIdentityLasts: a directory has one name for ever, another directory another, and a damaged file is replaced.
func TestIdentityLasts(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not", "there")
	first := identify(t, dir)
	if len(first) != 2*identityBytes {
		t.Errorf("name %q", first)
	}
	if again := identify(t, dir); again != first {
		t.Errorf("name %q, then %q", first, again)
	}
	if other := identify(t, t.TempDir()); other == first {
		t.Errorf("two directories share the name %q", other)
	}
	for _, damage := range []string{"", first[:7], first, first + "0\n", "not a name at all, and a rather long one\n"} {
		if err := os.WriteFile(filepath.Join(dir, "instance"), []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		name := identify(t, dir)
		if name == first || len(name) != 2*identityBytes {
			t.Errorf("after %q the name is %q", damage, name)
		}
		if again := identify(t, dir); again != name {
			t.Errorf("after %q the name is %q, then %q", damage, name, again)
		}
	}
}

// TestIdentityOfOneProcess: whoever has the name keeps others from it until the end.
func TestIdentityOfOneProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	i, err := Identify(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Identify(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("second: %v, want %v", err, ErrInUse)
	}
	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
	if name := identify(t, dir); name != i.Name() {
		t.Errorf("name %q, then %q", i.Name(), name)
	}
}
