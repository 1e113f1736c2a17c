package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
	"gatewatch/internal/logfile"
)

// idle ends a visit: the usual thirty minutes of web analytics.
const idle = 30 * time.Minute

// shape is what is measured of one log.
type shape struct {
	name     string
	events   int
	rejected int
	from, to int64
	gaps     []float64 // seconds between requests of one client
	visits   []float64 // requests of a visit
	lasts    []float64 // seconds of a visit
	sizes    []float64 // bytes of a body
	status   [statuses]int
	hours    [24]int

	marks [marks]int
	all   int // that marks are counted in: programs among them

	of      sample
	clients map[client]*open
}

// sample is the part of a log that is looked at.
type sample struct {
	browsers bool // only
	minute   int  // of every hour, or everyMinute
}

const everyMinute = -1

// The marks that requests have whoever makes them.
const (
	byRobot = iota
	byNobody
	forRobots
	forIcon
	head
	post
	ofPart
	moved
	marks
)

var markNames = [marks]string{
	"named as a robot", "without an agent", "robots.txt", "favicon.ico", "HEAD", "POST", "206", "301",
}

// mark counts the marks of a request.
func (s *shape) mark(e *event.Event) {
	s.all++
	for i, so := range [marks]bool{
		robot(e.UserAgent), e.UserAgent == "", e.Path == "/robots.txt", strings.HasSuffix(e.Path, "favicon.ico"),
		e.Method == "HEAD", e.Method == "POST", e.Status == 206, e.Status == 301,
	} {
		if so {
			s.marks[i]++
		}
	}
}

// client is who makes requests, as far as a log tells: people behind one address differ by their browsers.
type client struct {
	network, agent string
}

// open is a visit that may go on.
type open struct {
	begin, last int64
	requests    int
}

// The classes of status.
const (
	okay = iota
	notModified
	redirect
	denied
	missing
	otherClient
	server
	statuses
)

var statusNames = [statuses]string{"2xx", "304", "3xx", "401, 403", "404", "other 4xx", "5xx"}

func classOf(status int32) int {
	switch {
	case status < 300:
		return okay
	case status == 304:
		return notModified
	case status < 400:
		return redirect
	case status == 401, status == 403:
		return denied
	case status == 404:
		return missing
	case status < 500:
		return otherClient
	default:
		return server
	}
}

// measure reads a log.
func (s *shape) measure(ctx context.Context, path string) error {
	d, err := accesslog.New(accesslog.Config{})
	if err != nil {
		return fmt.Errorf("making decoder: %w", err)
	}
	sources, err := logfile.Expand([]string{path}, nil)
	if err != nil {
		return fmt.Errorf("finding %s: %w", path, err)
	}
	for _, src := range sources {
		lines, err := src.Open(ctx, accesslog.DefaultMaxLine)
		if err != nil {
			return fmt.Errorf("opening %s: %w", path, err)
		}
		for lines.Next() {
			d.Decode(lines.Line(), s)
		}
		if err := lines.Err(); err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
		if err := lines.Close(); err != nil {
			return fmt.Errorf("closing %s: %w", path, err)
		}
	}
	if s.events == 0 {
		return fmt.Errorf("%s holds no requests", path)
	}
	s.finish()
	return nil
}

// Event implements accesslog.Sink.
func (s *shape) Event(e *event.Event) {
	if s.of.minute != everyMinute && e.When().Minute() != s.of.minute {
		return
	}
	s.mark(e)
	if s.of.browsers && !browser(e.UserAgent) {
		return
	}
	if s.events == 0 {
		s.from = e.Time
	}
	s.events++
	s.to = max(s.to, e.Time)
	s.status[classOf(e.Status)]++
	s.hours[e.When().Hour()]++
	if size, ok := e.Size(); ok && e.Status < 300 && size > 0 {
		s.sizes = append(s.sizes, float64(size))
	}
	network, _ := e.Entity(event.KindNetwork)
	key := client{network.Value, e.UserAgent}
	v := s.clients[key]
	if v == nil {
		key.agent = string(append([]byte(nil), key.agent...)) // the event's texts are gone with the line
		v = &open{begin: e.Time, last: e.Time}
		s.clients[key] = v
	}
	if gap := e.Time - v.last; v.requests > 0 && gap >= 0 {
		s.gaps = append(s.gaps, max(float64(gap)/1e9, shortest))
		if gap > int64(idle) {
			s.close(v)
			*v = open{begin: e.Time}
		}
	}
	v.last = e.Time
	v.requests++
}

// browser tells whether an agent names itself as a browser, and not also as something else.
func browser(agent string) bool {
	name := strings.ToLower(agent)
	return (strings.HasPrefix(name, "mozilla/") || strings.HasPrefix(name, "opera/")) && !robot(agent)
}

// robot tells whether an agent says that it is one, or whose.
func robot(agent string) bool {
	agent = strings.ToLower(agent)
	return slices.ContainsFunc([]string{"bot", "crawl", "spider", "+http", "preview", "headless"}, func(word string) bool {
		return strings.Contains(agent, word)
	})
}

// shortest stands for gaps below the resolution of logs that tell no more than milliseconds, or seconds.
const shortest = 1e-3

// Reject implements accesslog.Sink.
func (s *shape) Reject(format.Reason, []byte) { s.rejected++ }

func (s *shape) close(v *open) {
	s.visits = append(s.visits, float64(v.requests))
	s.lasts = append(s.lasts, max(float64(v.last-v.begin)/1e9, shortest))
}

func (s *shape) finish() {
	for _, v := range s.clients {
		s.close(v)
	}
	for _, values := range [][]float64{s.gaps, s.visits, s.lasts, s.sizes} {
		slices.Sort(values)
	}
}

func (s *shape) statuses() []float64 { return shares(s.status[:], s.events) }

func (s *shape) byHour() []float64 { return shares(s.hours[:], s.events) }

func shares(counts []int, of int) []float64 {
	out := make([]float64, len(counts))
	for i, n := range counts {
		out[i] = float64(n) / float64(of)
	}
	return out
}
