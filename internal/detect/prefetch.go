//go:build amd64 || arm64

package detect

import "unsafe"

// prefetch asks the processor to bring the cache line at p nearer. It changes nothing.
//
//go:noescape
func prefetch(p unsafe.Pointer)
