package chdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Server is ClickHouse in a process of its own: the library installs signal handlers, and ends the process where it finds
// itself in an impossible state, so that it must not share one.
type Server struct {
	Library string
	// Dir keeps the data.
	Dir string
	// Port serves the native protocol, HTTPPort the HTTP interface, both on 127.0.0.1.
	Port, HTTPPort int
}

// graceful is how long the server may take to write what it has not written yet.
const graceful = 20 * time.Second

// aliveFD is the file descriptor of the pipe whose other end the parent holds, next to the standard ones.
const aliveFD = 3

// Args are the arguments of a process that serves; ParseArgs reads them.
func (s Server) Args() []string {
	return []string{s.Library, s.Dir, strconv.Itoa(s.Port), strconv.Itoa(s.HTTPPort)}
}

// ParseArgs reads what Args wrote.
func ParseArgs(args []string) (Server, error) {
	if len(args) != 4 {
		return Server{}, errors.New("want a library, a directory, a port and an HTTP port")
	}
	port, err := strconv.Atoi(args[2])
	if err != nil {
		return Server{}, fmt.Errorf("reading the port: %w", err)
	}
	httpPort, err := strconv.Atoi(args[3])
	if err != nil {
		return Server{}, fmt.Errorf("reading the HTTP port: %w", err)
	}
	return Server{Library: args[0], Dir: args[1], Port: port, HTTPPort: httpPort}, nil
}

// Serve serves until standard input ends, which it does when the parent closes its end or is no more, in whichever way.
func (s Server) Serve() error {
	go endAfterParent()
	unlock, err := occupy(context.Background(), s.Dir)
	if err != nil {
		return err
	}
	defer unlock()
	return call(s.Library, s.commandLine())
}

// occupy takes a data directory. A server whose parent was killed may still be writing what it had.
func occupy(ctx context.Context, dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("making the data directory: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, graceful+5*time.Second)
	defer cancel()
	unlock, err = Lock(ctx, filepath.Join(dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("waiting for another ClickHouse in %s to end: %w", dir, err)
	}
	return unlock, nil
}

// Vacant waits until no server has a data directory, and so until the ports of one that is ending are free.
func Vacant(ctx context.Context, dir string) error {
	unlock, err := occupy(ctx, dir)
	if err == nil {
		unlock()
	}
	return err
}

// endAfterParent ends a process that has not ended in order some time after its parent has gone. The library reads standard
// input, so this is another pipe.
func endAfterParent() {
	alive := os.NewFile(aliveFD, "parent")
	if alive == nil {
		return
	}
	if _, err := alive.Read(make([]byte, 1)); err == nil {
		return
	}
	time.Sleep(graceful)
	os.Exit(1)
}

// commandLine starts the listeners and then counts the lines of standard input, of which there are none until it ends.
func (s Server) commandLine() []string {
	return []string{
		"clickhouse", "--path=" + s.Dir,
		"--input-format=LineAsString", "--structure=line String",
		"--query", "SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; SELECT count() FROM table FORMAT Null",
		"--",
		"--listen_host=127.0.0.1", "--tcp_port=" + strconv.Itoa(s.Port), "--http_port=" + strconv.Itoa(s.HTTPPort),
		"--logger.log=" + filepath.Join(s.Dir, "clickhouse.log"), "--logger.level=warning", "--logger.size=10M", "--logger.count=1",
		// A laptop has other things to remember.
		"--mark_cache_size=134217728", "--uncompressed_cache_size=0",
	}
}
