package damage

import "strings"

// words are what the client says of bytes that are no records. It has no type for them.
var words = []string{
	"unable to decompress batch", "does not match calculated crc", "invalid record batch", "unknown magic",
	"unknown batch magic", "not enough data", "too short to allow for a crc", "does not match read length",
}

// Told tells that an error of the client is about a batch that cannot be read.
func Told(err error) bool {
	text := err.Error()
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
