package telemetry

import (
	"runtime"
	"runtime/debug"
)

// Build is what the program was built of.
type Build struct{ Version, Commit, Go, Platform string }

// ThisBuild is the build of this program.
func ThisBuild() Build {
	b := Build{Version: "devel", Commit: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	modified := ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			if s.Value == "true" {
				modified = " with changes"
			}
		}
	}
	b.Commit += modified
	return b
}

// String is the build as a program shows it when asked for its version.
func (b Build) String() string {
	return b.Version + "\ncommit    " + b.Commit + "\ngo        " + b.Go + "\nplatform  " + b.Platform
}
