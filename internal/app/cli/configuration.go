package cli

import (
	"github.com/spf13/cobra"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	configv1 "gatewatch/schemas/config/v1"
)

func newConfig(w World) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show the configuration, or its schema",
		Long: `Config shows what is configured and what could be. "gatewatch check-config" says whether it is
right.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newConfigPrint(w), newConfigSchema())
	return cmd
}

func newConfigPrint(w World) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "print",
		Short: "Print every setting that holds",
		Long: `Print prints the whole configuration as a gatewatch.yaml: what the file says, and the defaults
for what it does not say. Variables of the environment have been put in. Secrets are hidden, so
that the output can be shown to others; names of files that hold secrets are there.`,
		Example: `  # All settings there are, with their defaults
  gatewatch config print --config /dev/null

  # What differs between two machines?
  diff <(ssh a gatewatch config print) <(ssh b gatewatch config print)`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadFile(w, file)
			if err != nil {
				return err
			}
			text, err := cfg.YAML()
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	}
	configFlag(cmd, &file)
	return cmd
}

func newConfigSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of gatewatch.yaml",
		Long: `Schema prints the JSON Schema of gatewatch.yaml, with which editors complete, explain and check
keys. For editors with the YAML language server, put this on the first line of the file:

  # yaml-language-server: $schema=gatewatch.schema.json`,
		Example: "  gatewatch config schema > gatewatch.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write([]byte(configv1.Schema()))
			return err
		},
	}
}

func configFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "config", "", "read the configuration `FILE` (default: $GATEWATCH_CONFIG, else "+service.DefaultFile+" if it is there)")
	must(cmd.MarkFlagFilename("config", "yaml", "yml"))
}

// loadFile reads the configuration that the services would read, without any for a machine that has none.
func loadFile(w World, file string) (config.Config, error) {
	path := service.File(file, w.lookup)
	if path == "" {
		return config.Default(), nil
	}
	return config.Load(path, w.lookup)
}
