//go:build !linux

package servers

import "syscall"

func orphan() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
