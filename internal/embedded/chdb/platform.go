package chdb

import (
	"fmt"
	"path/filepath"
	"runtime"
)

const libraryFile = "libchdb.so"

// build is the library for one kind of machine.
type build struct {
	// Package is the package's name in the registry.
	Package string
	// Integrity is what the registry published, as subresource integrity: sha512, in base64. Without it, the registry is
	// asked for what it published.
	Integrity string
}

// builds are the machines that the library is published for. The version is pinned, so a package that has changed since
// is refused.
var builds = map[string]build{
	"linux/amd64": {
		Package:   "@chdb/lib-linux-x64-gnu",
		Integrity: "sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==",
	},
	"linux/arm64":  {Package: "@chdb/lib-linux-arm64-gnu"},
	"darwin/amd64": {Package: "@chdb/lib-darwin-x64"},
	"darwin/arm64": {Package: "@chdb/lib-darwin-arm64"},
}

func platform() (build, error) {
	machine := runtime.GOOS + "/" + runtime.GOARCH
	b, ok := builds[machine]
	if !ok || !canLoad {
		return build{}, unsupported(machine)
	}
	if runtime.GOOS == "linux" && isMusl("/") {
		return build{}, unsupported(machine + " with musl")
	}
	return b, nil
}

func unsupported(machine string) error {
	return fmt.Errorf("an embedded ClickHouse is not to be had for %s (only for Linux with glibc and macOS, on x86-64 and arm64): "+
		"run gatewatch's services against a ClickHouse server by its address", machine)
}

// isMusl tells a system whose C library is musl, such as Alpine; the library needs glibc.
func isMusl(root string) bool {
	musl, _ := filepath.Glob(filepath.Join(root, "lib/ld-musl-*.so.1"))
	glibc, _ := filepath.Glob(filepath.Join(root, "lib*/ld-linux-*.so.*"))
	return len(musl) > 0 && len(glibc) == 0
}
