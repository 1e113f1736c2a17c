package stream

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"gatewatch/test/pipeline"
	"gatewatch/test/playback"
)

// BenchmarkLatency is the time from the shipper's produce to the webhook's request, through all three services, while
// LATENCY_RATE events a second (10 000) go by for LATENCY_SECONDS (20). Every 50 ms a client that was never seen before
// calls itself sqlmap, which is a finding at its first request.
func BenchmarkLatency(b *testing.B) {
	rate, seconds := setting(b, "LATENCY_RATE", 10_000), setting(b, "LATENCY_SECONDS", 20)
	p := pipeline.New(b, pipeline.Options{
		Binaries: binaries, Partitions: 2, MinSeverity: "low", MaxWait: time.Second, Checkpoint: 10 * time.Second,
	})
	p.StartAll()
	background := log(b, rate*seconds)
	// A broker that has just started compiles its code while it serves, for some seconds and on every processor.
	p.Send(background[:min(8*rate, len(background))], rate)
	for b.Loop() {
		sent := map[netip.Addr]time.Time{}
		every := max(rate/20, 1)
		i := 0
		p.Stream(rate, rate*seconds, func() []byte {
			defer func() { i++ }()
			now := time.Now()
			if i%every == every/2 {
				client := prober(i / every)
				sent[client] = now
				return fmt.Appendf(nil, `%s - - [%s] "GET /api/v1/items?q=1 HTTP/1.1" 200 512 "-" "sqlmap/1.8.2#stable (https://sqlmap.org)"`,
					client, now.UTC().Format("02/Jan/2006:15:04:05 -0700"))
			}
			return playback.Stamped(background[i], now)
		})
		report(b, p, sent)
	}
}

// prober is the address of the n-th client of that kind, of the network for benchmarks of IPv6 (RFC 5180).
func prober(n int) netip.Addr {
	return netip.AddrFrom16([16]byte{0x20, 0x01, 0, 0x02, 0, 0, byte(n >> 8), byte(n), 15: 1})
}

func report(b *testing.B, p *pipeline.Pipeline, sent map[netip.Addr]time.Time) {
	b.Helper()
	took := make([]time.Duration, 0, len(sent))
	p.Until(30*time.Second, "every prober was told of", func() (bool, string) {
		took = took[:0]
		for client, at := range sent {
			told, ok := p.Receiver.Tells(netip.PrefixFrom(client, 64).Masked().String())
			if !ok {
				return false, client.String()
			}
			took = append(took, told.Sub(at))
		}
		return true, ""
	})
	slices.Sort(took)
	for _, q := range []struct {
		name string
		at   float64
	}{{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"max", 1}} {
		at := took[min(int(q.at*float64(len(took))), len(took)-1)]
		b.ReportMetric(float64(at.Microseconds())/1000, q.name+"-ms")
	}
	b.ReportMetric(float64(len(took)), "alerts")
	b.ReportMetric(0, "ns/op")
}
