//go:build !unix

package chdb

import (
	"context"
	"errors"
)

// ErrLocked tells that another process holds a lock.
var ErrLocked = errors.New("another process is at it")

// TryLock locks nothing: there is no library to protect on this system.
func TryLock(string) (unlock func(), err error) { return func() {}, nil }

// Lock locks nothing: there is no library to protect on this system.
func Lock(context.Context, string) (unlock func(), err error) { return func() {}, nil }
