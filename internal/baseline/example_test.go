package baseline_test

import (
	"fmt"
	"time"

	"gatewatch/internal/baseline"
)

// A service learns its clients' requests per hour: the season, what peers do, and each client; and holds one that sends
// a hundred times what it did against all of it.
func Example() {
	counts := baseline.Counts{Memory: baseline.DefaultMemory()}
	group, season := baseline.DefaultGroup(), baseline.DefaultSeason()
	hours := baseline.NewHours(time.UTC, nil)
	budget, floor := baseline.DefaultBudget(), baseline.Floor{Least: 200, Ratio: 3}

	var (
		peers   baseline.Peers
		week    baseline.Profile
		meter   baseline.Meter
		clients [20]baseline.Past
	)
	at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for range 3 * 7 * 24 {
		at = at.Add(time.Hour)
		// The window that ends now is of the hour before.
		slot := hours.Slot(at.UnixNano() - 1)
		prior := group.Prior(&peers)
		total := 0.0
		for i := range clients {
			count := float64(i + i*at.Hour()/12)
			law := counts.Law(&clients[i], &prior, baseline.Slow, baseline.Span{Time: at.UnixNano(), Exposure: week.Factor(slot)})
			budget.Count(&meter, at.UnixNano(), law.Surprise(count))
			sample := counts.Learn(&clients[i], &prior, baseline.Window{Time: at.UnixNano(), Exposure: week.Factor(slot), Count: count})
			group.Learn(&peers, sample)
			total += count
		}
		season.Learn(&week, baseline.Hour{Slot: slot, Time: at.UnixNano() - 1, Hours: 1, Count: total})
	}

	prior, threshold := group.Prior(&peers), budget.Threshold(&meter)
	exposure := week.Factor(hours.Slot(at.UnixNano()))
	law := counts.Law(&clients[7], &prior, baseline.Slow, baseline.Span{Time: at.UnixNano(), Exposure: exposure})
	for _, count := range []float64{9, 90, 900} {
		// Cheap questions first: most windows are answered by one of them.
		if !floor.Clears(count, law.Mean) || law.Below(count, threshold) {
			fmt.Printf("%g requests are nothing to talk about\n", count)
			continue
		}
		if law.Surprise(count) >= threshold {
			fmt.Printf("%g requests are a finding\n", count)
		}
	}
	// Output:
	// 9 requests are nothing to talk about
	// 90 requests are nothing to talk about
	// 900 requests are a finding
}
