package text_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text"
	"gatewatch/internal/event"
)

// TestHostileLines gives every format lines that are long and full of what it looks for. The time it takes must grow with
// the length, not with its square: at the square, a line of this length would take a minute.
func TestHostileLines(t *testing.T) {
	const size, limit = 256 << 10, 2 * time.Second
	heads := []string{
		"", `192.0.2.10 - - [10/Oct/2025:13:55:36 -0700] "`, `192.0.2.10 - `, `[2025-10-10T13:55:36Z] "`,
		`192.0.2.10 - - [10/Oct/2025:13:55:36 -0700] "GET / HTTP/1.1" 200 1 "-" "`,
		`192.0.2.10 - - [10/Oct/2025:13:55:36 -0700] "GET / HTTP/1.1" 200 1 "-" "-" 1 0.1 [] [] `,
		"#Fields: ",
	}
	fills := []string{
		`"`, `\`, `\"`, `\" `, `" `, `" 2`, `\" 2`, " ", " [", `] "`, "a, ", " - ", "x ", ":", ": ", "\t", "%25", "%2520", "[", "haproxy[", `\x22`,
		"a/", "9", ".", "@", "://", "=",
	}
	definitions := append(text.Definitions(0), mustNginx(t, nginxCombined), mustNginx(t, `$upstream_addr [$time_local] $remote_addr`))
	for _, head := range heads {
		for _, fill := range fills {
			line := []byte(head + strings.Repeat(fill, size/len(fill)))
			start := time.Now()
			for _, d := range definitions {
				var e event.Event
				_ = d.New().Parse(line, &e)
				_ = d.New().Parse(append(slices.Clip(line), '"'), &e)
			}
			if took := time.Since(start); took > limit {
				t.Errorf("%q and many %q take %v", head, fill, took)
			}
		}
	}
}

func mustNginx(t *testing.T, layout string) format.Definition {
	t.Helper()
	d, err := text.CompileNginx("x", layout)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
