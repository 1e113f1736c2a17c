package checkpoint

import (
	"encoding/binary"

	"github.com/zeebo/xxh3"
)

// Plan is a batch of rows that is about to be stored: the offsets of the records of its first and of its last row. It is
// kept before the batch is sent. After a crash the batch is made again within the same bounds, so that it is the same
// batch to the store, which drops it when it has it.
type Plan struct {
	First, Last int64
	// Done tells that the batch is known to be stored.
	Done bool
}

const (
	kindPlan = 'P'
	kindDone = 'D'
	// PlanSize is the size of one entry of a journal of plans.
	PlanSize = 1 + 8 + 8 + 4
)

// AppendTo appends the plan as an entry of a journal: that it is made, or that it is done.
func (p Plan) AppendTo(b []byte) []byte {
	kind := byte(kindPlan)
	if p.Done {
		kind = kindDone
	}
	start := len(b)
	b = append(b, kind)
	b = binary.LittleEndian.AppendUint64(b, uint64(p.First))
	b = binary.LittleEndian.AppendUint64(b, uint64(p.Last))
	return binary.LittleEndian.AppendUint32(b, uint32(xxh3.Hash(b[start:])))
}

// ReadPlans reads a journal: the plans in the order in which they were made, which is that of their offsets, and the
// length of the part that could be read. A crash leaves a last entry that is cut off; nothing was done by its plan.
func ReadPlans(b []byte) (plans []Plan, good int) {
	for ; len(b)-good >= PlanSize; good += PlanSize {
		p, ok := readPlan(b[good : good+PlanSize])
		if !ok {
			break
		}
		plans = Enter(plans, p)
	}
	return plans, good
}

func readPlan(b []byte) (p Plan, ok bool) {
	body := b[:PlanSize-4]
	if binary.LittleEndian.Uint32(b[len(body):]) != uint32(xxh3.Hash(body)) {
		return p, false
	}
	p = Plan{
		First: int64(binary.LittleEndian.Uint64(b[1:])),
		Last:  int64(binary.LittleEndian.Uint64(b[9:])),
		Done:  b[0] == kindDone,
	}
	return p, (p.Done || b[0] == kindPlan) && p.First >= 0 && p.First <= p.Last
}

// Enter puts an entry of a journal into the list. A plan that reaches back to before the end of earlier ones was made after these had
// been given up, as when the topic was made anew: they hold no more.
func Enter(plans []Plan, p Plan) []Plan {
	for i := len(plans) - 1; i >= 0; i-- {
		if plans[i].First == p.First && plans[i].Last == p.Last {
			plans[i].Done = plans[i].Done || p.Done
			return plans
		}
	}
	for len(plans) > 0 && plans[len(plans)-1].Last >= p.First {
		plans = plans[:len(plans)-1]
	}
	return append(plans, p)
}
