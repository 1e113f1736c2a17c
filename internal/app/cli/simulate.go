package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"gatewatch/internal/app/simulate"
	"gatewatch/internal/app/simulate/attack"
	"gatewatch/internal/app/simulate/render"
	"gatewatch/internal/app/simulate/scenario"
	"gatewatch/internal/terminal"
	"gatewatch/internal/terminal/report"
)

const simulateLong = `Simulate writes the access log of an imaginary shop: people with browsers, behind offices and
carriers' gateways; its app; partners' nightly and hourly jobs; probes and crawlers; deploys
that break links, outages, a holiday, the change of the clocks. Into it come attacks of every
family, at the intensity and stealth you ask for, and --labels writes down who attacked what,
how, from when to when.

Nobody's address is in it: clients come from ranges that are given to nobody, except declared
crawlers, who have their published ones. The same flags give the same bytes, and the innocent
traffic stays the same line by line whatever attacks there are, apart from what the attack
itself takes away, so that runs can be compared.

A month of 5000 clients is some eight million lines, and minutes of work: a name that ends
with .gz is compressed.

Exit codes: 0 done; 2 something could not be done; 130 interrupted.`

const simulateExample = `  # A month, with every attack and the truth about it
  gatewatch simulate --labels labels.jsonl -o access.log.gz

  # A week of 500 clients without any attack, and what gatewatch thinks of it
  gatewatch simulate --days 7 --clients 500 --attacks none | gatewatch scan -

  # How quiet must somebody be not to be found?
  for s in 0 0.25 0.5 0.75 1; do
    gatewatch simulate --days 14 --attacks brute_force,object_walk --repeat 10 --stealth $s \
      --labels labels-$s.jsonl -o access-$s.log
  done

  # Into Kafka, 2000 lines a second
  gatewatch simulate --brokers localhost:9092 --rate 2000 --labels labels.jsonl`

// simulateFlags are the flags of simulate as given.
type simulateFlags struct {
	cfg    simulate.Config
	topic  simulate.TopicConfig
	output string
	labels string
	list   bool
	quiet  bool
}

func newSimulate(w World) *cobra.Command {
	f := simulateFlags{cfg: simulate.DefaultConfig()}
	cmd := &cobra.Command{
		Use:     "simulate",
		Short:   "Write the access log of an imaginary site under attack",
		Long:    simulateLong,
		Example: simulateExample,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd, w) },
	}
	f.define(cmd)
	return cmd
}

func (f *simulateFlags) define(cmd *cobra.Command) {
	fs, c := cmd.Flags(), &f.cfg
	fs.SortFlags = false
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
	complete(cmd, "format", render.Names())
	must(cmd.MarkFlagFilename("output"))
	must(cmd.MarkFlagFilename("labels"))
}

func (f *simulateFlags) run(cmd *cobra.Command, w World) error {
	if f.list {
		return listSimulated(cmd, w)
	}
	if err := f.check(cmd); err != nil {
		return err
	}
	sink, err := f.sink(cmd)
	if err != nil {
		return err
	}
	s, err := simulate.New(f.cfg, sink)
	if err != nil {
		return errors.Join(err, sink.Close())
	}
	started := time.Now()
	err = errors.Join(f.watch(cmd, s), sink.Close())
	if f.labels != "" {
		err = errors.Join(err, simulate.WriteLabels(f.labels, s.Labels()))
	}
	if err != nil || f.quiet {
		return err
	}
	p, took := s.Progress(), time.Since(started)
	fmt.Fprintf(cmd.ErrOrStderr(), "gatewatch: %s lines, %d labels, in %s (%s lines/s)\n",
		terminal.Count(p.Lines), len(s.Labels()), took.Round(100*time.Millisecond), terminal.Count(int64(float64(p.Lines)/took.Seconds())))
	return nil
}

// check tells faults of the flags, all at once.
func (f *simulateFlags) check(cmd *cobra.Command) error {
	var errs []error
	if len(f.topic.Brokers) > 0 {
		if cmd.Flags().Changed("output") {
			errs = append(errs, errors.New("--output and --brokers: want one of them"))
		}
		errs = append(errs, f.topic.Validate())
	} else if cmd.Flags().Changed("rate") || cmd.Flags().Changed("topic") {
		errs = append(errs, errors.New("--rate and --topic are for Kafka: name it with --brokers"))
	}
	return errors.Join(append(errs, f.cfg.Validate())...)
}

// closing is a sink that has to be closed.
type closing interface {
	Line(line []byte) error
	Close() error
}

func (f *simulateFlags) sink(cmd *cobra.Command) (closing, error) {
	switch {
	case len(f.topic.Brokers) > 0:
		return simulate.Open(contextOf(cmd), f.topic)
	case f.output == "-":
		return simulate.To(cmd.OutOrStdout()), nil
	default:
		return simulate.Create(f.output)
	}
}

func contextOf(cmd *cobra.Command) context.Context {
	if ctx := cmd.Context(); ctx != nil {
		return ctx
	}
	return context.Background()
}

// reporting is how often a long simulation tells how far it is.
const reporting = 5 * time.Second

// watch runs the simulation, and tells now and then how far it is.
func (f *simulateFlags) watch(cmd *cobra.Command, s *simulate.Simulation) error {
	ctx := contextOf(cmd)
	if f.quiet {
		return s.Run(ctx)
	}
	stop := make(chan struct{})
	var told sync.WaitGroup
	told.Go(func() {
		tick := time.NewTicker(reporting)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				p := s.Progress()
				fmt.Fprintf(cmd.ErrOrStderr(), "gatewatch: %.0f %%, %s lines\n", 100*p.Done, terminal.Count(p.Lines))
			}
		}
	})
	defer told.Wait()
	defer close(stop)
	return s.Run(ctx)
}

func listSimulated(cmd *cobra.Command, w World) error {
	var rows [][]string
	for _, a := range attack.All() {
		rows = append(rows, []string{a.Name, a.Family, a.About})
	}
	for _, s := range scenario.All() {
		rows = append(rows, []string{s.Name, "(scenario)", s.About})
	}
	return report.List(cmd.OutOrStdout(), []string{"NAME", "FAMILY", "ABOUT"}, rows, layoutOf(cmd, w))
}
