package service

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// Advise adds to an error of a directory what to do about it.
func Advise(err error) error {
	var advice string
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		advice = "make room there"
	case errors.Is(err, syscall.EFBIG):
		advice = "raise the limit on the size of its files: ulimit -f, or LimitFSIZE of the unit"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		advice = "raise the limit on open files: ulimit -n, or LimitNOFILE of the unit"
	case errors.Is(err, syscall.EROFS):
		advice = "mount it for writing, or name it in ReadWritePaths or StateDirectory of the unit"
	case errors.Is(err, fs.ErrPermission):
		advice = "give the directory to the user of the service"
	default:
		return err
	}
	return fmt.Errorf("%w (%s; it is tried again)", err, advice)
}
