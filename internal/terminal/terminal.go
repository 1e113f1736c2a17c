// Package terminal knows the terminal: whether there is one, how wide it is, whether it wants colour, and how to show
// progress on it. What is shown is not its concern.
package terminal

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// DefaultWidth is the width in columns of output that goes to no terminal.
const DefaultWidth = 100

// The widths that output is laid out for, in columns: narrower ones wrap, wider ones stay partly empty.
const (
	minWidth = 72
	maxWidth = 160
)

// Screen is what is known of the place that output goes to.
type Screen struct {
	Terminal bool
	Colour   bool
	Width    int // columns
}

// Of looks at a writer. Colour is for terminals only, and not when NO_COLOR is set (https://no-color.org) or the terminal is
// dumb; CLICOLOR_FORCE asks for it everywhere. COLUMNS overrides the width.
func Of(w io.Writer, getenv func(string) string) Screen {
	s := Screen{Width: DefaultWidth}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		s.Terminal = true
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			s.Width = width
		}
	}
	if n, err := strconv.Atoi(getenv("COLUMNS")); err == nil && n > 0 {
		s.Width = n
	}
	s.Width = min(max(s.Width, minWidth), maxWidth)
	s.Colour = s.Terminal && getenv("TERM") != "dumb"
	if force := getenv("CLICOLOR_FORCE"); force != "" && force != "0" {
		s.Colour = true
	}
	if getenv("NO_COLOR") != "" {
		s.Colour = false
	}
	return s
}
