package trouble

import (
	"net/http"
	"os"
	"syscall"
	"testing"
)

// reload: a threshold is lowered while the detector runs, which remembers what clients did before. A file with faults
// changes nothing, and the log and the answer say where they are.
func reload(t *testing.T, sh shared) {
	const before, after = 10, 3 // paths: together they are above the lowered threshold of 12, and the second alone are not
	s := newStand(t, sh, 1)
	ingest, detector := s.start("ingest", "", ""), s.start("detector", "", "detectors: {path_scan: {paths: 15}}")
	first, second := "203.0.113.1", "203.0.113.2"
	s.produce(append(asks(before, first, "a", 404), asks(before, second, "a", 404)...)...)
	s.stored(2 * before)
	if n := s.query("SELECT count() FROM findings"); n != "0" {
		t.Fatalf("there are %s findings already, so this tests nothing", n)
	}
	s.configure(detector, "", "detectors: {path_scan: {paths: 12}}")
	detector.signal(syscall.SIGHUP)
	detector.tells("configuration reloaded")
	s.produce(asks(after, first, "b", 404)...)
	s.untilRow(first+"/1", "SELECT entity, evidence['missed_paths'] >= 12 FROM findings_latest WHERE detector = 'path_scan'")

	for _, bad := range []struct {
		name, text, want string
	}{
		{"a threshold out of range", "detectors: {path_scan: {paths: 0}}", "detectors.path_scan"},
		{"a word that is none", "detectors: {path_scan: {pathes: 40}}", "did you mean"},
		{"no YAML", "detectors: {path_scan: {paths: 40}", "gatewatch.yaml"},
	} {
		s.configure(detector, "", bad.text)
		status, said := detector.get(http.MethodPost, "/-/reload")
		if status != http.StatusUnprocessableEntity || !holds(said, []string{"the configuration stays as it is", bad.want}) {
			t.Errorf("%s: POST /-/reload answers %d %s, want 422 with %q", bad.name, status, said, bad.want)
		}
		detector.tells("configuration not reloaded, the old one stays", bad.want)
	}
	if err := os.Remove(detector.config()); err != nil {
		t.Fatal(err)
	}
	detector.signal(syscall.SIGHUP)
	detector.tells("configuration not reloaded, the old one stays", "no such file")
	if got := detector.metric("gatewatch_config_last_reload_successful"); got != 0 {
		t.Errorf("gatewatch_config_last_reload_successful is %v, want 0", got)
	}
	detector.ready()
	s.produce(asks(after, second, "b", 404)...) // the threshold is still the lowered one
	s.untilRow("2", "SELECT count() FROM findings_latest WHERE detector = 'path_scan'")

	s.configure(detector, "", "detectors: {path_scan: {paths: 15}}")
	if status, said := detector.get(http.MethodPost, "/-/reload"); status != http.StatusOK || said != "reloaded\n" {
		t.Errorf("POST /-/reload of a good file answers %d %s", status, said)
	}
	s.stored(2 * (before + after))
	for _, p := range []*program{ingest, detector} {
		p.quiet(30)
		p.terminate()
	}
}
