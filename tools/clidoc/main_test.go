package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

func TestGenerate(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "prog_gone.md"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	root := &cobra.Command{Use: "prog", Short: "A program."}
	sub := &cobra.Command{Use: "sub", Short: "A command.", Run: func(*cobra.Command, []string) {}}
	sub.Flags().Int("depth", 3, "how deep")
	root.AddCommand(sub)
	if err := generate(root, dir); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.Join(dir, "prog.md"), filepath.Join(dir, "prog_sub.md")}
	if diff := cmp.Diff(want, pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	page, err := os.ReadFile(want[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{preface, "A command.", "--depth int", "(prog.md)"} {
		if !strings.Contains(string(page), text) {
			t.Errorf("page without %q:\n%s", text, page)
		}
	}
	if strings.Contains(string(page), "Auto generated") {
		t.Error("the page has a date, so it changes every day")
	}
}
