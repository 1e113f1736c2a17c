package clickhouse

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/ebitengine/purego"
)

// serveVariable holds the port and the directory of the server that the test binary becomes when it is set.
const serveVariable = "GATEWATCH_TEST_CLICKHOUSE"

// libraryVariable overrides where the library is.
const libraryVariable = "GATEWATCH_LIBCHDB"

func TestMain(m *testing.M) {
	if v := os.Getenv(serveVariable); v != "" {
		if err := serve(v); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	shared.stop()
	os.Exit(code)
}

// serve is a ClickHouse server in this process until it is killed.
func serve(port string) error {
	lib, err := purego.Dlopen(library(), purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("loading ClickHouse: %w", err)
	}
	var run func(argc int32, argv unsafe.Pointer) uintptr
	purego.RegisterLibFunc(&run, lib, "chdb_query_cmdline")
	args := []string{
		"clickhouse", "--path=" + os.Getenv(serveVariable+"_DIR"), "--query",
		"SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; SELECT sum(sleepEachRow(1)) FROM numbers(1000000000) " +
			"SETTINGS max_block_size=1, function_sleep_max_microseconds_per_block=100000000",
		"--", "--tcp_port=" + port, "--http_port=" + os.Getenv(serveVariable+"_HTTP"),
	}
	argv := make([]*byte, 0, len(args)+1)
	for _, a := range args {
		b := append([]byte(a), 0)
		argv = append(argv, &b[0])
	}
	argv = append(argv, nil)
	run(int32(len(args)), unsafe.Pointer(&argv[0]))
	return nil
}

func library() string {
	if v := os.Getenv(libraryVariable); v != "" {
		return v
	}
	return "/tmp/chdb/libchdb.so"
}

// server is a ClickHouse server in a process of its own.
type server struct {
	addr, http string
	dir        string
	cmd        *exec.Cmd
}

// newServer starts a server on free ports.
func newServer(dir string) (*server, error) {
	if _, err := os.Stat(library()); err != nil {
		return nil, err
	}
	s := &server{addr: freePort(), http: freePort(), dir: dir}
	return s, s.start()
}

func freePort() string {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // listens for an instant
	if err != nil {
		panic(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start starts the server and waits until it answers.
func (s *server) start() error {
	_, port, _ := net.SplitHostPort(s.addr)
	_, web, _ := net.SplitHostPort(s.http)
	s.cmd = exec.Command(os.Args[0]) //nolint:noctx // ends when killed
	s.cmd.Env = append(os.Environ(), serveVariable+"="+port, serveVariable+"_HTTP="+web, serveVariable+"_DIR="+s.dir)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	log, err := os.Create(filepath.Join(s.dir, "server"+strconv.Itoa(os.Getpid())+".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		c, err := net.DialTimeout("tcp", s.addr, time.Second) //nolint:noctx // has its timeout
		if err == nil {
			return c.Close()
		}
		if time.Now().After(deadline) {
			s.kill()
			return fmt.Errorf("waiting for ClickHouse: %w", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// kill ends the server as a crash would.
func (s *server) kill() {
	if s == nil || s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}
