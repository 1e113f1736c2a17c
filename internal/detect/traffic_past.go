package detect

import (
	"math"
	"time"

	"gatewatch/internal/baseline"
	"gatewatch/internal/tally"
)

// trafficRing is how many minutes back a window may reach; a power of two.
const trafficRing = 128

// scatters are the lengths of the blocks of minutes whose scatter is learned: requests come in visits, so that long blocks
// scatter more than their minutes do.
var scatters = [...]int64{1, 5, 20}

// trafficPast is what is remembered of the requests to one service or endpoint. Both detectors of traffic keep one.
type trafficPast struct {
	Minutes  tally.Minutes[uint64]
	Week     baseline.Profile
	Counts   [trafficRing]float32 // requests of settled minutes, by the minute's number
	Expected [trafficRing]float32 // and what was expected of them
	Slow     trafficLevel
	Lately   trafficLevel
	Moved    trafficLevel // of minutes in a row that were held
	Blocks   [len(scatters)]trafficBlock
	Meter    baseline.Meter // of its hours
	Now      int64          // time of the newest tally
	Settled  int64          // up to when all had told by then
	Before   int64          // time of the newest tally before those
	Told     int64          // up to when all had told by then
	Scale    float64        // by how much the level had moved when the week was begun, inverse
	Hour     int64          // number of the running hour since the epoch
	Count    float64        // requests in it that are learned from
	Known    uint32         // minutes learned from
	Length   uint32         // minutes of the running hour that are learned from
	Held     uint32         // minutes held, less those since that were not
	Slot     uint32         // of the running hour
	Worst    float32        // greatest surprise in the running hour
	Within   uint8          // 1 when a minute of the running hour was unusual
	Earlier  uint8          // 1 when one of the hour before was
	_        uint16
}

// trafficLevel is requests over minutes of usual length: a minute of an hour in which twice as much is usual counts twice.
type trafficLevel struct{ Sum, Whole float64 }

func (l *trafficLevel) fade(left float64) { l.Sum, l.Whole = l.Sum*left, l.Whole*left }

// left is what is left of evidence after minutes, which are few beside its half-life.
func left(minutes int64, halfLife time.Duration) float64 {
	return 1 - math.Ln2*float64(minutes)*float64(time.Minute)/float64(halfLife)
}

func (l *trafficLevel) add(count, exposure float64) { l.Sum, l.Whole = l.Sum+count, l.Whole+exposure }

func (l *trafficLevel) mean() float64 {
	if !(l.Whole > 0) {
		return 0
	}
	return l.Sum / l.Whole
}

// trafficBlock is the running block of minutes of one length, and how such blocks scattered.
type trafficBlock struct {
	Sum      float64 // of squared differences beyond what is due to chance alone, fading
	Whole    float64 // of what was expected, alike
	Count    float64
	Expected float64
}

// scatter is the variance of a block over its mean, less 1: about the requests that a visit makes.
func (b *trafficBlock) scatter() float64 {
	const usual, trust = 4, 200
	return max((b.Sum+usual*trust)/(b.Whole+trust), 0)
}

func (b *trafficBlock) end() {
	if b.Expected > 0 {
		// A block far off tells of something other than scatter.
		const clip = 6
		mean := b.Expected
		off := min(math.Abs(b.Count-mean), clip*math.Sqrt(mean*(1+b.scatter())))
		b.Sum += off*off - min(b.Count, mean+off)
		b.Whole += mean
	}
	b.Count, b.Expected = 0, 0
}

const (
	// latelyFor and slowFor are half-lives: the level lately follows a day that is unlike others of its name within hours,
	// the slow one is what it falls back to where there is little to tell.
	latelyFor = 4 * time.Hour
	slowFor   = 7 * 24 * time.Hour
	// leastKnown is how many minutes must be known before anything is said: a day.
	leastKnown = 24 * 60
	// movedAfter is after how many minutes that were held, less those that were not, the level is believed to have moved.
	movedAfter = 20 * 60
	// visits is how many visits of evidence the slow level counts for beside the level lately.
	visits = 8
	// wander is the variance, relative to the mean's square, by which levels wander within hours, and strange that by which
	// an hour of the week that was never seen differs from what its day and hour make expect. Of one that was, the scatter of
	// blocks tells more with each week.
	wander, strange = 0.005, 0.1
)

// level is the requests expected in a usual minute, and its relative variance.
func (p *trafficPast) level() (mean, doubt float64) {
	slow := p.Slow.mean()
	each := 1 + p.Blocks[len(scatters)-1].scatter()
	prior := min(visits*each/max(slow, 1e-6), slowFor.Minutes())
	sum := prior*slow + p.Lately.Sum
	return sum / (prior + p.Lately.Whole), 1 / max(sum/each, 1)
}

