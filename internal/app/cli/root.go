// Package cli is the command line of gatewatch, the people's tool: its commands, flags, help and exit codes. What the
// commands do is in the other packages of app.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gatewatch/internal/config/spell"
	"gatewatch/internal/terminal/report"
)

// The exit codes.
const (
	ExitOK          = 0
	ExitFound       = 1   // --fail-on is met
	ExitError       = 2   // something could not be done
	ExitInterrupted = 130 // as a shell has it for SIGINT
)

// World is what a command sees of the world around it. The zero value is this process's own.
type World struct {
	// ConfigDir is where the user's configuration is kept; "" is the system's place for it.
	ConfigDir string
	// LookupEnv finds variables of the environment. Default: os.LookupEnv.
	LookupEnv func(string) (string, bool)
}

func (w World) lookup(name string) (string, bool) {
	if w.LookupEnv != nil {
		return w.LookupEnv(name)
	}
	return os.LookupEnv(name)
}

func (w World) getenv(name string) string {
	v, _ := w.lookup(name)
	return v
}

func (w World) configDir() string {
	if w.ConfigDir != "" {
		return w.ConfigDir
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "" // nowhere to keep anything, which Key has an answer for
	}
	return dir
}

// New makes the root command with all commands below it.
func New(w World) *cobra.Command {
	root := &cobra.Command{
		Use:   "gatewatch",
		Short: "Find attacks in HTTP access logs",
		Long: `gatewatch reads the access logs of gateways and services, learns what is normal for
every client, and finds scanners, credential attacks, enumeration and floods.

Begin with a log that you have:

  gatewatch scan /var/log/nginx/access.log

and go on with a stream of them, everything included:

  gatewatch up`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version().Version,
		Args:          noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return errors.Join(cmd.Help(), errUsage)
		},
	}
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", ".FlagUsagesWrapped 96"))
	root.AddCommand(newScan(w), newUp(w), newSimulate(w), newEvaluate(w), newClickHouse(), newFormats(w), newDetectors(w), newCheckConfig(w), newConfig(w), newVersion(), newMan(root))
	root.Flags().BoolP("version", "v", false, "show the version")
	addHelp(root)
	return root
}

func addHelp(cmd *cobra.Command) {
	cmd.Flags().BoolP("help", "h", false, "show this help")
	for _, sub := range cmd.Commands() {
		addHelp(sub)
	}
}

// noCommand says what was meant by an argument that is no command: another command, or a log to scan.
func noCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if _, err := os.Stat(args[0]); err == nil || strings.ContainsAny(args[0], "./*") || args[0] == "-" {
		return fmt.Errorf("unknown command %q: to scan it, write \"gatewatch scan %s\"", args[0], args[0])
	}
	var names []string
	for _, cmd := range root.Commands() {
		names = append(names, cmd.Name())
	}
	return errors.New(spell.Unknown("command", args[0], names))
}

// errUsage tells that help was shown because the command was given nothing to do.
var errUsage = errors.New("nothing to do")

// errStopped tells that a signal ended a command that runs until then.
var errStopped = errors.New("stopped")

// errInterrupted tells that a signal ended the work.
var errInterrupted = errors.New("interrupted: what was done so far is shown")

// codeError ends the program with an exit code of its own and no message.
type codeError int

// Error implements error.
func (e codeError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// Run executes the command and returns the exit code; errors go to its error output.
func Run(ctx context.Context, root *cobra.Command) int {
	err := root.ExecuteContext(ctx)
	var code codeError
	switch {
	case errors.Is(err, errStopped):
		return ExitOK
	case ctx.Err() != nil:
		say(root.ErrOrStderr(), errors.Join(errWithoutCode(err), errInterrupted))
		return ExitInterrupted
	case err == nil:
		return ExitOK
	case errors.Is(err, errUsage):
		return ExitError
	case errors.As(err, &code):
		return int(code)
	default:
		say(root.ErrOrStderr(), err)
		return ExitError
	}
}

func errWithoutCode(err error) error {
	if code := codeError(0); errors.As(err, &code) {
		return nil
	}
	return err
}

// say writes an error, one line for each that it joins. File names and lines of logs in it may hold anything.
func say(w io.Writer, err error) {
	if err == nil {
		return
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(w, "gatewatch: %s\n", report.Visible(line))
	}
}
