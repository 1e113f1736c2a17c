package terminal

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// refresh is how often progress is drawn.
const refresh = 150 * time.Millisecond

// State is how far the work has got.
type State struct {
	Name         string // of the file being read
	Bytes, Total int64  // read, and in all; a Total of 0 is unknown
	Lines        int64
	Findings     int64
}

// Progress draws a bar on a terminal until Stop is called.
type Progress struct {
	bar     *progressbar.ProgressBar
	state   func() State
	started time.Time
	stop    chan struct{}
	stopped sync.WaitGroup
}

// Show starts drawing; state is asked for by another goroutine.
func Show(w io.Writer, screen Screen, state func() State) *Progress {
	total := state().Total
	if total == 0 {
		total = -1
	}
	p := &Progress{state: state, started: time.Now(), stop: make(chan struct{})}
	p.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetWidth(min(30, screen.Width/4)),
		progressbar.OptionShowBytes(true),
		progressbar.OptionEnableColorCodes(screen.Colour),
		progressbar.OptionSetPredictTime(total > 0),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionUseANSICodes(true),
		// The bar would start a goroutine to turn its spinner, which goes on drawing after the bar is cleared.
		progressbar.OptionSetSpinnerChangeInterval(0),
		progressbar.OptionSetTheme(progressbar.Theme{
			Saucer: "━", SaucerHead: "━", SaucerPadding: "─", BarStart: "", BarEnd: "",
		}),
	)
	p.stopped.Go(p.run)
	return p
}

func (p *Progress) run() {
	t := time.NewTicker(refresh)
	defer t.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-t.C:
			p.draw()
		}
	}
}

func (p *Progress) draw() {
	s := p.state()
	perSecond := float64(s.Lines) / max(time.Since(p.started).Seconds(), 1e-3)
	p.bar.Describe(fmt.Sprintf("%s lines, %s/s, %d findings", Count(s.Lines), Count(int64(perSecond)), s.Findings))
	// What cannot be drawn is not worth ending the work for.
	_ = p.bar.Set64(s.Bytes)
}

// Stop ends drawing and clears the line.
func (p *Progress) Stop() {
	close(p.stop)
	p.stopped.Wait()
	_ = p.bar.Clear() // as above
}

// Count writes a number in a few characters: 950, 12.3k, 4.56M.
func Count(n int64) string {
	switch {
	case n < 10_000:
		return fmt.Sprint(n)
	case n < 1_000_000:
		return fmt.Sprintf("%.1fk", float64(n)/1e3)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.2fM", float64(n)/1e6)
	default:
		return fmt.Sprintf("%.2fG", float64(n)/1e9)
	}
}
