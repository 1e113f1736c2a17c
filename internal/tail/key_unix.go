//go:build unix

package tail

import (
	"os"
	"syscall"
)

// keyOf is what the system calls a file.
func keyOf(_ string, info os.FileInfo) key {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return key{uint64(st.Dev), st.Ino} //nolint:unconvert // signed on some systems
	}
	return key{}
}

func isKey(info os.FileInfo, k key) bool { return keyOf("", info) == k }

// sameInode compares without the device, whose number may be another after the machine was started again.
func sameInode(info os.FileInfo, k key) bool { return keyOf("", info).inode == k.inode }
