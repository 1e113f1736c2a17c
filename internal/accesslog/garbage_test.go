package accesslog

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
)

// garbage makes lines that no gateway writes, or that one wrote and something broke.
type garbage struct {
	*rand.Rand
	good [][]byte
}

func (g garbage) line() []byte {
	switch g.IntN(12) {
	case 0:
		return g.bytes(g.IntN(300))
	case 1: // TLS bytes
		return append([]byte{0x16, 0x03, 0x01}, g.bytes(200)...)
	case 2: // cut off
		line := g.pick()
		return line[:g.IntN(len(line))]
	case 3: // a byte changed into one that breaks every format: a NUL inside
		line := bytes.Clone(g.pick())
		line[g.IntN(len(line)/2)] = 0
		return line
	case 4:
		return []byte(strings.Repeat(`{"a":[`, 1+g.IntN(2000)))
	case 5:
		return []byte(strings.Repeat(`[`, 1+g.IntN(20000)))
	case 6: // half of a surrogate pair
		return []byte(`{"message":"\ud800\udc` + fmt.Sprint(g.IntN(10)))
	case 7:
		return []byte(`{"time_iso8601":"2026-10-10T13:55:36Z","remote_addr":"203.0.113.9","request":"GET / HTTP/1.1","status":"200","request_time":NaN}`)
	case 8: // 1970
		return []byte(strings.Replace(combinedLine, "2026", "1970", 1))
	case 9: // a quarter of a megabyte and more
		if g.IntN(20) > 0 {
			return []byte("-")
		}
		return bytes.Repeat([]byte{"x{[\" "[g.IntN(5)], 'y'}, 500_000)
	case 10: // an envelope of garbage
		return inJSON(`{"message":%s}`)(g.bytes(g.IntN(100)))
	default:
		return append([]byte("2026-10-10T13:55:40Z stdout F "), g.bytes(40)...)
	}
}

func (g garbage) pick() []byte { return g.good[g.IntN(len(g.good))] }

func (g garbage) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		if b[i] = byte(g.Uint32()); b[i] == '\n' {
			b[i] = 0xff
		}
	}
	return b
}

// TestGarbageChangesNothing mixes garbage into good lines: the good lines' events must stay what they are.
func TestGarbageChangesNothing(t *testing.T) {
	var good [][]byte
	for _, s := range samples(t, "*.txtar") {
		if !bytes.HasPrefix(s.input, []byte("#")) && !strings.HasPrefix(s.name, "envelope-") {
			good = append(good, lines(s.input)...)
		}
	}
	const total = 11_000
	g := garbage{rand.New(rand.NewPCG(1, 2)), good}
	alone, mixed := newDecoder(t, Config{}), newDecoder(t, Config{})
	var want, got [][]byte
	keep := func(to *[][]byte) sinkFunc {
		return func(e *event.Event) {
			e.Origin = event.Origin{}
			*to = append(*to, e.AppendJSON(nil))
		}
	}
	bad := uint64(0)
	for i := range total {
		line := g.line()
		before := mixed.Stats()
		mixed.Decode(line, keep(&got))
		if after := mixed.Stats(); after.Events != before.Events {
			// Cut off behind its last field, or within a user agent, a line may still be one.
			got = got[:len(want)]
		} else {
			bad++
		}
		if i%10 == 0 {
			line := g.pick()
			alone.Decode(line, keep(&want))
			mixed.Decode(line, keep(&got))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events among garbage (-alone +mixed):\n%s", diff)
	}
	if bad < total*9/10 {
		t.Errorf("only %d of %d lines were garbage", bad, total)
	}
	checkCounts(t, mixed)
	if s := mixed.Stats(); s.Records != total+total/10 {
		t.Errorf("%d records counted, want %d", s.Records, total+total/10)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range samples(f, "*.txtar") {
		f.Add(s.input)
	}
	for _, w := range wrappers {
		f.Add(w.wrap([]byte(combinedLine)))
	}
	f.Add([]byte(strings.Repeat("[", 100)))
	f.Fuzz(func(t *testing.T, record []byte) {
		input := bytes.Clone(record)
		d := newDecoder(t, Config{MaxLine: 4096})
		var first, again []string
		write := func(to *[]string) sinkFunc {
			return func(e *event.Event) {
				if e.Time < event.Earliest || len(e.Unmapped) > event.MaxUnmapped {
					t.Fatalf("time %d, %d unmapped fields", e.Time, len(e.Unmapped))
				}
				// Envoy's default has no peer, and X-Forwarded-For not always.
				if !e.Client.IsValid() && e.ClientHost == "" && !slices.ContainsFunc(d.formats, isEnvoy) {
					t.Fatalf("nobody made the request: %s", e.AppendJSON(nil))
				}
				e.Origin = event.Origin{}
				*to = append(*to, string(e.AppendJSON(nil)))
			}
		}
		d.Decode(record, write(&first))
		checkCounts(t, d)
		if !bytes.Equal(record, input) {
			t.Fatal("the record was written to")
		}
		d.Decode([]byte(combinedLine), drop)
		if s := d.Stats(); s.Formats["combined"] == 0 {
			t.Fatalf("after %q a good line is not read", input)
		}
		if bytes.Contains(record, []byte("#")) || bytes.Contains(record, []byte(" P")) {
			return // header lines and partial lines change what follows, and are meant to
		}
		d.Decode(record, write(&again))
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatalf("read twice (-first +again):\n%s", diff)
		}
	})
}

func isEnvoy(c candidate) bool { return c.Name == "envoy" && c.parser != nil }

func BenchmarkDecode(b *testing.B) {
	nginx := `{"time_iso8601":"2026-10-10T13:55:36+00:00","remote_addr":"203.0.113.9","remote_user":"-","request_method":"GET",` +
		`"request_uri":"/api/v1/orders/123456/items?page=7&sort=created_at","server_protocol":"HTTP/1.1","status":"200","body_bytes_sent":"2326",` +
		`"request_length":"512","request_time":"0.012","upstream_response_time":"0.011","http_referer":"https://shop.example.com/catalog",` +
		`"http_user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0","http_host":"shop.example.com","scheme":"https"}`
	for _, bb := range []struct {
		name string
		line []byte
	}{
		{"combined", []byte(combinedLine)},
		{"combined-plus", []byte(combinedLine + " rt=0.003")},
		{"nginx-json", []byte(nginx)},
		{"combined in Docker", wrapped("Docker")},
		{"combined in Filebeat", wrapped("Filebeat")},
		{"combined in syslog", wrapped("rsyslog file")},
		{"combined in OTLP", wrapped("OTLP")},
		{"words", []byte("the quick brown fox jumps over the lazy dog and runs away from it as fast as it can before dawn")},
		{"another JSON", []byte(`{"level":"info","time":"2026-10-10T13:55:36Z","logger":"app","msg":"the quick brown fox","n":7,"ok":true}`)},
		{"long garbage", bytes.Repeat([]byte("x y "), 16<<10)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			d := newDecoder(b, Config{})
			d.Decode([]byte(combinedLine), drop)
			b.SetBytes(int64(len(bb.line)))
			b.ReportAllocs()
			for b.Loop() {
				d.Decode(bb.line, drop)
			}
		})
	}
}

func wrapped(name string) []byte {
	for _, w := range wrappers {
		if w.name == name {
			return w.wrap([]byte(combinedLine))
		}
	}
	panic("no envelope " + name)
}
