package detect

const (
	vouchWays = 4
	vouchSets = 1 << 13
	// vouchers is how many other clients make a missed path a broken link: one may be mistaken, two may be a couple.
	vouchers = 3
	// vouchMisses is the most misses within about an hour with which a client may still vouch. A scanner passes it within
	// its first seconds, so scanners do not excuse each other.
	vouchMisses = 5
)

// vouch is one missed path and the first clients that missed it this hour.
type vouch struct {
	Path    uint64
	Hour    int64
	Clients [vouchers + 1]uint32 // hashes, 0 when free
}

// broken remembers which paths well-behaved clients miss: a bounded cache in which the oldest of a set gives way.
type broken struct {
	Sets [vouchSets * vouchWays]vouch
}

// miss notes that a client missed a path, if it may vouch, and tells whether enough others did within the hour or the
// one before.
func (b *broken) miss(path uint64, client uint32, hour int64, mayVouch bool) bool {
	v := b.find(path, hour, mayVouch)
	if v == nil {
		return false
	}
	others := 0
	for i, c := range v.Clients {
		switch {
		case c == client:
			mayVouch = false
		case c != 0:
			others++
		case mayVouch:
			v.Clients[i], mayVouch = client, false
		}
	}
	return others >= vouchers
}

func (b *broken) find(path uint64, hour int64, add bool) *vouch {
	set := b.Sets[path%vouchSets*vouchWays:][:vouchWays]
	oldest := &set[0]
	for i := range set {
		v := &set[i]
		if v.Path == path && hour-v.Hour <= 1 {
			v.Hour = max(v.Hour, hour)
			return v
		}
		if v.Hour < oldest.Hour {
			oldest = v
		}
	}
	if !add {
		return nil
	}
	*oldest = vouch{Path: path, Hour: hour}
	return oldest
}
