package scan

import (
	"bytes"
	"context"
	"errors"
	"math"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/envelope"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
	"gatewatch/internal/logfile"
)

const (
	// maxRecord is the longest record: an envelope around a batch of lines may be as long, a line may not.
	maxRecord = envelope.MaxInflated
	// headBytes is how much of a file is looked at to see when it begins.
	headBytes = 64 << 10
	// headEvents is how many of its events.
	headEvents = 64
	// tellEvery is after how many lines progress is told.
	tellEvery = 1 << 10
)

// stream is one source being read. It hands its events to the scan in the order of its lines, and waits where another
// stream's are due first.
type stream struct {
	scan   *Scan
	source *logfile.Source
	index  int
	// site is the service of events that name neither service nor host: "" where all sources are of one log.
	site string
	pace pace

	// due is the time of the event that the stream waits with; limit is the earliest time that any other waits with.
	due, limit int64
	// wait lets the other streams run; nil when there is none. It returns false when the scan is over.
	wait func() bool

	decoder *accesslog.Decoder
	number  int64 // of the line being read
	told    int64 // bytes that progress knows of
	over    bool
	err     error
}

// run reads the source to its end.
func (st *stream) run(ctx context.Context, wait func() bool) {
	st.wait = wait
	decoder, err := st.scan.decoder()
	if err != nil {
		st.err = err
		return
	}
	st.decoder = decoder
	lines, err := st.source.Open(ctx, maxRecord)
	if err != nil {
		st.err = err
		return
	}
	decoder.Origin = event.Origin{Topic: st.source.Name}
	for !st.over && lines.Next() {
		st.number = lines.Number()
		if lines.Cut() {
			// What is left of a line looks whole at times, and is not.
			st.scan.result.Rejected[format.Truncated]++
			st.scan.reject(st, format.Truncated, lines.Line())
			break
		}
		decoder.Origin.Offset = st.number
		decoder.Decode(lines.Line(), st)
		if st.number%tellEvery == 0 {
			st.tell(tellEvery, lines)
		}
	}
	st.tell(st.number%tellEvery, lines)
	st.err = errors.Join(lines.Err(), lines.Close())
	st.scan.count(decoder.Stats(), st.number, lines.Read())
	st.decoder = nil
}

func (st *stream) tell(lines int64, from *logfile.Lines) {
	p := &st.scan.Progress
	p.Lines.Add(lines)
	read := from.Read()
	p.Bytes.Add(read - st.told)
	st.told = read
	p.Findings.Store(int64(st.scan.engine.Counts().Findings + st.scan.second.Counts().Findings))
}

// Event implements accesslog.Sink.
func (st *stream) Event(e *event.Event) {
	if at := st.pace.at(e.Time); at > st.limit && st.wait != nil && !st.over {
		st.due = at
		st.over = !st.wait()
	}
	if e.Host == "" && e.Service == "" {
		e.Service = st.site
	}
	if !st.over {
		st.scan.event(e)
	}
}

// Reject implements accesslog.Sink.
func (st *stream) Reject(reason format.Reason, line []byte) { st.scan.reject(st, reason, line) }

// peek finds out when the source begins: at the earliest of its first events, because one of them may have a wrong
// clock. A source that does not tell begins at once.
func (st *stream) peek() {
	st.due = math.MinInt64
	head, err := st.source.Head(headBytes)
	if err != nil {
		return // opening it again tells the same
	}
	decoder, err := st.scan.decoder()
	if err != nil {
		return
	}
	first := earliest{at: math.MaxInt64}
	for line := range bytes.Lines(head) {
		if first.events >= headEvents {
			break
		}
		decoder.Decode(bytes.TrimSuffix(line, []byte("\n")), &first)
	}
	if first.events > 0 {
		st.due = first.at
		st.pace.start(first.at)
	}
}

// earliest is a sink that remembers the earliest time.
type earliest struct {
	at     int64
	events int
}

// Event implements accesslog.Sink.
func (s *earliest) Event(e *event.Event) {
	s.at = min(s.at, e.Time)
	s.events++
}

// Reject implements accesslog.Sink.
func (s *earliest) Reject(format.Reason, []byte) {}

var _, _ accesslog.Sink = (*stream)(nil), (*earliest)(nil)
