package main

import "testing"

func TestLine(t *testing.T) {
	for message, want := range map[string]string{
		"<134>Mar  4 05:06:07 edge haproxy[7]: x\n": "Mar  4 05:06:07 edge haproxy[7]: x",
		"no priority":   "no priority",
		"<broken":       "<broken",
		"<134>a <b> c ": "a <b> c ",
	} {
		if got := string(line([]byte(message))); got != want {
			t.Errorf("line of %q is %q, want %q", message, got, want)
		}
	}
}
