package kafka

import (
	"context"
	"errors"
	"strings"
)

// corruptWords are what the client says of bytes that are no records. It has no type for them.
var corruptWords = []string{
	"unable to decompress batch", "does not match calculated crc", "invalid record batch", "unknown magic",
	"unknown batch magic", "not enough data", "too short to allow for a crc", "does not match read length",
}

// isCorrupt tells that a fetched batch was damaged.
func isCorrupt(err error) bool {
	text := err.Error()
	for _, w := range corruptWords {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
