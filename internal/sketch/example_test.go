package sketch_test

import (
	"fmt"
	"time"

	"gatewatch/internal/sketch"
)

func ExampleCardinality() {
	key := sketch.Key([]byte("a secret of ours")) // 16 bytes from the configuration
	clients := sketch.NewCardinality(key, 12)
	for i := range 250 {
		clients.AddString(fmt.Sprintf("192.0.2.%d", i))
		clients.AddString("192.0.2.7")
	}
	fmt.Println(clients.Count(), clients.Error(), key)
	// Output: 250 0 <secret>
}

func ExampleQuantiles() {
	var latency sketch.Quantiles[sketch.Coarse]
	for ms := range uint64(1000) {
		latency.Add(ms * 1000) // µs
	}
	fmt.Printf("median %.0f ms, p99 %.0f ms, within %.1f %%; %.1f %% above 900 ms\n",
		latency.Quantile(0.5)/1000, latency.Quantile(0.99)/1000, 100*latency.Error(), 100*latency.Above(900_000))
	// Output: median 500 ms, p99 999 ms, within 3.0 %; 8.2 % above 900 ms
}

func ExampleNovelty() {
	key := sketch.Key([]byte("a secret of ours"))
	const day, hour = int64(24 * time.Hour), int64(time.Hour)
	var objects sketch.Novelty[sketch.SmallFilter]
	for at := range int64(19) {
		for order := range uint64(3) {
			objects.Add(at*hour, day, hour, key.SumNumber(order)) // the same three, all day long
		}
	}
	fmt.Println(objects.Count(19*hour, hour))
	for order := range uint64(10) { // and then ten others
		objects.Add(19*hour, day, hour, key.SumNumber(100+order))
	}
	fmt.Println(objects.Count(19*hour, hour))
	// Output:
	// 0
	// 10
}
