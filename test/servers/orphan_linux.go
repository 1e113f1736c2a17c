package servers

import "syscall"

// orphan makes a server end when the test's process does, in whichever way. The signal comes at the end of the thread that
// started the process, and threads of Go end with the process unless a locked goroutine leaves one.
func orphan() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
