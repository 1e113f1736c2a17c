package detect

import (
	"cmp"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

var (
	evidence  = flag.Bool("evidence", false, "measure the second stage on many seeds, and print the tables of docs/explanation/stage-two.md")
	firstSeed = flag.Uint64("seed", 101, "first of the seeds that -evidence measures")
	seeds     = flag.Int("seeds", 10, "how many seeds -evidence measures")
)

// shop is a login with people who come to it by day, from home, from offices and on the move.
type shop struct {
	rng     *rand.Rand
	perHour float64 // log-ins at the busiest hour
	form    bool    // answers a mistake with 200 and a success with 302; else 401 and 200
	named   bool    // the log tells the account
	events  []event.Event
	people  int
	last    uint32 // address given out last

	at               time.Duration // when what is special begins
	downFrom, downTo time.Duration // when every try fails
}

// historyDays is how long a site was normal before anything happens.
const historyDays = 2

func newShop(seed uint64, perHour float64) *shop {
	rng := rand.New(rand.NewPCG(seed, 77))
	return &shop{rng: rng, perHour: perHour, form: rng.IntN(2) == 0, named: rng.IntN(2) == 0, people: int(perHour * 10)}
}

// try adds one attempt and its answer.
func (s *shop) try(at time.Duration, from netip.Addr, account string, right bool) {
	e := event.Event{
		Time: start.Add(at).UnixNano(), Client: from, Method: "POST", Host: "shop.example", Path: "/login", UserAgent: browserAgent,
	}
	status := int64(401)
	switch {
	case s.form && right:
		status = 302
	case s.form, right:
		status = 200
	}
	e.SetStatus(status)
	e.SetBodyBytesOut(2000 + 500*(status%3))
	if s.named {
		e.Principal = account
	}
	s.events = append(s.events, e)
}

// fresh is an address that nobody had before.
func (s *shop) fresh() netip.Addr {
	s.last++
	v := s.last * 2654435761
	return netip.AddrFrom4([4]byte{byte(v>>24)%100 + 100, byte(v >> 16), byte(v >> 8), byte(v)})
}

func (s *shop) home(person int) netip.Addr {
	if person%10 == 0 { // an office
		return netip.AddrFrom4([4]byte{10, 0, 0, byte(person / 10 % 20)})
	}
	return netip.AddrFrom4([4]byte{20, byte(person >> 16), byte(person >> 8), byte(person)})
}

// person lets somebody log in: most of those who mistype try again, and some give up. wrong is the share of those whose
// first try fails.
func (s *shop) person(at time.Duration, wrong float64) {
	who := s.rng.IntN(s.people)
	from := s.home(who)
	if s.rng.IntN(5) < 2 {
		from = s.fresh()
	}
	account := fmt.Sprintf("person%d@shop.example", who)
	for n := range 6 {
		down := at >= s.downFrom && at < s.downTo
		right := !down && s.rng.Float64() >= wrong
		s.try(at, from, account, right)
		giveUp := 0.2
		if down {
			giveUp = 0.35
		}
		if right || n > 0 && s.rng.Float64() < giveUp || n == 0 && s.rng.Float64() < giveUp/2 {
			return
		}
		at += time.Duration(5+s.rng.IntN(40)) * time.Second
		wrong = 0.3
	}
}

// rate is how many log in at an hour: few by night, peaks before noon and in the evening.
func (s *shop) rate(at time.Duration) float64 {
	h := math.Mod(at.Hours()+10, 24) // the traffic begins at ten
	hump := func(center, width float64) float64 { return math.Exp(-(h - center) * (h - center) / (width * width)) }
	return s.perHour * (0.05 + 0.95*max(hump(10.5, 3), hump(20, 2.5)))
}

// normal is people from one time to another; factor scales how many.
func (s *shop) normal(from, to time.Duration, factor float64, visit func(at time.Duration)) {
	for at := from; at < to; {
		perHour := s.rate(at) * factor
		at += time.Duration(s.rng.ExpFloat64() / perHour * float64(time.Hour))
		if at < to {
			visit(at)
		}
	}
}

func (s *shop) usual(at time.Duration) { s.person(at, 0.12) }

// noise is what every login sees: a few strangers an hour that try a pair or two.
func (s *shop) noise(to time.Duration) {
	for at := time.Duration(0); at < to; at += time.Duration(s.rng.ExpFloat64() * float64(20*time.Minute)) {
		s.try(at, s.fresh(), fmt.Sprintf("admin%d", s.rng.IntN(9)), false)
	}
}

// stuffing is a campaign: most addresses make one try, one in ten a second; one try in 300 is right.
func (s *shop) stuffing(at, span time.Duration, addresses int) {
	for range addresses {
		from := s.fresh()
		when := at + time.Duration(s.rng.Int64N(int64(span)))
		for tries := 1 + max(s.rng.IntN(10)-8, 0); tries > 0; tries-- {
			s.try(when, from, fmt.Sprintf("listed%d@mail.example", s.rng.IntN(1<<30)), s.rng.IntN(300) == 0)
			when += time.Duration(1+s.rng.IntN(600)) * time.Second
		}
	}
}

// said runs the site through both stages.
func (s *shop) said(t testing.TB) []finding.Finding {
	t.Helper()
	slices.SortStableFunc(s.events, func(a, b event.Event) int { return cmp.Compare(a.Time, b.Time) })
	template(t, s.events)
	cfg := DefaultConfig()
	cfg.Seed = testSeed
	e := testEngine(t, cfg)
	return append(fold(e, s.events), flush(e)...)
}

// opened is when a detector of the second stage first spoke with medium severity or more, of a span of time.
func opened(said []finding.Finding, from, to time.Duration) (first time.Duration, severity finding.Severity, n int) {
	first = -1
	ids := map[string]bool{}
	for i := range said {
		f := &said[i]
		at := time.Duration(f.LastSeen - start.UnixNano())
		if f.Detector != "distributed_stuffing" && f.Detector != "account_attack" || f.Severity < finding.Medium || at < from || at >= to {
			continue
		}
		if f.Activity == finding.Create && !ids[f.ID] {
			ids[f.ID] = true
			n++
			if first < 0 {
				first = at
			}
		}
		severity = max(severity, f.Severity)
	}
	return first, severity, n
}

const (
	history = historyDays * 24 * time.Hour
	ends    = history + 24*time.Hour
)

// quiet is a site with its history and an ordinary last day.
func quiet(seed uint64, perHour float64) *shop {
	s := newShop(seed, perHour)
	s.normal(0, ends, 1, s.usual)
	s.noise(ends)
	return s
}

// benign are days on which nothing should be said.
func benign() []struct {
	name string
	shop func(seed uint64, perHour float64) *shop
} {
	type world = struct {
		name string
		shop func(seed uint64, perHour float64) *shop
	}
	during := func(seed uint64, perHour float64, span time.Duration, factor float64, visit func(s *shop, at time.Duration)) *shop {
		s := newShop(seed, perHour)
		at := history + time.Duration(s.rng.Int64N(int64(16*time.Hour)))
		s.at = at
		if visit == nil {
			s.downFrom, s.downTo = at, at+span
			visit = (*shop).usual
		}
		s.normal(0, at, 1, s.usual)
		s.normal(at, at+span, factor, func(at time.Duration) { visit(s, at) })
		s.normal(at+span, ends, 1, s.usual)
		s.noise(ends)
		return s
	}
	return []world{
		{"an ordinary day", quiet},
		{"login down for 30 minutes", func(seed uint64, perHour float64) *shop {
			return during(seed, perHour, 30*time.Minute, 1, nil)
		}},
		{"login down, and six times as many have to log in", func(seed uint64, perHour float64) *shop {
			return during(seed, perHour, 30*time.Minute, 6, nil)
		}},
		{"everybody comes at once (8 times as many)", func(seed uint64, perHour float64) *shop {
			return during(seed, perHour, time.Hour, 8, (*shop).usual)
		}},
		{"every password has expired", func(seed uint64, perHour float64) *shop {
			return during(seed, perHour, 10*time.Hour, 1.5, func(s *shop, at time.Duration) { s.person(at, 0.8) })
		}},
		{"one client that fails 5000 times, one office with 500 people", func(seed uint64, perHour float64) *shop {
			s := quiet(seed, perHour)
			one, office := s.fresh(), s.fresh()
			for i := range 5000 {
				s.try(history+time.Duration(i)*4*time.Second, one, "monitoring", false)
			}
			for i := range 500 {
				s.try(history+time.Duration(i)*7*time.Second, office, fmt.Sprintf("colleague%d", i), s.rng.IntN(7) > 0)
			}
			return s
		}},
	}
}

// campaign is a site with a history, and one attack on its last day.
func campaign(seed uint64, perHour float64, addresses int, span time.Duration) *shop {
	s := quiet(seed, perHour)
	s.at = history + time.Duration(s.rng.Int64N(int64(16*time.Hour)))
	s.stuffing(s.at, span, addresses)
	return s
}

// forget drops what happened earlier than half an hour before what is special.
func (s *shop) forget() {
	from := start.Add(s.at - 30*time.Minute).UnixNano()
	s.events = slices.DeleteFunc(s.events, func(e event.Event) bool { return e.Time < from })
}

// targeted is a site with a history, and one account on its last day that so many networks try.
func targeted(seed uint64, perHour float64, networks int, span time.Duration) *shop {
	s := newShop(seed, perHour)
	s.named = true
	s.normal(0, ends, 1, s.usual)
	s.noise(ends)
	s.at = history + time.Duration(s.rng.Int64N(int64(16*time.Hour)))
	for range networks {
		from, when := s.fresh(), s.at+time.Duration(s.rng.Int64N(int64(span)))
		for range 1 + s.rng.IntN(3) {
			s.try(when, from, "person1@shop.example", false)
			when += time.Duration(1+s.rng.IntN(60)) * time.Second
		}
	}
	return s
}

// TestSecondStage holds what is measured with -evidence for one seed of one size of site: the campaigns that stand out
// are found and nothing benign is.
func TestSecondStage(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, s := range []*shop{
		campaign(201, 100, 300, 10*time.Minute), campaign(201, 100, 2000, time.Hour), campaign(201, 100, 2000, 6*time.Hour),
		targeted(201, 100, 30, time.Hour),
	} {
		said := s.said(t)
		if first, _, _ := opened(said, s.at, s.at+7*time.Hour); first < 0 {
			t.Error("a campaign was not found")
		}
		if _, _, n := opened(said, 0, s.at); n > 0 {
			t.Errorf("%d findings before the campaign", n)
		}
	}
	for _, w := range benign() {
		if _, _, n := opened(w.shop(202, 100).said(t), 0, math.MaxInt64); n > 0 {
			t.Errorf("%s: %d findings", w.name, n)
		}
	}
}

var sizes = []float64{20, 100, 500, 2500}

// TestEvidence prints recall and false findings over many seeds.
func TestEvidence(t *testing.T) {
	if !*evidence {
		t.Skip("needs -evidence")
	}
	var b strings.Builder
	row := func(name string, measure func(size float64) string) {
		fmt.Fprintf(&b, "| %s |", name)
		for _, size := range sizes {
			fmt.Fprintf(&b, " %s |", measure(size))
		}
		b.WriteByte('\n')
	}
	for _, addresses := range []int{300, 2000, 20_000} {
		for _, span := range []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour} {
			row(fmt.Sprintf("%d addresses in %s", addresses, span), func(size float64) string {
				return recall(t, span, func(seed uint64) *shop { return campaign(seed, size, addresses, span) })
			})
		}
	}
	for _, networks := range []int{15, 60} {
		row(fmt.Sprintf("one account from %d networks in 1h", networks), func(size float64) string {
			return recall(t, time.Hour, func(seed uint64) *shop { return targeted(seed, size, networks, time.Hour) })
		})
	}
	row("300 addresses in 1h, half an hour after the log begins", func(size float64) string {
		return recall(t, time.Hour, func(seed uint64) *shop {
			s := campaign(seed, size, 300, time.Hour)
			s.forget()
			return s
		})
	})
	t.Logf("found of %d, and after what share of the campaign by the median:\n%s", *seeds, b.String())
	b.Reset()
	for _, w := range benign() {
		row(w.name, func(size float64) string {
			return falseDays(t, func(seed uint64) *shop { return w.shop(seed, size) })
		})
	}
	for _, w := range benign()[1:5] {
		row(w.name+", half an hour after the log begins", func(size float64) string {
			return falseDays(t, func(seed uint64) *shop {
				s := w.shop(seed, size)
				s.forget()
				return s
			})
		})
	}
	t.Logf("sites of %d with a false finding:\n%s", *seeds, b.String())
}

func falseDays(t *testing.T, build func(seed uint64) *shop) string {
	t.Helper()
	days := 0
	for i := range *seeds {
		if _, _, n := opened(build(*firstSeed+uint64(i)).said(t), 0, math.MaxInt64); n > 0 {
			days++
		}
	}
	return fmt.Sprint(days)
}

func recall(t *testing.T, span time.Duration, build func(seed uint64) *shop) string {
	t.Helper()
	var after []float64
	for i := range *seeds {
		s := build(*firstSeed + uint64(i))
		said := s.said(t)
		if first, _, _ := opened(said, s.at, s.at+span+time.Hour); first >= 0 {
			after = append(after, float64(first-s.at)/float64(span))
		}
		if _, _, n := opened(said, 0, s.at); n > 0 {
			t.Errorf("%d false findings before", n)
		}
	}
	if len(after) == 0 {
		return "0"
	}
	slices.Sort(after)
	return fmt.Sprintf("%d (%.0f %%)", len(after), 100*after[len(after)/2])
}
