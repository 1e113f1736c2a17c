package service

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

func TestAdvise(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want string // "" for no advice
	}{
		{"full", syscall.ENOSPC, "make room"},
		{"quota", syscall.EDQUOT, "make room"},
		{"size", syscall.EFBIG, "ulimit -f"},
		{"files", syscall.EMFILE, "ulimit -n"},
		{"read-only", syscall.EROFS, "ReadWritePaths"},
		{"rights", syscall.EACCES, "user of the service"},
		{"other", errors.New("other"), ""},
	} {
		err := &fs.PathError{Op: "write", Path: "/data/x", Err: tt.err}
		got := Advise(err)
		if !errors.Is(got, tt.err) || !strings.Contains(got.Error(), tt.want) || tt.want == "" && !errors.Is(err, got) {
			t.Errorf("%s: Advise(%v) = %v, want it with %q", tt.name, err, got, tt.want)
		}
	}
	if err := Advise(nil); err != nil {
		t.Errorf("Advise(nil) = %v", err)
	}
}
