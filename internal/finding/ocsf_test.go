package finding

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var testProduct = Product{Name: "gatewatch", Vendor: "gatewatch", Version: "1.2.3"}

// required are the attributes that OCSF 1.8.0 requires, by the path of their object; "[]" stands for every item of an
// array. An object that is absent requires nothing.
var required = map[string][]string{
	"": {
		"activity_id", "category_uid", "class_uid", "finding_info", "metadata", "severity_id", "time", "type_uid",
	},
	"metadata":                              {"product", "version"},
	"finding_info":                          {"uid"},
	"finding_info.analytic":                 {"type_id"},
	"finding_info.tags[]":                   {"name"},
	"observables[]":                         {"type_id"},
	"anomaly_analyses[]":                    {"analysis_targets", "anomalies"},
	"anomaly_analyses[].anomalies[]":        {"observation_parameter", "observations"},
	"anomaly_analyses[].baselines[]":        {"observation_parameter", "observations"},
	"anomaly_analyses[].analysis_targets[]": {"name"},
	"evidences[].http_response":             {"code"},
}

// oneOf are the constraints "at least one of".
var oneOf = map[string][]string{
	"metadata.product":             {"name", "uid"},
	"finding_info.attacks[]":       {"tactic", "technique", "sub_technique"},
	"evidences[]":                  {"actor", "data", "dst_endpoint", "http_request", "http_response", "src_endpoint", "name"},
	"evidences[].src_endpoint":     {"ip", "uid", "name", "hostname", "svc_name"},
	"evidences[].dst_endpoint":     {"ip", "uid", "name", "hostname", "svc_name"},
	"evidences[].http_request.url": {"url_string", "path"},
	"evidences[].actor.user":       {"uid", "name", "account"},
}

// complaints checks an object and those in it.
func complaints(path string, v any) []string {
	var out []string
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			out = append(out, complaints(path+"[]", item)...)
		}
	case map[string]any:
		for _, name := range required[path] {
			if _, ok := v[name]; !ok {
				out = append(out, fmt.Sprintf("%q has no %s", path, name))
			}
		}
		if names, ok := oneOf[path]; ok && !slices.ContainsFunc(names, func(n string) bool { return v[n] != nil }) {
			out = append(out, fmt.Sprintf("%q has none of %v", path, names))
		}
		for name, member := range v {
			sub := name
			if path != "" {
				sub = path + "." + name
			}
			out = append(out, complaints(sub, member)...)
		}
	}
	return out
}

func toOCSF(t *testing.T, f Finding) map[string]any {
	t.Helper()
	b, err := f.OCSF(testProduct)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOCSFHasWhatIsRequired(t *testing.T) {
	for name, f := range map[string]Finding{"full": full(), "least": least()} {
		t.Run(name, func(t *testing.T) {
			for _, c := range complaints("", toOCSF(t, f)) {
				t.Error(c)
			}
		})
	}
}

func TestComplaints(t *testing.T) {
	m := toOCSF(t, full())
	delete(m, "time")
	delete(m["metadata"].(map[string]any), "product")
	got := complaints("", m)
	slices.Sort(got)
	want := []string{`"" has no time`, `"metadata" has no product`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("complaints (-want +got):\n%s", diff)
	}
}

func TestOCSFValues(t *testing.T) {
	m := toOCSF(t, full())
	for path, want := range map[string]any{
		"class_uid": 2004.0, "category_uid": 2.0, "activity_id": 3.0, "type_uid": 200403.0, "severity_id": 4.0,
		// 1 700 000 100 s
		"time": 1_700_000_100_000.0, "count": 41.0, "confidence_id": 3.0, "confidence_score": 90.0, "is_alert": true,
	} {
		if diff := cmp.Diff(want, m[path]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	info := m["finding_info"].(map[string]any)
	wantAttacks := []any{
		map[string]any{
			"version":       "19.1",
			"technique":     map[string]any{"uid": "T1595", "name": "Active Scanning"},
			"sub_technique": map[string]any{"uid": "T1595.003", "name": "Wordlist Scanning"},
		},
		map[string]any{
			"version":   "19.1",
			"technique": map[string]any{"uid": "T1190", "name": "Exploit Public-Facing Application"},
		},
	}
	if diff := cmp.Diff(any(wantAttacks), info["attacks"]); diff != "" {
		t.Errorf("attacks (-want +got):\n%s", diff)
	}
	sample := m["evidences"].([]any)[1].(map[string]any)
	wantURL := map[string]any{"scheme": "https", "hostname": "shop.example", "path": "/a\x1b[31m<b>�", "query_string": "q=~0123456789abcdef"}
	if diff := cmp.Diff(any(wantURL), sample["http_request"].(map[string]any)["url"]); diff != "" {
		t.Errorf("url (-want +got):\n%s", diff)
	}
	f := full()
	f.Baseline = nil
	if _, ok := toOCSF(t, f)["anomaly_analyses"]; ok {
		t.Error("a finding without a baseline has anomaly analyses")
	}
}

func TestObservableType(t *testing.T) {
	for value, want := range map[string]int{"192.0.2.1": 2, "2001:db8::/64": 12, "host.example": 1} {
		f := least()
		f.Entity.Value = value
		if got, _ := observableType(f.Entity); got != want {
			t.Errorf("observableType(%s) = %d, want %d", value, got, want)
		}
	}
}

func TestHostname(t *testing.T) {
	for host, want := range map[string]string{
		"": "", "a.example": "a.example", "a.example:80": "a.example", "[2001:db8::1]:80": "2001:db8::1", "2001:db8::1": "2001:db8::1", "[": "",
	} {
		if got := hostname(host); got != want {
			t.Errorf("hostname(%q) = %q, want %q", host, got, want)
		}
	}
}

func TestEveryTechniqueHasANameAndParent(t *testing.T) {
	for id := range techniques {
		for _, a := range ocsfAttacks([]string{id}) {
			if a.Technique.Name == "" {
				t.Errorf("technique %s of %s has no name", a.Technique.UID, id)
			}
		}
	}
}
