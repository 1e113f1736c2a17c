//go:build !((linux || darwin) && (amd64 || arm64)) || nochdb

package chdb

import "runtime"

const canLoad = false

func call(string, []string) error { return unsupported(runtime.GOOS + "/" + runtime.GOARCH) }
