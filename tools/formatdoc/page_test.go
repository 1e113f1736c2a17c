package main

import (
	"strings"
	"testing"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
)

func TestRender(t *testing.T) {
	page, err := render([]format.Definition{{Name: "a-json", About: "a's <log> | more"}, {Name: "b", About: "B's log."}})
	if err != nil {
		t.Fatal(err)
	}
	want := "| format | what it is |\n|---|---|\n| `a-json` | A's &lt;log&gt; \\| more. |\n| `b` | B's log. |\n"
	if !strings.HasSuffix(string(page), want) {
		t.Errorf("page:\n%s\nwant it to end with\n%s", page, want)
	}
}

func TestRenderFaults(t *testing.T) {
	for name, formats := range map[string][]format.Definition{
		"no name":         {{About: "a"}},
		"nothing about":   {{Name: "a", About: " "}},
		"two of one name": {{Name: "a", About: "a"}, {Name: "a", About: "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := render(formats); err == nil {
				t.Errorf("render took %v", formats)
			}
		})
	}
}

func TestRenderTakesTheRealFormats(t *testing.T) {
	if _, err := render(accesslog.Formats()); err != nil {
		t.Error(err)
	}
}
