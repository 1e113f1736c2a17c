package detector

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"gatewatch/internal/checkpoint"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
	"gatewatch/internal/kafka"
)

// world is what survives a crash of the detector: the topic, and everything that a sink has taken.
type world struct {
	mu          sync.Mutex
	topic       map[int32][]*kafka.Record
	committed   map[int32]int64
	checkpoints map[checkpoint.Source][]byte
	journals    map[checkpoint.Source][]byte
	tokens      map[string][]event.ID
	rows        map[event.ID]int
	repeated    int               // batches that the store had already
	findings    map[string]string // JSON by id and revision
	stored      map[string]bool   // id and revision of findings in the store
	topicked    map[string]bool   // id of findings in their topic
	facets      map[event.Origin]bool
	marks       *checkpoint.Marks
	rejected    map[string]bool // offsets
	saves       int
}

func newWorld() *world {
	return &world{
		topic: map[int32][]*kafka.Record{}, committed: map[int32]int64{}, checkpoints: map[checkpoint.Source][]byte{},
		journals: map[checkpoint.Source][]byte{}, tokens: map[string][]event.ID{}, rows: map[event.ID]int{},
		findings: map[string]string{}, stored: map[string]bool{}, topicked: map[string]bool{},
		facets: map[event.Origin]bool{}, marks: checkpoint.NewMarks(1000), rejected: map[string]bool{},
	}
}

// life is one run of the detector, which ends after some number of effects: those after it happen no more, and nobody
// hears of the last one.
type life struct {
	*world

	left   int    // effects until the crash; negative for none
	aim    string // the kind of effect that is counted, "" for all
	dead   bool
	killed chan struct{}
	sent   chan func()
	random *rand.Rand
	at     map[int32]int64
	paused map[int32]bool
	group  kafka.Group
	joined bool
}

var errDead = errors.New("the process is dead")

func (w *world) live(left int, random *rand.Rand) *life {
	return &life{
		world: w, left: left, killed: make(chan struct{}), sent: make(chan func(), 100_000), random: random,
		at: map[int32]int64{}, paused: map[int32]bool{},
	}
}

// do lets something happen, unless the process is dead. The crash is before or after it.
func (l *life) do(kind string, effect func()) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead {
		return errDead
	}
	counted := l.aim == "" || l.aim == kind
	die := counted && l.left == 0
	if counted {
		l.left--
	}
	if die && l.random.IntN(2) == 0 {
		l.dead = true
		close(l.killed)
		return errDead
	}
	effect()
	if die {
		l.dead = true
		close(l.killed)
		return errDead
	}
	return nil
}

func (l *life) neighbours() *Neighbours {
	return &Neighbours{
		Store: l, Publisher: l, Producer: l, Checkpoints: l,
		Consume: func(g kafka.Group) (Consumer, error) {
			if g.Topics[0] == "facets" {
				return &idle{group: g}, nil
			}
			l.group = g
			return l, nil
		},
	}
}

type idRows struct{ ids []event.ID }

func (r *idRows) Append(ev *event.Event) { r.ids = append(r.ids, ev.Origin.ID()) }
func (r *idRows) Rows() int              { return len(r.ids) }
func (r *idRows) Bytes() int             { return 100 * len(r.ids) }
func (r *idRows) Reset()                 { r.ids = r.ids[:0] }

func (l *life) NewRows() Rows { return &idRows{} }

func (l *life) InsertEvents(_ context.Context, rows Rows, token string) error {
	time.Sleep(time.Duration(l.number(3)) * time.Millisecond)
	return l.do("insert", func() {
		ids := rows.(*idRows).ids
		if old, ok := l.tokens[token]; ok {
			l.repeated++
			if !slices.Equal(old, ids) {
				panic("one token for two batches")
			}
			return
		}
		l.tokens[token] = slices.Clone(ids)
		for _, id := range ids {
			l.rows[id]++
		}
	})
}

func (l *life) number(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.random.IntN(n)
}

func (l *life) InsertFindings(_ context.Context, all []finding.Finding) error {
	return l.do("archive", func() {
		for i := range all {
			l.stored[fmt.Sprintf("%s-%d", all[i].ID, all[i].Revision)] = true
		}
	})
}

func (l *life) PublishFinding(_ context.Context, f *finding.Finding) error {
	b, err := json.Marshal(f)
	if err != nil {
		panic(err)
	}
	return l.do("publish", func() { l.findings[fmt.Sprintf("%s-%d", f.ID, f.Revision)] = string(b) })
}

func (l *life) Flush(context.Context) error { return l.do("flush", func() {}) }
func (l *life) Ping(context.Context) error  { return nil }
func (l *life) Trouble() error              { return nil }

