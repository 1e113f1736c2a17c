package baseline

import (
	"math"
	"testing"
)

// TestPeersAreLearned holds the prior to the levels that clients have, and to the scatter of their windows.
func TestPeersAreLearned(t *testing.T) {
	c := newCrowd(41, 400, 0.5, func(c chance) float64 { return 20 * c.gamma(1.2) })
	for h := range int64(100) {
		c.window(start+h*hour, nil)
	}
	var sum, square float64
	for _, level := range c.levels {
		sum += level
		square += level * level
	}
	n := float64(len(c.levels))
	mean := sum / n
	shape := mean * mean / (square/n - mean*mean)
	got := c.group.Prior(&c.peers)
	t.Logf("prior %+.3v; truly mean %.3v, shape %.3v, noise 0.5", got, mean, shape)
	if math.Abs(got.Mean/mean-1) > 0.1 || math.Abs(got.Shape/shape-1) > 0.15 || math.Abs(got.Noise-0.5) > 0.1 {
		t.Errorf("prior %+.3v, want mean %.3v, shape %.3v, noise 0.5", got, mean, shape)
	}
}

// TestGiantsDoNotMovePeers adds three clients with a thousand times the others' traffic, which would triple a plain mean
// and take all shape from the prior.
func TestGiantsDoNotMovePeers(t *testing.T) {
	prior := func(giants int) Prior {
		c := newCrowd(42, 300, 0.3, func(c chance) float64 { return 10 * c.gamma(3) })
		for i := range giants {
			c.levels[50+90*i] = 10_000
		}
		for h := range int64(100) {
			c.window(start+h*hour, nil)
		}
		return c.group.Prior(&c.peers)
	}
	without, with := prior(0), prior(3)
	t.Logf("without giants %+.3v, with %+.3v", without, with)
	if with.Mean > 1.5*without.Mean || with.Shape < without.Shape/4 {
		t.Errorf("without giants %+.3v, with %+.3v", without, with)
	}
}

// TestOneBusyClientIsOneClient has one client with fifty times as many windows as the others: it has no more say.
func TestOneBusyClientIsOneClient(t *testing.T) {
	c := newCrowd(43, 100, 0, func(chance) float64 { return 5 })
	prior := c.group.Start
	for h := range int64(50) {
		at := start + h*hour
		c.window(at, nil)
		for range 50 {
			w := Window{Time: at, Exposure: 1, Count: 500}
			c.group.Learn(&c.peers, c.model.Learn(&c.past[0], &prior, w))
		}
	}
	got := c.group.Prior(&c.peers)
	t.Logf("prior %+.3v", got)
	if got.Mean > 20 {
		t.Errorf("one of a hundred clients with 500 a window makes the mean %.1f, others have 5", got.Mean)
	}
}

// TestGiantIsBelieved has a partner send a thousand times what people do: within a day of hourly windows it is known for
// that, and its scatter for what it is.
func TestGiantIsBelieved(t *testing.T) {
	c := newClient(44, nil)
	prior := Prior{Mean: 10, Shape: 1, Noise: 0.5}
	for h := range int64(48) {
		c.model.Learn(&c.past, &prior, Window{Time: start + h*hour, Exposure: 1, Count: c.negBinomial(10_000, 0.1)})
		if h == 23 || h == 47 {
			law := c.model.Law(&c.past, &prior, Slow, Span{start + h*hour, 1})
			t.Logf("after %d windows of 10 000 among peers of 10: %+.3v", h+1, law)
			if law.Mean < 2000 || h > 40 && (law.Mean < 5000 || law.Noise > 1.5) {
				t.Errorf("after %d windows: %+.3v", h+1, law)
			}
		}
	}
}
