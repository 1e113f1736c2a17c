package main

import "bytes"

// line returns a message without its priority and its line end.
func line(message []byte) []byte {
	message = bytes.TrimRight(message, "\r\n\x00")
	if rest, ok := bytes.CutPrefix(message, []byte("<")); ok {
		if _, text, ok := bytes.Cut(rest, []byte(">")); ok {
			return text
		}
	}
	return message
}
