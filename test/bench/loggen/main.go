// Command loggen writes an access log in nginx's combined format, as a busy site with a hundred thousand visitors and a
// few attackers would, for benchmarks. The same flags give the same bytes. Addresses are those set aside for benchmarks
// and documentation (RFC 2544, RFC 5737, RFC 3849).
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
)

func main() {
	lines := flag.Int("lines", 2_000_000, "`number` of lines, spread over one day")
	clients := flag.Int("clients", 150_000, "`number` of client addresses; each sends at least one request")
	seed := flag.Uint64("seed", 1, "`seed` of the generator")
	out := flag.String("o", "", "write to this `file`, not to standard output")
	flag.Parse()
	if err := run(*out, *lines, *clients, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "loggen:", err)
		os.Exit(1)
	}
}

func run(path string, lines, clients int, seed uint64) (err error) {
	file := os.Stdout
	if path != "" {
		if file, err = os.Create(path); err != nil {
			return fmt.Errorf("creating log: %w", err)
		}
		defer func() {
			if closed := file.Close(); err == nil {
				err = closed
			}
		}()
	}
	w := bufio.NewWriterSize(file, 1<<20)
	site, err := newSite(lines, clients, seed)
	if err != nil {
		return err
	}
	buf := make([]byte, 0, 1024)
	for i := range lines {
		buf = site.appendLine(buf[:0], i)
		if _, err := w.Write(buf); err != nil {
			return fmt.Errorf("writing log: %w", err)
		}
	}
	return w.Flush()
}
