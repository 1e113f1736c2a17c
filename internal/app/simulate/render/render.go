// Package render writes simulated requests as lines of access logs.
package render

import (
	"fmt"
	"strconv"
	"time"

	"gatewatch/internal/app/simulate/site"
)

// Names are the formats that New knows.
func Names() []string { return []string{"nginx-json", "combined"} }

// Format writes requests as lines.
type Format interface {
	Append(b []byte, q *site.Request) []byte
}

// New is the format of a name; times are written in the zone.
func New(name string, zone *time.Location) (Format, error) {
	c := clock{zone: zone}
	switch name {
	case "nginx-json":
		c.layout = "2006-01-02T15:04:05-07:00"
		return &nginxJSON{clock: c}, nil
	case "combined":
		c.layout = "02/Jan/2006:15:04:05 -0700"
		return &combined{clock: c}, nil
	default:
		return nil, fmt.Errorf("format %q: want one of %v", name, Names())
	}
}

// clock writes times; it keeps the last second, in which most of the next requests are too.
type clock struct {
	zone   *time.Location
	layout string
	second int64
	text   []byte
}

func (c *clock) append(b []byte, at int64) []byte {
	if second := at / 1e9; second != c.second || c.text == nil {
		c.second = second
		c.text = time.Unix(second, 0).In(c.zone).AppendFormat(c.text[:0], c.layout)
	}
	return append(b, c.text...)
}

const digits = "0123456789abcdef"

func appendHex(b []byte, x uint64) []byte {
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, digits[x>>shift&15])
	}
	return b
}

// appendThousandths appends n/1000 with three decimals.
func appendThousandths(b []byte, n int64) []byte {
	b = strconv.AppendInt(b, n/1000, 10)
	n %= 1000
	return append(b, '.', byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10))
}

// headerBytes is about how many bytes the headers of an answer take, and requestBytes those of a request.
const (
	headerBytes  = 342
	requestBytes = 385
)

func bytesIn(q *site.Request) int64 {
	n := requestBytes + len(q.Path) + len(q.Query) + len(q.Referer) + len(q.From.Agent.Name)
	if q.Bearer != 0 {
		n += 60
	}
	return int64(n) + q.In
}
