package logfile

import (
	"cmp"
	"path/filepath"
	"strings"
)

// LooksLikeLog tells whether a file of that name, found in a directory, is taken for an access log; see DirectoryRule.
func LooksLikeLog(name string) bool {
	name = series(strings.ToLower(name))
	if strings.Contains(name, "error") {
		return false
	}
	for _, ext := range []string{".log", ".jsonl", ".ndjson"} {
		if strings.HasSuffix(name, ext) {
			return true
		}
	}
	return strings.Contains(name, "access")
}

// Series is the name that the parts of a rotated log have in common: "shop-access.log.3.gz" and "shop-access.log-20261122"
// are of "shop-access".
func Series(path string) string {
	base := filepath.Base(path)
	return cmp.Or(strings.TrimSuffix(series(base), ".log"), base)
}

func series(name string) string {
	for _, ext := range []string{".gz", ".bz2", ".zst", ".xz"} {
		name = strings.TrimSuffix(name, ext)
	}
	return withoutRotation(name)
}

// withoutRotation takes ".14", "-20261122" and the like off a name.
func withoutRotation(name string) string {
	end := len(name)
	for end > 0 && (name[end-1] >= '0' && name[end-1] <= '9' || name[end-1] == '-' || name[end-1] == '.' || name[end-1] == '_') {
		end--
	}
	if end == len(name) {
		return name
	}
	return name[:end]
}
