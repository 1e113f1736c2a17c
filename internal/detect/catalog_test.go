package detect

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// labels are those of every detector's doc comment, in this order.
var labels = []string{"Signal", "Formula", "Window", "Defaults", "State", "ATT&CK", "OWASP", "Benign", "Blind to"}

func TestCatalog(t *testing.T) {
	names := map[string]bool{}
	for _, d := range Catalog() {
		s := d.Spec()
		if !regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`).MatchString(s.Name) || names[s.Name] {
			t.Errorf("name %q", s.Name)
		}
		names[s.Name] = true
		if err := d.Validate(); err != nil {
			t.Errorf("defaults: %v", err)
		}
		if s.Version == 0 || s.Quiet <= 0 || len(s.Entity) == 0 || s.Title == "" || s.Description == "" ||
			len(s.Attack) == 0 || len(s.OWASP) == 0 || len(s.OAT) == 0 {
			t.Errorf("%s: something is missing: %+v", s.Name, s)
		}
		if !hasCases(t, s.Name) {
			t.Errorf("%s has no golden cases", s.Name)
		}
	}
}

func hasCases(t *testing.T, name string) bool {
	t.Helper()
	files, err := os.ReadDir("testdata/" + name)
	return err == nil && len(files) > 0
}

// TestDocs checks that each detector's comment has its labels in order, and says the size that its state has.
func TestDocs(t *testing.T) {
	sizes := map[string]uintptr{
		"PathScan": unsafe.Sizeof(pathScanState{}), "SensitivePath": unsafe.Sizeof(sensitivePathState{}),
		"LoginBruteforce":    unsafe.Sizeof(loginBruteforceState{}),
		"CredentialStuffing": unsafe.Sizeof(credentialStuffingState{}), "ObjectWalk": unsafe.Sizeof(objectWalkState{}),
		"RequestFlood": unsafe.Sizeof(requestFloodState{}), "ScannerAgent": unsafe.Sizeof(scannerAgentState{}),
		"InjectionProbe": unsafe.Sizeof(injectionProbeState{}), "AccountAttack": unsafe.Sizeof(accountAttackState{}),
		"DistributedStuffing": unsafe.Sizeof(distributedStuffingState{}),
		"VolumeAnomaly":       unsafe.Sizeof(volumeAnomalyState{}),
		"TrafficSurge":        unsafe.Sizeof(trafficSurgeState{}), "TrafficDrop": unsafe.Sizeof(trafficDropState{}),
		"ErrorSpike": unsafe.Sizeof(errorSpikeState{}), "LatencyShift": unsafe.Sizeof(latencyShiftState{}),
		"BreadthAnomaly": unsafe.Sizeof(breadthAnomalyState{}), "Exfiltration": unsafe.Sizeof(exfiltrationState{}),
	}
	for _, d := range Catalog() {
		file := d.Spec().Name + ".go"
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		doc, name := firstType(tree)
		var got []string
		for line := range strings.Lines(doc) {
			if label, _, ok := strings.Cut(line, ":"); ok && slices.Contains(labels, label) {
				got = append(got, label)
			}
		}
		if !slices.Equal(got, labels) {
			t.Errorf("%s: labels %v, want %v", file, got, labels)
		}
		want := "State: " + strconv.Itoa(int(sizes[name])) + " bytes"
		if !strings.Contains(doc, want) {
			t.Errorf("%s: want %q in the comment of %s", file, want, name)
		}
	}
}

// firstType is the comment and name of the first type that a file declares.
func firstType(f *ast.File) (doc, name string) {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			if s, ok := g.Specs[0].(*ast.TypeSpec); ok {
				return g.Doc.Text(), s.Name.Name
			}
		}
	}
	return "", ""
}

// refusal is a configuration with one bad value, which its fault must name.
type refusal struct {
	name     string
	validate func() error
}

func refusals() []refusal {
	return []refusal{
		{"window", func() error { c := DefaultPathScan(); c.Window = 0; return NewPathScan(c).Validate() }},
		{"paths", func() error { c := DefaultPathScan(); c.Paths = 1; return NewPathScan(c).Validate() }},
		{"many", func() error { c := DefaultPathScan(); c.Many = 3; return NewPathScan(c).Validate() }},
		{"slow_paths", func() error { c := DefaultPathScan(); c.SlowPaths = 3; return NewPathScan(c).Validate() }},
		{"share", func() error { c := DefaultPathScan(); c.Share = 1.1; return NewPathScan(c).Validate() }},
		{"slow_share", func() error { c := DefaultPathScan(); c.SlowShare = -1; return NewPathScan(c).Validate() }},
		{"lures", func() error { c := DefaultSensitivePath(); c.Lures = 1; return NewSensitivePath(c).Validate() }},
		{"weight", func() error { c := DefaultSensitivePath(); c.Weight = 6; return NewSensitivePath(c).Validate() }},
		{"window", func() error { c := DefaultLoginBruteforce(); c.Window = -1; return NewLoginBruteforce(c).Validate() }},
		{"failures", func() error { c := DefaultLoginBruteforce(); c.Failures = 2; return NewLoginBruteforce(c).Validate() }},
		{"attempts", func() error { c := DefaultLoginBruteforce(); c.Attempts = 2; return NewLoginBruteforce(c).Validate() }},
		{"attempt_share", func() error {
			c := DefaultLoginBruteforce()
			c.AttemptShare = 2
			return NewLoginBruteforce(c).Validate()
		}},
		{"share", func() error { c := DefaultLoginBruteforce(); c.Share = 2; return NewLoginBruteforce(c).Validate() }},
		{"paced_failures", func() error {
			c := DefaultLoginBruteforce()
			c.PacedFailures = 3
			return NewLoginBruteforce(c).Validate()
		}},
		{"paced_gap", func() error { c := DefaultLoginBruteforce(); c.PacedGap = 0; return NewLoginBruteforce(c).Validate() }},
		{"paced_pause", func() error {
			c := DefaultLoginBruteforce()
			c.PacedPause = time.Second
			return NewLoginBruteforce(c).Validate()
		}},
		{"paced_variation", func() error {
			c := DefaultLoginBruteforce()
			c.PacedVariation = 2
			return NewLoginBruteforce(c).Validate()
		}},
		{"window", func() error {
			c := DefaultCredentialStuffing()
			c.Window = 0
			return NewCredentialStuffing(c).Validate()
		}},
		{"accounts", func() error {
			c := DefaultCredentialStuffing()
			c.Accounts = 2
			return NewCredentialStuffing(c).Validate()
		}},
		{"tries", func() error {
			c := DefaultCredentialStuffing()
			c.Tries = 0.5
			return NewCredentialStuffing(c).Validate()
		}},
		{"share", func() error {
			c := DefaultCredentialStuffing()
			c.Share = -1
			return NewCredentialStuffing(c).Validate()
		}},
	}
}

func moreRefusals() []refusal {
	return []refusal{
		{"window", func() error { c := DefaultObjectWalk(); c.Window = 0; return NewObjectWalk(c).Validate() }},
		{"refused", func() error { c := DefaultObjectWalk(); c.Refused = 1; return NewObjectWalk(c).Validate() }},
		{"near_share", func() error { c := DefaultObjectWalk(); c.NearShare = 3; return NewObjectWalk(c).Validate() }},
		{"low", func() error { c := DefaultRequestFlood(); c.Low = floodStart; return NewRequestFlood(c).Validate() }},
		{"sustained", func() error { c := DefaultRequestFlood(); c.Sustained = 100; return NewRequestFlood(c).Validate() }},
		{"peers", func() error { c := DefaultRequestFlood(); c.Peers = 1; return NewRequestFlood(c).Validate() }},
		{"peer_factor", func() error { c := DefaultRequestFlood(); c.PeerFactor = 0; return NewRequestFlood(c).Validate() }},
		{"failed_share", func() error { c := DefaultRequestFlood(); c.FailedShare = 2; return NewRequestFlood(c).Validate() }},
		{"requests", func() error { c := DefaultScannerAgent(); c.Requests = 0; return NewScannerAgent(c).Validate() }},
		{"sure", func() error { c := DefaultScannerAgent(); c.Sure = 101; return NewScannerAgent(c).Validate() }},
		{"window", func() error { c := DefaultInjectionProbe(); c.Window = 0; return NewInjectionProbe(c).Validate() }},
		{"probes", func() error { c := DefaultInjectionProbe(); c.Probes = 1; return NewInjectionProbe(c).Validate() }},
		{"many_probes", func() error { c := DefaultInjectionProbe(); c.ManyProbes = 1; return NewInjectionProbe(c).Validate() }},
		{"share", func() error { c := DefaultInjectionProbe(); c.Share = 7; return NewInjectionProbe(c).Validate() }},
		{"alerts_per_day", func() error {
			c := DefaultVolumeAnomaly()
			c.AlertsPerDay = 0
			return NewVolumeAnomaly(c).Validate()
		}},
		{"refused", func() error { c := DefaultVolumeAnomaly(); c.Refused = 1; return NewVolumeAnomaly(c).Validate() }},
		{"bytes", func() error { c := DefaultVolumeAnomaly(); c.Bytes = 0; return NewVolumeAnomaly(c).Validate() }},
		{"seconds", func() error { c := DefaultVolumeAnomaly(); c.Seconds = 0; return NewVolumeAnomaly(c).Validate() }},
		{"drift", func() error { c := DefaultVolumeAnomaly(); c.Drift = 1; return NewVolumeAnomaly(c).Validate() }},
		{"peers", func() error { c := DefaultVolumeAnomaly(); c.Peers = 0; return NewVolumeAnomaly(c).Validate() }},
		{"lateness", func() error { c := testConfig(); c.Lateness = -1; return c.Validate() }},
		{"max_entities", func() error { c := testConfig(); c.MaxEntities = 0; return c.Validate() }},
		{"max_states", func() error { c := testConfig(); c.MaxStates = 0; return c.Validate() }},
		{"max_episodes", func() error { c := testConfig(); c.MaxEpisodes = c.MaxStates; return c.Validate() }},
	}
}

func TestValidateRefuses(t *testing.T) {
	for _, tt := range slices.Concat(refusals(), moreRefusals(), breadthRefusals(), exfiltrationRefusals(), troubleRefusals(), flowRefusals()) {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.validate(); err == nil || !strings.Contains(err.Error(), tt.name) {
				t.Errorf("%v, want a fault that names %s", err, tt.name)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	twice := append(firstStage(), firstStage()[0])
	if _, err := New(testConfig(), twice); err == nil {
		t.Error("a detector stands twice in the catalog")
	}
	if _, err := New(testConfig(), Catalog()); err == nil {
		t.Error("one engine for both stages")
	}
	bad := DefaultPathScan()
	bad.Paths = 0
	if _, err := New(testConfig(), []Definition{Define(NewPathScan(bad))}); err == nil || !strings.Contains(err.Error(), "path_scan") {
		t.Errorf("%v, want a fault that names path_scan", err)
	}
}
