//go:build (linux || darwin) && (amd64 || arm64) && !nochdb

package chdb

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// canLoad tells whether this program can load the library. The build tag nochdb makes programs that cannot; they run
// without a C library, on Alpine for example.
const canLoad = true

// call runs the library's command line and returns when its last query has.
func call(library string, args []string) error {
	lib, err := purego.Dlopen(library, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return fmt.Errorf("loading ClickHouse: %w", err)
	}
	symbol, err := purego.Dlsym(lib, "chdb_query_cmdline")
	if err != nil {
		return fmt.Errorf("loading ClickHouse: %w", err)
	}
	var run func(argc int32, argv unsafe.Pointer) unsafe.Pointer
	purego.RegisterFunc(&run, symbol)

	// The library keeps pointers into its arguments, so they stay where they are until it is done.
	var pin runtime.Pinner
	defer pin.Unpin()
	argv := make([]*byte, len(args)+1)
	for i, a := range args {
		b := append([]byte(a), 0)
		pin.Pin(&b[0])
		argv[i] = &b[0]
	}
	pin.Pin(&argv[0])
	run(int32(len(args)), unsafe.Pointer(&argv[0])) //nolint:gosec // a handful of arguments
	return nil
}
