package trouble

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"
)

// limitFiles has a process write files up to a size only, or to any: a full disk that needs no rights.
func (p *program) limitFiles(size uint64) {
	p.t.Helper()
	var now syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &now); err != nil {
		p.t.Fatal(err)
	}
	limit := syscall.Rlimit{Cur: min(size, now.Max), Max: now.Max}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(p.cmd.Process.Pid), syscall.RLIMIT_FSIZE,
		uintptr(unsafe.Pointer(&limit)), 0, 0, 0) //nolint:gosec // the call takes a pointer
	if errno != 0 {
		p.t.Fatal(errno)
	}
}

// fileSizes: neither the detector's checkpoints nor ingest's positions can be written.
func fileSizes(t *testing.T, sh shared) {
	s := newStand(t, sh, 1)
	access := filepath.Join(t.TempDir(), "access.log")
	f, err := os.Create(access)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	appendLines := func(lines [][]byte) {
		if _, err := f.Write(append(bytes.Join(lines, []byte("\n")), '\n')); err != nil {
			t.Fatal(err)
		}
	}
	ingest, detector := s.start("ingest", `files: ["`+access+`"]`, ""), s.start("detector", "", "")
	appendLines(asks(100, "203.0.113.1", "before", 200))
	s.stored(100)
	ingest.limitFiles(0)
	detector.limitFiles(0)
	appendLines(asks(100, "203.0.113.1", "during", 200))
	ingest.tells("positions in files are not saved, reading goes on", "file too large")
	ingest.unready("ingest.data_dir", "file too large", "ulimit -f")
	detector.tells("attempt failed, trying again", "planning batch", "file too large", "ulimit -f")
	detector.unready("disk", "planning batch", "file too large", "ulimit -f")
	ingest.limitFiles(1 << 62)
	detector.limitFiles(1 << 62)
	appendLines(asks(100, "203.0.113.1", "after", 200))
	s.stored(300)
	for _, p := range []*program{ingest, detector} {
		p.ready()
		p.quiet(30)
		p.terminate()
	}
}

// directory: something else stands where the data directories are to be made. Both services wait until it is gone.
func directory(t *testing.T, sh shared) {
	s := newStand(t, sh, 1)
	ingest, detector := s.program("ingest", `files: ["/nowhere/*.log"]`, ""), s.program("detector", "", "")
	for _, p := range []*program{ingest, detector} {
		if err := os.WriteFile(p.data(), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		p.start()
	}
	ingest.unready("ingest.data_dir", "not a directory")
	ingest.tells("attempt failed, trying again", "following files", "not a directory")
	detector.unready("opening the data directory", "detector.data_dir", "not a directory")
	detector.tells("attempt failed, trying again", "opening the data directory", "not a directory")
	for _, p := range []*program{ingest, detector} {
		if err := os.Remove(p.data()); err != nil {
			t.Fatal(err)
		}
		p.ready()
		p.tells("attempt succeeded")
		p.quiet(20)
		p.terminate()
	}
}
