//go:build unix

package scan

import (
	"runtime"
	"syscall"
	"time"
)

// Usage is the CPU time that this process has used, and its peak resident memory in bytes; zeros where the system does
// not tell.
func Usage() (cpu time.Duration, memory int64) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, 0
	}
	memory = int64(u.Maxrss) //nolint:unconvert // 32 bits wide on some platforms
	if runtime.GOOS != "darwin" && runtime.GOOS != "ios" {
		memory *= 1024 // these two count bytes, all others KiB
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), memory
}
