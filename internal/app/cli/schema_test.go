package cli

import (
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestRealFindingsAgreeWithSchema: what a scan of recorded attacks prints is what the published schema says.
func TestRealFindingsAgreeWithSchema(t *testing.T) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile("../../../schemas/finding/v1/finding.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	got := gatewatch(t, world(t), nil, "scan", "-q", "-o", "json", "../../../testdata/recordings")
	if got.code != ExitOK {
		t.Fatalf("exit code %d: %s", got.code, got.stderr)
	}
	if n := strings.Count(got.stdout, "\n"); n < 10 {
		t.Fatalf("%d findings in recordings of attacks, want more", n)
	}
	for line := range strings.Lines(got.stdout) {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%v\n%s", err, line)
		}
	}
}
