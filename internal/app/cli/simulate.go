package cli

import (
	"context"

	"github.com/spf13/cobra"

	"gatewatch/internal/app/simulate/command"
)

func newSimulate(w World) *cobra.Command {
	var f command.Flags
	cmd := &cobra.Command{
		Use:     "simulate",
		Short:   "Write the access log of an imaginary site under attack",
		Long:    command.Long,
		Example: command.Example,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			if ctx == nil {
				ctx = context.Background()
			}
			return f.Run(ctx, command.World{
				Stdout: cmd.OutOrStdout(), Stderr: cmd.ErrOrStderr(), Layout: layoutOf(cmd, w), Given: cmd.Flags().Changed,
			})
		},
	}
	cmd.Flags().SortFlags = false
	f.Define(cmd.Flags())
	complete(cmd, "format", command.Formats())
	must(cmd.MarkFlagFilename("output"))
	must(cmd.MarkFlagFilename("labels", "jsonl"))
	return cmd
}
