package up

import (
	"fmt"
	"io"
	"strings"
	"time"

	"gatewatch/internal/terminal"
)

// download shows how far a fetch has got: on a terminal as a line that changes, elsewhere as a line now and then.
type download struct {
	w      io.Writer
	screen terminal.Screen
	last   time.Time
	tenth  int64
	shown  bool
}

const redraw = 100 * time.Millisecond

func (d *download) show(done, total int64) {
	if !d.shown {
		fmt.Fprintln(d.w, "Fetching ClickHouse, which is needed once; it is kept in your cache directory.")
		d.shown, d.tenth = true, done*10/max(total, 1)
	}
	const mb = 1e6
	switch now := time.Now(); {
	case d.screen.Terminal && (now.Sub(d.last) >= redraw || done == total):
		d.last = now
		const width = 30
		full := int(width * done / max(total, done, 1))
		fmt.Fprintf(d.w, "\r  %s%s %3.0f of %.0f MB", strings.Repeat("━", full), strings.Repeat("─", width-full), float64(done)/mb, float64(total)/mb)
	case !d.screen.Terminal && done*10/max(total, 1) > d.tenth:
		d.tenth = done * 10 / max(total, 1)
		fmt.Fprintf(d.w, "  %d %% of %.0f MB\n", d.tenth*10, float64(total)/mb)
	}
}

// end leaves the line.
func (d *download) end() {
	if d.shown && d.screen.Terminal {
		fmt.Fprintln(d.w)
	}
}
