// Command chdb is a ClickHouse server for tests.
package main

import (
	"fmt"
	"os"

	"gatewatch/internal/embedded/chdb"
)

func main() {
	server, err := chdb.ParseArgs(os.Args[1:])
	if err == nil {
		err = server.Serve()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "chdb:", err)
		os.Exit(1)
	}
}
