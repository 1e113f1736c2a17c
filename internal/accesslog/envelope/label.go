package envelope

import "bytes"

// maxLabel is how long a label may be, in bytes.
const maxLabel = 80

// labelEnd is where the line begins behind "web-1  | " or "frontend.0 nginx: "; 0 when there is no label. Any sentence may
// begin like the latter, so what follows it must begin like a line does: with a digit, a brace or a bracket.
func labelEnd(text []byte) int {
	head := text[:min(len(text), maxLabel)]
	if i := bytes.Index(head, []byte(" | ")); i > 0 && bytes.IndexByte(bytes.TrimRight(head[:i], " "), ' ') < 0 {
		return i + len(" | ")
	}
	first, rest := cutWord(head)
	if isTag(first) {
		return lineBegin(text, len(first)+1)
	}
	if second, _ := cutWord(rest); isTag(second) {
		return lineBegin(text, len(first)+1+len(second)+1)
	}
	return 0
}

// lineBegin is i when a line may begin there, else 0.
func lineBegin(text []byte, i int) int {
	if i < len(text) && (isDigit(text[i]) || text[i] == '{' || text[i] == '[') {
		return i
	}
	return 0
}
