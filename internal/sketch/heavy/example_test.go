package heavy_test

import (
	"fmt"
	"time"

	"gatewatch/internal/sketch"
	"gatewatch/internal/sketch/heavy"
)

func ExampleRanking() {
	key := sketch.Key([]byte("a secret of ours"))
	// Of whatever number of clients the ten that were sent the most bytes, with a half-life of an hour.
	r := heavy.NewRanking(key, 10, int64(time.Hour))
	for i := range 5000 {
		at := int64(i) * int64(time.Second)
		r.Add(at, fmt.Sprintf("client %d", i), 100)
		r.Add(at, "exporter", 300)
	}
	low, high := r.Share("exporter")
	fmt.Printf("%s has between %.0f and %.0f %% of the bytes\n", r.Top(5000*int64(time.Second), 1)[0].Name, 100*low, 100*high)
	// Output: exporter has between 75 and 75 % of the bytes
}