func (l *life) Send(_ context.Context, r *kafka.Record, done func(*kafka.Record, error)) {
	var f facet.Facet
	if r.Topic == "facets" {
		if err := f.UnmarshalProto(slices.Clone(r.Value)); err != nil {
			panic(err)
		}
	}
	l.sent <- func() {
		err := l.do("send", func() {
			switch r.Topic {
			case "facets":
				if l.marks.Advance(&f.Source) {
					l.facets[f.Source] = true
				}
			case "findings":
				l.topicked[string(r.Key)] = true
			case "rejected":
				l.rejected[string(r.Headers[2].Value)+"/"+string(r.Headers[3].Value)] = true
			}
		})
		done(r, err)
	}
}

// deliver carries out what was sent, in order and some time later, until there is no more.
func (l *life) deliver() {
	for effect := range l.sent {
		if l.number(8) == 0 {
			time.Sleep(time.Millisecond)
		}
		effect()
	}
}

func (l *life) Load(src checkpoint.Source) (checkpoint.Kept, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var kept checkpoint.Kept
	if b := l.checkpoints[src]; b != nil {
		c, err := checkpoint.Decode(slices.Clone(b), maxSources)
		if err != nil {
			panic(err)
		}
		kept.Checkpoint = c
	}
	plans, _ := checkpoint.ReadPlans(l.journals[src])
	for _, p := range plans {
		if kept.Checkpoint == nil || p.Last >= kept.Checkpoint.Position {
			kept.Plans = append(kept.Plans, p)
		}
	}
	return kept, nil
}

func (l *life) Save(c checkpoint.Sealed) error {
	return l.do("save", func() {
		l.saves++
		l.checkpoints[c.Source] = slices.Clone(c.Bytes)
	})
}

func (l *life) Plan(src checkpoint.Source, p checkpoint.Plan) error {
	return l.do("plan", func() { l.journals[src] = p.AppendTo(l.journals[src]) })
}

func (l *life) Done(src checkpoint.Source, p checkpoint.Plan) error {
	p.Done = true
	return l.do("done", func() { l.journals[src] = p.AppendTo(l.journals[src]) })
}

func (l *life) Commit(_ context.Context, next map[kafka.Partition]int64) error {
	return l.do("commit", func() {
		for p, at := range next {
			l.committed[p.ID] = at
		}
	})
}

func (l *life) join(ctx context.Context) {
	l.joined = true
	var ps []kafka.Partition
	for id := range l.topic {
		ps = append(ps, kafka.Partition{Topic: "events", ID: id})
	}
	l.group.Assigned(ctx, ps)
	for _, p := range ps {
		l.mu.Lock()
		committed, ok := l.committed[p.ID]
		l.mu.Unlock()
		if !ok {
			committed = -1
		}
		at, ok := l.group.Begin(p, committed)
		if !ok {
			at = max(committed, 0)
		}
		l.mu.Lock()
		l.at[p.ID] = at
		l.mu.Unlock()
	}
}

func (l *life) Poll(ctx context.Context, _ int) ([]kafka.Batch, error) {
	if !l.joined {
		l.join(ctx)
	}
	timer := time.NewTimer(time.Duration(l.number(5)) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil, nil
	case <-timer.C:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var batches []kafka.Batch
	for id, log := range l.topic {
		rest := log[min(int(l.at[id]), len(log)):]
		if n := min(1+l.random.IntN(60), len(rest)); n > 0 && !l.paused[id] {
			batches = append(batches, kafka.Batch{
				Partition: kafka.Partition{Topic: "events", ID: id}, Records: slices.Clone(rest[:n]), HighWatermark: int64(len(log)),
			})
			l.at[id] += int64(n)
		}
	}
	return batches, nil
}

// finished tells whether everything is committed.
func (l *life) finished() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, log := range l.topic {
		if l.committed[id] < int64(len(log)) {
			return false
		}
	}
	return true
}

func (l *life) Handled() {}

func (l *life) Pause(p kafka.Partition) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused[p.ID] = true
}

func (l *life) Resume(p kafka.Partition) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused[p.ID] = false
}

func (l *life) Close() {}

// idle is a consumer of a topic without records.
type idle struct{ group kafka.Group }

func (c *idle) Poll(ctx context.Context, _ int) ([]kafka.Batch, error) {
	c.group.Assigned(ctx, nil)
	<-ctx.Done()
	return nil, nil
}
func (c *idle) Handled()                                                {}
func (c *idle) Pause(kafka.Partition)                                   {}
func (c *idle) Resume(kafka.Partition)                                  {}
func (c *idle) Commit(context.Context, map[kafka.Partition]int64) error { return nil }
func (c *idle) Trouble() error                                          { return nil }
func (c *idle) Ping(context.Context) error                              { return nil }
func (c *idle) Close()                                                  {}
