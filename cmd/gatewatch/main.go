// Command gatewatch finds attacks in HTTP access logs.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"gatewatch/internal/app/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal ends the work and prints what there is; a second one ends the program at once.
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Run(ctx, cli.New(cli.World{})))
}
