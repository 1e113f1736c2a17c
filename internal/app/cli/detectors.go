package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gatewatch/internal/config"
	"gatewatch/internal/config/span"
	"gatewatch/internal/config/spell"
	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/terminal/report"
)

func newDetectors(w World) *cobra.Command {
	return &cobra.Command{
		Use:   "detectors [NAME]",
		Short: "List what is looked for",
		Long: `Detectors lists what is looked for, about whom, and the numbers under which it is known: MITRE
ATT&CK, OWASP API Security Top 10 (2023) and OWASP Automated Threats.

With a NAME it says what the finding means, and with which thresholds; the configuration sets
them, and turns detectors off, under the same names.`,
		Example:           "  gatewatch detectors\n  gatewatch detectors path_scan",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.FixedCompletions(detectorNames(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listDetectors(cmd, w)
			}
			for _, d := range detect.Catalog() {
				if d.Spec().Name == args[0] {
					return describe(cmd, w, d)
				}
			}
			return errors.New(spell.Unknown("detector", args[0], detectorNames()))
		},
	}
}

func detectorNames() []string {
	var out []string
	for _, d := range detect.Catalog() {
		out = append(out, d.Spec().Name)
	}
	slices.Sort(out)
	return out
}

func listDetectors(cmd *cobra.Command, w World) error {
	var rows [][]string
	for _, d := range detect.Catalog() {
		s := d.Spec()
		known := strings.Join(slices.Concat(s.Attack, s.OWASP, s.OAT), " ")
		rows = append(rows, []string{s.Name, s.Title, strings.Join(kinds(s.Entity), "\n"), known})
	}
	header := []string{"NAME", "FINDS", "ABOUT A", "KNOWN AS"}
	return report.List(cmd.OutOrStdout(), header, rows, layoutOf(cmd, w))
}

// describe shows one detector, and its thresholds as they stand in a configuration.
func describe(cmd *cobra.Command, w World, d detect.Definition) error {
	s := d.Spec()
	rows := [][]string{
		{"title", s.Title},
		{"means", s.Description},
		{"about a", strings.Join(kinds(s.Entity), ", else ")},
		{"quiet after", span.Format(s.Quiet)},
		{"ATT&CK", strings.Join(s.Attack, " ")},
		{"OWASP", strings.Join(s.OWASP, " ")},
		{"OAT", strings.Join(s.OAT, " ")},
	}
	if err := report.List(cmd.OutOrStdout(), []string{"detector", s.Name}, rows, layoutOf(cmd, w)); err != nil {
		return err
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "\ndetectors:\n  %s:\n    enabled: true\n%s", s.Name, indent(config.Thresholds(d)))
	return err
}

func indent(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString("    " + l + "\n")
	}
	return b.String()
}

func kinds(all []event.Kind) []string {
	out := make([]string, 0, len(all))
	for _, k := range all {
		out = append(out, k.String())
	}
	return out
}