// law is what a window is expected to hold.
func (p *trafficPast) law(w trafficWindow) baseline.Law {
	_, doubt := p.level()
	seen := float64(p.Week.Hours[p.Slot%uint32(len(p.Week.Hours))])
	scatter := p.scatter(w.length)
	return baseline.Law{
		Mean: w.expected, Doubt: doubt + strange*math.Exp2(-4*seen), Noise: scatter/max(w.expected, 1) + wander,
	}
}

// scatter is that of blocks of any length, between those that are learned.
func (p *trafficPast) scatter(length int64) float64 {
	i := 1
	for i < len(scatters)-1 && length > scatters[i] {
		i++
	}
	low, high := float64(scatters[i-1]), float64(scatters[i])
	part := min(max(math.Log(float64(length)/low)/math.Log(high/low), 0), 1)
	return (1-part)*p.Blocks[i-1].scatter() + part*p.Blocks[i].scatter()
}

// expect is what a minute of an hour of the week is expected to hold.
func (p *trafficPast) expect(slot baseline.Slot) float64 {
	mean, _ := p.level()
	return mean * p.Week.Factor(slot)
}

// learn takes in a settled minute, which is held when it was unusual.
func (p *trafficPast) learn(season *baseline.Season, minute int64, slot baseline.Slot, count float64, held bool) {
	if hour := minute / 60; hour != p.Hour || uint32(slot) != p.Slot {
		p.turn(season)
		p.Hour, p.Slot = hour, uint32(slot)
	}
	factor, expected := p.Week.Factor(slot), p.expect(slot)
	for _, l := range [...]*trafficLevel{&p.Slow, &p.Moved} {
		l.fade(left(1, slowFor))
	}
	p.Lately.fade(left(1, latelyFor))
	if held {
		p.hold(count, factor)
		return
	}
	p.Held -= min(p.Held, 1)
	if p.Held == 0 {
		p.Moved = trafficLevel{}
	}
	p.Known = min(p.Known+1, math.MaxUint32-1)
	if p.Known > 60 { // before, any level is as good as another
		// One minute that is far off must not lead the level astray.
		const clip = 6
		count = min(count, expected+clip*math.Sqrt(expected*(1+p.Blocks[0].scatter()))+1)
	}
	p.Slow.add(count, factor)
	p.Lately.add(count, factor)
	p.Count += count
	p.Length++
	for i := range p.Blocks {
		b := &p.Blocks[i]
		b.Count, b.Expected = b.Count+count, b.Expected+expected
		if minute%scatters[i] == scatters[i]-1 {
			kept := left(scatters[i], slowFor)
			b.Sum, b.Whole = b.Sum*kept, b.Whole*kept
			b.end()
		}
	}
}

// hold notes a minute that is not learned from. When there are so many that it is no episode any more, what they hold is
// what is usual from now on.
func (p *trafficPast) hold(count, factor float64) {
	for i := range p.Blocks {
		p.Blocks[i].Count, p.Blocks[i].Expected = 0, 0
	}
	p.Moved.add(count, factor)
	if p.Held++; p.Held < movedAfter {
		return
	}
	before, after := p.Slow.mean(), p.Moved.mean()
	if after < before/100 {
		*p = trafficPast{Minutes: p.Minutes} // it is gone; if it comes back, it is new
		return
	}
	// The week's rhythm stays what it was, in units of the level.
	p.Scale = clampScale(p.scale() * before / after)
	p.Slow = trafficLevel{Sum: after * p.Slow.Whole, Whole: p.Slow.Whole}
	p.Lately, p.Moved, p.Held = trafficLevel{}, trafficLevel{}, 0
	p.Counts, p.Expected = [trafficRing]float32{}, [trafficRing]float32{}
}

func (p *trafficPast) scale() float64 {
	if p.Scale > 0 {
		return p.Scale
	}
	return 1
}

func clampScale(v float64) float64 { return min(max(v, 1e-9), 1e9) }

// turn ends the running hour.
func (p *trafficPast) turn(season *baseline.Season) {
	const enough = 10
	if p.Length >= enough {
		season.Learn(&p.Week, baseline.Hour{
			Slot: baseline.Slot(p.Slot), Time: p.Hour * int64(time.Hour), Hours: float64(p.Length) / 60, Count: p.Count * p.scale(),
		})
	}
	p.Count, p.Length = 0, 0
}

// keep puts a settled minute where windows find it.
func (p *trafficPast) keep(minute int64, count, expected float64) {
	i := uint64(minute) % trafficRing
	p.Counts[i], p.Expected[i] = float32(count), float32(expected)
}
