package main

import (
	"slices"
	"strconv"
	"strings"
)

// claim is something that is said of the detectors, and how it is found out.
type claim struct {
	name string
	// plan says which worlds are needed, and returns what judges them once they have been evaluated.
	plan func(p *plan) func() []*section
}

// claims are all of them, in the order in which they are told.
func claims() []claim {
	return []claim{
		{"clean", planClean}, {"days", planDays}, {"boil", planBoil}, {"volumes", planVolumes}, {"families", planFamilies},
	}
}

func claimNames() []string {
	var out []string
	for _, c := range claims() {
		out = append(out, c.name)
	}
	return out
}

func indexOf(all []claim, name string) int {
	return slices.IndexFunc(all, func(c claim) bool { return c.name == name })
}

// size is how much is measured.
type size struct {
	cleanSeeds, cleanClients     int
	daySeeds, dayClients         int
	boilSeeds, boilClients       int
	boilRepeat                   int
	volumeSeeds, volumeClients   int
	volumeRepeat                 int
	familySeeds, familyClients   int
	familyRepeat, cleanDays      int
	volumeDays, dayDays, boilDay int
}

// full is meant for 25 minutes on two cores that do nothing else, quick for 4.
var (
	full = size{
		cleanSeeds: 2, cleanClients: 5000, cleanDays: 30,
		daySeeds: 6, dayClients: 500, dayDays: 42,
		boilSeeds: 3, boilClients: 300, boilRepeat: 2, boilDay: 120,
		volumeSeeds: 3, volumeClients: 5000, volumeRepeat: 10, volumeDays: 30,
		familySeeds: 2, familyClients: 1000, familyRepeat: 4,
	}
	quick = size{
		cleanSeeds: 1, cleanClients: 800, cleanDays: 30,
		daySeeds: 2, dayClients: 500, dayDays: 42,
		boilSeeds: 1, boilClients: 200, boilRepeat: 1, boilDay: 120,
		volumeSeeds: 1, volumeClients: 1500, volumeRepeat: 10, volumeDays: 20,
		familySeeds: 1, familyClients: 500, familyRepeat: 2,
	}
)

// plan is what has to be simulated and looked at.
type plan struct {
	size   size
	worlds []*world
}

// Seeds begin where none that detectors were tuned on is: a number that was tuned for proves nothing.
const (
	cleanSeed  = 1101
	daySeed    = 1201
	boilSeed   = 1301
	volumeSeed = 1401
	familySeed = 1501
)

// world is the world of those flags; two claims that ask for the same one share it.
func (p *plan) world(name string, seed, days, clients int, args ...string) *world {
	args = append([]string{
		"--seed", strconv.Itoa(seed), "--days", strconv.Itoa(days), "--clients", strconv.Itoa(clients),
	}, args...)
	key := strings.Join(args, " ")
	for _, w := range p.worlds {
		if w.key == key {
			return w
		}
	}
	w := &world{name: name, key: key, args: args, seed: seed, lines: days * clients}
	p.worlds = append(p.worlds, w)
	return w
}
