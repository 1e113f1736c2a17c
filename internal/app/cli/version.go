package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"gatewatch/internal/telemetry"
)

// version is what this program was built of.
func version() telemetry.Build { return telemetry.ThisBuild() }

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "gatewatch %s\n", version())
			return err
		},
	}
}
