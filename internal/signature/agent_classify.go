package signature

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/signature/literal"
)

const (
	cacheSlots = 8192 // a power of two
	maxAgent   = 1024 // bytes of a user agent that are looked at
)

// Agents classifies user agents. It caches by hash under a secret seed, so one goroutine owns an Agents; its answers never
// depend on the cache.
type Agents struct {
	matcher *literal.Set
	entries []agentEntry // by pattern
	cache   []agentSlot
	seed    uint64
}

type agentEntry struct {
	agent Agent
	rank  uint8
}

// agentSlot is what one user agent says. It is small, so that thousands of them stay near the processor.
type agentSlot struct {
	hash  uint64
	entry uint16 // 1 + index of the entry, 0 for none
	plain bool
}

// ranks orders the classes where a string has signs of several: an attack tool that says it is a browser is an attack
// tool, and a crawler usually does.
var ranks = [agentClasses]uint8{
	AgentScanner: 7, AgentMonitor: 6, AgentCrawler: 4, AgentLibrary: 3, AgentApp: 2, AgentBrowser: 1,
}

// An app or browser as sure as this goes before crawlers and libraries: it has their words in its name ("CUBOT").
const (
	sureHuman     = 95
	rankSureHuman = 5
)

func rank(a Agent) uint8 {
	if (a.Class == AgentApp || a.Class == AgentBrowser) && a.Confidence >= sureHuman {
		return rankSureHuman
	}
	return ranks[a.Class]
}

// NewAgents compiles the embedded lists. The seed keys the cache: whoever knew it could pass an attack tool off as a
// browser seen before.
func NewAgents(seed uint64) (*Agents, error) {
	rows, err := readList("agents.txt", 3)
	if err != nil {
		return nil, err
	}
	a := &Agents{cache: make([]agentSlot, cacheSlots), seed: seed}
	var patterns []literal.Pattern
	for _, row := range rows {
		class, ok := nameIndex(agentClassNames[:], row[0])
		confidence, err := strconv.ParseUint(row[1], 10, 8)
		name, list, cut := strings.Cut(row[2], ": ")
		if !ok || err != nil || !cut || confidence > 100 {
			return nil, fmt.Errorf("agents.txt: %q is no entry", strings.Join(row, " "))
		}
		agent := Agent{Name: strings.Trim(name, "-"), Class: AgentClass(class), Confidence: uint8(confidence)}
		for p := range strings.SplitSeq(list, " | ") {
			patterns = append(patterns, literal.Parse(strings.TrimSpace(p)))
			a.entries = append(a.entries, agentEntry{agent: agent, rank: rank(agent)})
		}
	}
	var ok bool
	if a.matcher, ok = literal.New(patterns); !ok {
		return nil, fmt.Errorf("agents.txt: %d patterns are too many", len(patterns))
	}
	return a, nil
}

// Classify tells what the user agent says it is.
func (a *Agents) Classify(ua string) Agent {
	agent, _ := a.Look(ua)
	return agent
}

// Look tells what the user agent says it is, and whether it is plain, as PlainHeader has it.
func (a *Agents) Look(ua string) (agent Agent, plain bool) {
	if ua == "" || ua == "-" {
		return Agent{Class: AgentEmpty, Confidence: 100}, true
	}
	start := ua[:min(len(ua), maxAgent)]
	slot := a.find(start)
	if slot.entry > 0 {
		agent = a.entries[slot.entry-1].agent
	}
	return agent, slot.plain && (len(ua) == len(start) || PlainHeader(ua))
}

// find is what a user agent says, looked at anew if it is not remembered. Two have room in one place, the newer one
// first.
func (a *Agents) find(ua string) agentSlot {
	hash := xxh3.HashStringSeed(ua, a.seed)
	pair := (*[2]agentSlot)(a.cache[hash%(cacheSlots/2)*2:])
	switch hash {
	case pair[0].hash:
	case pair[1].hash:
		pair[0], pair[1] = pair[1], pair[0]
	default:
		pair[0], pair[1] = agentSlot{hash: hash, entry: uint16(a.match(ua) + 1), plain: PlainHeader(ua)}, pair[0]
	}
	return pair[0]
}

// match finds the entry of the sign of the highest class; within a class the surest, then the longest, then the one
// listed first. It is -1 when there is none.
func (a *Agents) match(ua string) int {
	best, length := -1, 0
	a.matcher.Each(ua, func(id, _ int) {
		n := a.matcher.Len(id)
		if best < 0 || a.better(id, best, n-length) {
			best, length = id, n
		}
	})
	return best
}

func (a *Agents) better(id, best, longer int) bool {
	x, y := &a.entries[id], &a.entries[best]
	switch {
	case x.rank != y.rank:
		return x.rank > y.rank
	case x.agent.Confidence != y.agent.Confidence:
		return x.agent.Confidence > y.agent.Confidence
	case longer != 0:
		return longer > 0
	default:
		return id < best
	}
}
