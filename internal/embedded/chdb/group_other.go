//go:build !unix

package chdb

import "syscall"

func ownGroup() *syscall.SysProcAttr { return nil }
