//go:build unix

package chdb

import "syscall"

// ownGroup puts a child out of the reach of the terminal's signals.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
