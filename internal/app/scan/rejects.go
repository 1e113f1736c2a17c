package scan

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
)

// rejects writes rejected lines as JSON Lines: source, line, reason, length, and the line as text, or as base64 where it
// is not UTF-8.
type rejects struct {
	w   *bufio.Writer
	buf []byte
	err error
}

// maxReject is how much of a rejected line is written, in bytes; its length is always told.
const maxReject = 64 << 10

func newRejects(w io.Writer) *rejects { return &rejects{w: bufio.NewWriterSize(w, 64<<10)} }

func (r *rejects) write(source string, number int64, reason format.Reason, line []byte) {
	if r.err != nil {
		return
	}
	b := event.AppendJSONString(append(r.buf[:0], `{"source":`...), source)
	b = strconv.AppendInt(append(b, `,"line":`...), number, 10)
	b = event.AppendJSONString(append(b, `,"reason":`...), reason.String())
	b = strconv.AppendInt(append(b, `,"length":`...), int64(len(line)), 10)
	line = line[:min(len(line), maxReject)]
	if utf8.Valid(line) {
		b = event.AppendJSONString(append(b, `,"text":`...), string(line))
	} else {
		b = append(b, `,"base64":"`...)
		b = append(base64.StdEncoding.AppendEncode(b, line), '"')
	}
	r.buf = append(b, "}\n"...)
	_, r.err = r.w.Write(r.buf)
}

func (r *rejects) close() error {
	if r.err == nil {
		r.err = r.w.Flush()
	}
	if r.err != nil {
		return fmt.Errorf("writing rejected lines: %w", r.err)
	}
	return nil
}
