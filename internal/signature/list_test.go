package signature

import "testing"

func TestListsCompile(t *testing.T) {
	agents(t)
	lures(t)
	probe(t)
}
