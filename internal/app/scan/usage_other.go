//go:build !unix

package scan

import "time"

// Usage is the CPU time that this process has used, and its peak resident memory in bytes; zeros where the system does
// not tell.
func Usage() (cpu time.Duration, memory int64) { return 0, 0 }
