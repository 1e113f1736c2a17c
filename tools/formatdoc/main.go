// Command formatdoc writes the reference of the built-in access-log formats.
package main

import (
	"flag"
	"fmt"
	"os"

	"gatewatch/internal/accesslog"
)

func main() {
	out := flag.String("o", "formats.md", "write to this `file`")
	flag.Parse()
	page, err := render(accesslog.Formats())
	if err == nil {
		err = os.WriteFile(*out, page, 0o644) //nolint:gosec // documentation is for everyone
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "formatdoc:", err)
		os.Exit(1)
	}
}
