// Package tail follows log files: it reads what is appended, through rotation and truncation, and remembers how far it got.
// It hands over lines with the place they are from and knows nothing of what is in them.
package tail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// The defaults of a Config.
const (
	DefaultMaxLine  = 256 << 10
	DefaultMaxOpen  = 512
	DefaultInterval = time.Second
)

// Config says which files are followed.
type Config struct {
	// Files are paths, or patterns of filepath.Match. A link is followed to its file.
	Files []string
	// Dir is the directory in which positions are kept.
	Dir string
	// MaxLine is the longest line, in bytes; of a longer one the first MaxLine+1 are handed over. Default: DefaultMaxLine.
	MaxLine int
	// MaxOpen is how many files are open at a time. Default: DefaultMaxOpen.
	MaxOpen int
	// Interval is how often files are looked for, and looked at where the system does not tell of changes. Default:
	// DefaultInterval.
	Interval time.Duration
	// Log hears of files found, rotated and lost; nil discards.
	Log *slog.Logger
	// Metrics is where the package counts; nil is nowhere.
	Metrics prometheus.Registerer
}

// Validate tells every fault.
func (c Config) Validate() error {
	var errs []error
	for _, p := range c.Files {
		if _, err := filepath.Match(p, ""); err != nil || p == "" {
			errs = append(errs, fmt.Errorf("files: %q is no path and no pattern", p))
		}
	}
	if len(c.Files) > 0 && c.Dir == "" {
		errs = append(errs, errors.New("files: there is no directory to keep positions in"))
	}
	if c.MaxLine < 0 || c.MaxOpen < 0 {
		errs = append(errs, errors.New("files: limits must not be negative"))
	}
	return errors.Join(errs...)
}

// Line is a line of a file.
type Line struct {
	// Offset is that of its first byte in the file.
	Offset int64
	// Data is the line without its line feed.
	Data []byte
}

// Batch is some lines of one file, in order.
type Batch struct {
	// Topic names the file whatever its path is: "file:" and a fingerprint.
	Topic string
	Path  string
	Lines []Line
}

// Sink takes lines to where they are safe.
type Sink interface {
	// Take takes lines over; their memory is the caller's again when it returns. acked is called once, from any goroutine,
	// when all of them are safe. An error ends Run, and acked is not called.
	Take(ctx context.Context, b Batch, acked func()) error
}

// Tailer follows files. Open and Run are one goroutine's; any may ask for Trouble.
type Tailer struct {
	cfg     Config
	sink    Sink
	log     *slog.Logger
	metrics *metrics

	files  map[key]*file
	saved  *positions
	opened bool // saved has been read for the next Run
	buffer []byte
	head   [maxHead]byte // for a look at the beginning of a file
	lines  []Line
	open   int
	linger time.Duration
	grace  time.Duration
	now    time.Time
	wake   chan struct{}
	warned map[string]bool // paths that were complained about

	mu      sync.Mutex // guards trouble
	trouble error      // why positions are not saved
	behind  atomic.Int64
}

// New makes a tailer.
func New(cfg Config, sink Sink) (*Tailer, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.MaxLine == 0 {
		cfg.MaxLine = DefaultMaxLine
	}
	if cfg.MaxOpen == 0 {
		cfg.MaxOpen = DefaultMaxOpen
	}
	if cfg.Interval <= 0 {
		cfg.Interval = DefaultInterval
	}
	t := &Tailer{
		cfg: cfg, sink: sink, log: cfg.Log, metrics: newMetrics(cfg.Metrics), files: map[key]*file{}, linger: linger, grace: settleTime,
		wake: make(chan struct{}, 1), warned: map[string]bool{},
	}
	if t.log == nil {
		t.log = slog.New(slog.DiscardHandler)
	}
	return t, nil
}

const (
	// readSize is how much of a file is handed over at a time.
	readSize = 512 << 10
	// pace is the least time between two looks at all files, however often they are written to.
	pace = 5 * time.Millisecond
	// settleTime is how long the end waits for what was handed over.
	settleTime = 5 * time.Second
)

// Open reads how far files are safe. A Run behind it does not do so again, so that who calls Open may try until it succeeds.
func (t *Tailer) Open() error {
	saved, err := loadPositions(t.cfg.Dir, t.log)
	t.note(err)
	t.saved, t.opened = saved, err == nil
	return err
}

// Trouble tells why the positions in files cannot be read or saved, nil when they can. Any goroutine may call it.
func (t *Tailer) Trouble() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.trouble
}

func (t *Tailer) note(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trouble = err
}

// Behind is how many bytes of the files are not safe yet, as of the last look at them. Any goroutine may call it.
func (t *Tailer) Behind() int64 { return t.behind.Load() }

// Run follows the files until the context ends, and then remembers how far they are safe.
func (t *Tailer) Run(ctx context.Context) error {
	t.buffer = make([]byte, max(readSize, t.cfg.MaxLine+2))
	if !t.opened {
		if err := t.Open(); err != nil {
			return err
		}
	}
	t.opened = false
	clear(t.files) // of a Run before: what was handed over then may never be acknowledged, and is read again
	defer t.closeAll()
	w := newWatch(t.log)
	defer w.close()
	ticker := time.NewTicker(t.cfg.Interval)
	defer ticker.Stop()
	t.now = time.Now()
	t.discover(w)
	t.resumeMoved()
	for ctx.Err() == nil {
		more, err := t.advanceAll(ctx)
		if err != nil {
			if ctx.Err() != nil {
				break
			}
			return errors.Join(err, t.save())
		}
		t.wait(ctx, w, ticker.C, more)
	}
	t.settle(ctx)
	return t.save()
}

// wait waits until there may be something to do.
func (t *Tailer) wait(ctx context.Context, w *watch, tick <-chan time.Time, more bool) {
	if more {
		t.acked() // there is something to do as if something had become safe
	}
	select {
	case <-ctx.Done():
	case now := <-tick:
		t.now = now
		t.discover(w)
		t.saveOrTell(ctx)
	case <-t.wake:
		t.now = time.Now()
	case e, ok := <-w.events():
		t.now = time.Now()
		if !ok || w.heard(e) {
			t.discover(w)
		}
		rest(ctx, pace)
	case err := <-w.errors():
		w.trouble(err)
		t.now = time.Now()
		t.discover(w)
	}
}

// rest gives writers the time to write some more.
func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// advanceAll hands over what each file has to give; more tells that one has more than was handed over.
func (t *Tailer) advanceAll(ctx context.Context) (more bool, err error) {
	behind := int64(0)
	for _, f := range t.files {
		some, err := t.advance(ctx, f)
		if err != nil {
			return false, err
		}
		more = more || some
		behind += max(0, f.size-f.safe)
	}
	t.metrics.behind.Set(float64(behind))
	t.behind.Store(behind)
	t.metrics.open.Set(float64(t.open))
	t.metrics.known.Set(float64(len(t.files)))
	return more, nil
}

// settle waits for what was handed over to be safe, but not for ever.
func (t *Tailer) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.grace)
	defer cancel()
	for {
		pending := false
		for _, f := range t.files {
			f.settle()
			pending = pending || f.inFlight
		}
		if !pending {
			return
		}
		select {
		case <-t.wake:
		case <-ctx.Done():
			return
		}
	}
}

// acked tells that something handed over is safe.
func (t *Tailer) acked() {
	select {
	case t.wake <- struct{}{}:
	default: // it is told already
	}
}

func (t *Tailer) closeAll() {
	for _, f := range t.files {
		t.shut(f)
	}
}
