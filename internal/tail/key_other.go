//go:build !unix

package tail

import (
	"hash/fnv"
	"os"
)

// keyOf is the path's hash where the system does not tell a number: rotation by renaming then looks like truncation.
func keyOf(path string, _ os.FileInfo) key {
	h := fnv.New64a()
	_, _ = h.Write([]byte(path))
	return key{inode: h.Sum64()}
}

func isKey(os.FileInfo, key) bool { return true }

func sameInode(os.FileInfo, key) bool { return false }
