// Package playback plays the recordings as one stream of lines: in the order of their time over all logs, each with the
// service that wrote it, and moved in time where a test or a demonstration wants them to be of now.
package playback

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
	"gatewatch/internal/logfile"
)

// Line is one line of a log.
type Line struct {
	Log     string // the file's name
	Service string // what wrote it: the name that the parts of the log have in common
	At      time.Time
	Text    []byte // without the line end
}

// Load reads the logs (*.log) of a directory. Lines of one log keep their order; among those of one time, logs go by name.
func Load(dir string) ([]Line, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.log"))
	if err != nil || len(files) == 0 {
		return nil, errors.Join(fmt.Errorf("no *.log in %s", dir), err)
	}
	var all []Line
	for _, file := range files {
		lines, err := read(file)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	slices.SortStableFunc(all, func(a, b Line) int { return a.At.Compare(b.At) })
	return all, nil
}

func read(file string) ([]Line, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading recording: %w", err)
	}
	decoder, err := accesslog.New(accesslog.Config{})
	if err != nil {
		return nil, err
	}
	var (
		lines []Line
		clock clock
	)
	for scan := bufio.NewScanner(bytes.NewReader(b)); scan.Scan(); {
		clock.decoded = false
		decoder.Decode(scan.Bytes(), &clock)
		if !clock.decoded {
			return nil, fmt.Errorf("%s: line %d is no event: %.80q", file, len(lines)+1, scan.Bytes())
		}
		// A log is written in the order of answers; a line is not due before the one above it.
		at := clock.at
		if n := len(lines); n > 0 && at.Before(lines[n-1].At) {
			at = lines[n-1].At
		}
		lines = append(lines, Line{
			Log: filepath.Base(file), Service: logfile.Series(file), At: at, Text: bytes.Clone(scan.Bytes()),
		})
	}
	return lines, nil
}

// clock is the time of the line decoded last.
type clock struct {
	at      time.Time
	decoded bool
}

// Event implements accesslog.Sink.
func (c *clock) Event(e *event.Event) { c.at, c.decoded = e.When(), true }

// Reject implements accesslog.Sink.
func (c *clock) Reject(format.Reason, []byte) {}

// Wrapped is the line as a Kubernetes log shipper sends it, with its service as the container's name.
func (l *Line) Wrapped() ([]byte, error) {
	type kubernetes struct {
		Container string `json:"container_name"`
	}
	b, err := json.Marshal(struct {
		Log        string     `json:"log"`
		Kubernetes kubernetes `json:"kubernetes"`
	}{string(l.Text), kubernetes{l.Service}})
	if err != nil {
		return nil, fmt.Errorf("wrapping line: %w", err)
	}
	return b, nil
}

// Span is the time from the first line to the last.
func Span(lines []Line) (from, to time.Time) {
	byTime := func(a, b Line) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) }
	return slices.MinFunc(lines, byTime).At, slices.MaxFunc(lines, byTime).At
}
