package tail

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"
)

// linger is how long a file that was rotated away or deleted must not have grown before it is done with: servers write
// on to the old file until they are told to open the new one.
const linger = 5 * time.Second

// tick is more than the times of any file system are apart: within it, a file may have been emptied and filled to the same
// size without a sign.
const tick = 2 * time.Second

// advance hands over what a file has to give; more tells that there is more at once.
func (t *Tailer) advance(ctx context.Context, f *file) (more bool, err error) {
	f.settle()
	if f.inFlight || f.ignored || f.waits() {
		return false, nil
	}
	if !t.ready(f) {
		t.lose(f)
		return false, nil
	}
	if f.topic == "" && !t.identify(f) {
		f.atEnd = true
		t.finish(f)
		return false, nil
	}
	n, _ := f.handle.ReadAt(t.buffer, f.read) // an error means that there is less than the buffer holds
	final := !f.gone.IsZero() && int64(n) == f.size-f.read && t.now.Sub(later(f.gone, f.grown)) > t.linger
	s := splitter{lines: t.lines[:0], at: f.read, skip: f.skip, limit: t.cfg.MaxLine}
	s.split(t.buffer[:n], final)
	t.lines = s.lines
	t.metrics.cut.Add(float64(s.cut))
	f.atEnd = n < len(t.buffer)
	if s.at == f.read {
		t.finish(f)
		return false, nil
	}
	f.grown = t.now
	t.metrics.bytes.Add(float64(s.at - f.read))
	f.read, f.skip = s.at, s.skip
	f.remember(t.head[:])
	return t.hand(ctx, f)
}

// hand hands over the lines just read.
func (t *Tailer) hand(ctx context.Context, f *file) (more bool, err error) {
	if len(t.lines) == 0 { // blank lines, or the inside of an overlong one
		f.safe, f.safeSkip = f.read, f.skip
		return true, nil
	}
	t.metrics.lines.Add(float64(len(t.lines)))
	f.done.Store(false)
	f.inFlight = true
	err = t.sink.Take(ctx, Batch{Topic: f.topic, Path: f.path, Lines: t.lines}, func() {
		f.done.Store(true)
		t.acked()
	})
	if err != nil {
		f.inFlight = false // and never safe: it is read again
		return false, fmt.Errorf("handing over lines of %s: %w", f.path, err)
	}
	return false, nil // the acknowledgement wakes
}

// ready opens the file if it has to be, learns its size, and notices that it was emptied.
func (t *Tailer) ready(f *file) bool {
	if f.handle == nil && !t.reopen(f) {
		return false
	}
	info, err := f.handle.Stat()
	if err != nil {
		t.complain(f.path, "log file cannot be read", err)
		t.shut(f)
		return false
	}
	f.size = info.Size()
	quiet := info.ModTime().Equal(f.modified) && t.now.Sub(f.modified) > tick
	f.modified = info.ModTime()
	if f.topic == "" || f.size == f.read && quiet {
		return true
	}
	if f.size < f.read || !f.begun(t.head[:]) {
		t.log.Info("log file was emptied and begins anew", "path", f.path, "read", f.read, "size", f.size)
		t.metrics.rotations.WithLabelValues("truncate").Inc()
		f.restart()
	}
	return true
}

// reopen opens a file that was closed because there were too many, or that was just found.
func (t *Tailer) reopen(f *file) bool {
	if f.topic != "" && f.size == f.read && f.gone.IsZero() {
		return false // nothing new, as far as the last look at all paths told
	}
	if t.open >= t.cfg.MaxOpen && !t.makeRoom() {
		t.complain(f.path, "too many log files are open at a time", nil)
		return false
	}
	h, err := os.Open(f.real)
	if err != nil {
		t.complain(f.path, "log file cannot be read", err)
		return false
	}
	info, err := h.Stat()
	if err != nil || !isKey(info, f.key) { // another file has come to this path; it is found as one of its own
		_ = h.Close()
		return false
	}
	f.handle = h
	t.open++
	return true
}

// makeRoom closes the file that has not grown for longest and can be found again.
func (t *Tailer) makeRoom() bool {
	var idle *file
	for _, f := range t.files {
		if f.handle != nil && f.gone.IsZero() && f.atEnd && !f.inFlight && (idle == nil || f.grown.Before(idle.grown)) {
			idle = f
		}
	}
	if idle == nil {
		return false
	}
	t.shut(idle)
	return true
}

// identify names a file by its first line.
func (t *Tailer) identify(f *file) bool {
	n, _ := f.handle.ReadAt(t.head[:8], 0)
	if isCompressed(t.head[:n]) {
		f.ignored = true
		t.complain(f.path, "compressed file is not followed", nil)
		t.shut(f)
		return false
	}
	if !f.anew && t.saved.resume(f, t.head[:]) {
		t.log.Info("following log file where it was left", "path", f.path, "source", f.topic, "offset", f.read)
		return true
	}
	if !f.identify(t.head[:]) {
		return false
	}
	t.log.Info("following log file", "path", f.path, "source", f.topic)
	return true
}

// finish is done with a file that no path leads to any more and that has been read to its end.
func (t *Tailer) finish(f *file) {
	if f.gone.IsZero() || !f.atEnd || f.inFlight || t.now.Sub(later(f.gone, f.grown)) <= t.linger {
		return
	}
	t.forget(f)
	t.log.Info("done with log file that was moved or deleted", "path", f.path, "source", f.topic, "offset", f.read)
}

// lose is done with a file that no path leads to any more and that cannot be opened.
func (t *Tailer) lose(f *file) {
	if f.gone.IsZero() || f.handle != nil {
		return
	}
	t.forget(f)
	if f.read < f.size {
		t.log.Warn("log file was moved or deleted before it was read to its end",
			"path", f.path, "source", f.topic, "offset", f.read, "size", f.size)
	}
}

// forget closes a file and keeps its position only.
func (t *Tailer) forget(f *file) {
	t.shut(f)
	t.saved.put(f, t.now)
	delete(t.files, f.key)
}

func (t *Tailer) shut(f *file) {
	if f.handle != nil {
		_ = f.handle.Close() // read only: nothing can be lost
		f.handle = nil
		t.open--
	}
}

// complain logs once about a path, until it is well again.
func (t *Tailer) complain(path, what string, err error) {
	t.metrics.troubles.Inc()
	if t.warned[path] {
		return
	}
	t.warned[path] = true
	t.log.Warn("log file is not followed", "path", path, "reason", what, "err", err)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// splitter takes lines out of what was read.
type splitter struct {
	lines []Line
	at    int64 // offset of what is left
	skip  bool
	limit int
	cut   int
}

// split takes the whole lines; a last one without its end waits for it unless nothing will come any more.
func (s *splitter) split(b []byte, final bool) {
	for len(b) > 0 {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			s.rest(b, final)
			return
		}
		if !s.skip {
			s.add(b[:i])
		}
		s.skip = false
		s.at += int64(i + 1)
		b = b[i+1:]
	}
}

func (s *splitter) rest(b []byte, final bool) {
	switch {
	case s.skip:
	case len(b) > s.limit:
		s.add(b)
		s.skip = true
	case final:
		s.add(b)
	default:
		return
	}
	s.at += int64(len(b))
}

// add adds a line, the beginning of an overlong one; one byte too many tells that it is.
func (s *splitter) add(line []byte) {
	if len(line) == 0 {
		return
	}
	if len(line) > s.limit {
		line = line[:s.limit+1]
		s.cut++
	}
	s.lines = append(s.lines, Line{Offset: s.at, Data: line})
}
