package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newMan(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "man [DIR]",
		Short: "Write the manual pages",
		Long: `Man writes the manual pages of all commands into DIR, which is made if need be. Without DIR,
the page of gatewatch itself goes to standard output.`,
		Example: "  gatewatch man /usr/local/share/man/man1\n  gatewatch man | man -l -",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			header := &doc.GenManHeader{Title: "GATEWATCH", Section: "1", Source: "gatewatch " + version().Version, Manual: "gatewatch"}
			root.DisableAutoGenTag = true
			for _, c := range append(root.Commands(), root) {
				c.Long = markdown(c.Long)
			}
			if len(args) == 0 {
				return doc.GenMan(root, header, cmd.OutOrStdout())
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return fmt.Errorf("making directory: %w", err)
			}
			header.Title = "" // each command has its own
			if err := doc.GenManTree(root, header, args[0]); err != nil {
				return fmt.Errorf("writing manual pages: %w", err)
			}
			return nil
		},
	}
}

// markdown marks the lines that are set in, which the manual pages would fill, as what must stay as it is.
func markdown(long string) string {
	var b strings.Builder
	before := ""
	for line := range strings.Lines(long) {
		if strings.HasPrefix(line, "  ") {
			if strings.TrimSpace(before) != "" && !strings.HasPrefix(before, "  ") {
				b.WriteString("\n")
			}
			b.WriteString("  ") // four blanks make a block of code
		}
		b.WriteString(line)
		before = line
	}
	return b.String()
}
