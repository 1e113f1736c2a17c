// Package command is the command gatewatch simulate: its flags and help, and what it shows. The simulation itself is in
// package simulate.
package command

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"gatewatch/internal/app/simulate"
	"gatewatch/internal/app/simulate/render"
)

// Flags are the flags of simulate as given.
type Flags struct {
	cfg    simulate.Config
	topic  simulate.TopicConfig
	output string
	labels string
	list   bool
	quiet  bool
}

// Formats are the values of --format.
func Formats() []string { return render.Names() }

// Define defines the flags, with their defaults.
func (f *Flags) Define(fs *pflag.FlagSet) {
	f.cfg = simulate.DefaultConfig()
	c := &f.cfg
	fs.IntVar(&c.Days, "days", c.Days, "simulate `N` days")
	fs.IntVar(&c.Clients, "clients", c.Clients, "of `N` people, phones and partners")
	fs.StringVar(&c.Start, "start", c.Start, "from midnight of this `DATE` on")
	fs.StringVar(&c.Zone, "zone", c.Zone, "in this time `ZONE`")
	fs.Uint64Var(&c.Seed, "seed", c.Seed, "draw everything from the seed `N`")
	fs.Float64Var(&c.Activity, "activity", c.Activity, "let people come `X` times as often")
	fs.StringSliceVar(&c.Attacks, "attacks", c.Attacks, "make the attacks `NAMES`, or \"all\" or \"none\"")
	fs.IntVar(&c.Repeat, "repeat", c.Repeat, "make each attack `N` times, at other times and by others")
	fs.Float64Var(&c.Intensity, "intensity", c.Intensity, "let attackers ask `X` times as much and as fast")
	fs.Float64Var(&c.Stealth, "stealth", c.Stealth, "hide attackers: `X` from 0, as they are, to 1, slow, irregular and named as browsers")
	fs.IntVar(&c.Quiet, "quiet-days", c.Quiet, "attack after `N` days only (-1: a quarter of all, and no more than a week)")
	fs.StringSliceVar(&c.Scenarios, "scenarios", c.Scenarios, "let happen what `NAMES` say, or \"all\" or \"none\"")
	fs.StringSliceVar(&c.Holidays, "holiday", nil, "make `DATE` a holiday; may be repeated (default: a Friday)")
	fs.StringVar(&c.Format, "format", c.Format, "write lines as `FORMAT`: "+strings.Join(render.Names(), " or "))
	fs.StringVarP(&f.output, "output", "o", "-", "write the log to `FILE`, compressed when it ends with .gz")
	fs.StringVar(&f.labels, "labels", "", "write the truth about attacks and scenarios to `FILE`, as JSON Lines")
	fs.StringSliceVar(&f.topic.Brokers, "brokers", nil, "send lines to Kafka at `HOST:PORT` in place of a file; may be repeated")
	fs.StringVar(&f.topic.Topic, "topic", "access.raw", "to the topic `NAME`")
	fs.Float64Var(&f.topic.Rate, "rate", 0, "at most `N` lines a second (0: as fast as they are taken)")
	fs.BoolVar(&f.list, "list", false, "list the attacks and scenarios, and do nothing else")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "show no progress and no summary")
}

// check tells faults of the flags, all at once.
func (f *Flags) check(given func(flag string) bool) error {
	var errs []error
	if f.toKafka() {
		if given("output") {
			errs = append(errs, errors.New("--output and --brokers: want one of them"))
		}
		errs = append(errs, f.topic.Validate())
	} else if given("rate") || given("topic") {
		errs = append(errs, errors.New("--rate and --topic are for Kafka: name it with --brokers"))
	}
	return errors.Join(append(errs, f.cfg.Validate())...)
}

func (f *Flags) toKafka() bool { return len(f.topic.Brokers) > 0 }
