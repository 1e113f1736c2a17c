// Command syslogd receives the messages HAProxy sends and writes them to a
// file the way a system's log daemon does: without the priority in front.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "syslogd:", err)
		os.Exit(1)
	}
}

func run() (err error) {
	listen := flag.String("listen", "127.0.0.1:5140", "UDP address to listen on")
	name := flag.String("file", "", "file to write")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	address, err := net.ResolveUDPAddr("udp", *listen)
	if err != nil {
		return fmt.Errorf("reading the address: %w", err)
	}
	socket, err := net.ListenUDP("udp", address)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	// A flood sends many messages at once; none of them should be lost.
	if err := socket.SetReadBuffer(4 << 20); err != nil {
		return fmt.Errorf("asking for a large buffer: %w", err)
	}
	context.AfterFunc(ctx, func() { _ = socket.Close() })
	file, err := os.Create(*name)
	if err != nil {
		return fmt.Errorf("creating the log: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return receive(socket, file)
}

// receive writes one line for each message until the socket is closed.
func receive(socket net.PacketConn, file *os.File) error {
	lines := bufio.NewWriter(file)
	buffer := make([]byte, 64<<10)
	for {
		n, _, err := socket.ReadFrom(buffer)
		if errors.Is(err, net.ErrClosed) {
			return lines.Flush()
		}
		if err != nil {
			return errors.Join(fmt.Errorf("receiving: %w", err), lines.Flush())
		}
		if _, err := fmt.Fprintf(lines, "%s\n", line(buffer[:n])); err != nil {
			return fmt.Errorf("writing the log: %w", err)
		}
	}
}
