package baseline

// Past is what is remembered about a count or a share: 28 bytes. The zero value has no past. One goroutine owns it.
type Past struct {
	Slow, Fast Evidence
	Excess     float32 // scatter beyond the law's own, weighted sum
	Scale      float32 // what it is relative to
	Time       uint32  // of the newest window, seconds since the epoch
}

// advance fades what is remembered up to a time; how much a window of that time weighs, where it is older than the newest.
func (p *Past) advance(m *Memory, at uint32) (fast, slow float64) {
	if at < p.Time {
		return m.left(float64(p.Time - at))
	}
	if at > p.Time {
		fast, slow = m.left(float64(at - p.Time))
		p.Fast.fade(fast)
		p.Slow.fade(slow)
		p.Excess, p.Scale = small(float64(p.Excess)*slow), small(float64(p.Scale)*slow)
		p.Time = at
	}
	return 1, 1
}

// evidence is what a horizon holds at a time, as sum and whole.
func (p *Past) evidence(m *Memory, h Horizon, at uint32) (sum, whole float64) {
	age := 0.0
	if at > p.Time {
		age = float64(at - p.Time)
	}
	e, left := p.Slow, 1.0
	if age > 0 {
		left = fade(age, m.Slow.Seconds())
	}
	if h == Fast {
		e = p.Fast
		if age > 0 {
			left = fade(age, m.Fast.Seconds())
		}
	}
	return clamp(float64(e.Sum), 0, maxCount) * left, clamp(float64(e.Whole), 0, maxCount) * left
}

// noise is the entity's own relative scatter, between its peers' and what it has shown.
func (p *Past) noise(m *Memory, peers, most float64) float64 {
	scale := clamp(float64(p.Scale), 0, maxCount)
	return clamp((float64(p.Excess)+m.Trust*peers)/(scale+m.Trust), 0, most)
}

// Merge is what two pasts tell together, whichever comes first: for an entity that was seen in two places.
func (m Memory) Merge(a, b Past) Past {
	at := max(a.Time, b.Time)
	a.advance(&m, at)
	b.advance(&m, at)
	a.Slow.add(float64(b.Slow.Sum), float64(b.Slow.Whole))
	a.Fast.add(float64(b.Fast.Sum), float64(b.Fast.Whole))
	a.Excess, a.Scale = small(float64(a.Excess)+float64(b.Excess)), small(float64(a.Scale)+float64(b.Scale))
	return a
}
