package route

import (
	"testing"

	"gatewatch/internal/event"
)

// attempt is one request to log in: at a second, by a client, answered with a status and a size.
type attempt struct {
	second, client int64
	status, size   int64
}

func (a attempt) observe(p *LoginProfile) Outcome {
	e := &event.Event{Method: "POST", Time: a.second * 1e9}
	e.SetStatus(a.status)
	if a.size >= 0 {
		e.SetBodyBytesOut(a.size)
	}
	return p.Observe(e, event.Key{Lo: uint64(a.client)})
}

func times(n int, step int64, a attempt) (out []attempt) {
	for range n {
		out = append(out, a)
		a.second += step
	}
	return out
}

func TestLoginOutcome(t *testing.T) {
	tests := []struct {
		name   string
		before []attempt
		last   attempt
		want   Outcome
	}{
		{"401", nil, attempt{0, 1, 401, 20}, Failure},
		{"403", nil, attempt{0, 1, 403, 20}, Failure},
		{"422", nil, attempt{0, 1, 422, 20}, Failure},
		{"500 says nothing", nil, attempt{0, 1, 500, 20}, OutcomeUnknown},
		{"404 says nothing", nil, attempt{0, 1, 404, 20}, OutcomeUnknown},
		{"first 200", nil, attempt{0, 1, 200, 20}, OutcomeUnknown},
		{"200 on a JSON route", []attempt{{0, 1, 401, 20}}, attempt{5, 2, 200, 600}, Success},
		{"a 400 makes no JSON route", []attempt{{0, 1, 400, 20}}, attempt{5, 2, 200, 600}, OutcomeUnknown},
		{"form again", []attempt{{0, 1, 302, 0}}, attempt{5, 2, 200, 4000}, Failure},
		{"form redirects", []attempt{{0, 1, 200, 4000}}, attempt{5, 2, 302, 0}, Success},
		{"200 four times", times(3, 2, attempt{0, 1, 200, 4000}), attempt{6, 1, 200, 4000}, OutcomeUnknown},
		{"200 five times", times(4, 2, attempt{0, 1, 200, 4000}), attempt{8, 1, 200, 4010}, Failure},
		{"200 five times, an hour between", times(4, 3600, attempt{0, 1, 200, 4000}), attempt{4 * 3600, 1, 200, 4000}, OutcomeUnknown},
		{"redirects only", times(30, 2, attempt{0, 1, 302, 0}), attempt{60, 1, 302, 0}, OutcomeUnknown},
		// A guesser gets the 154-byte redirect 30 times and then the 0-byte one; nine others get that at once and go in.
		{"redirects of two sizes, failure", append(times(9, 100, attempt{0, 2, 302, 0}), times(30, 2, attempt{2000, 1, 302, 154})...), attempt{2060, 1, 302, 154}, Failure},
		{"redirects of two sizes, success", append(times(9, 100, attempt{0, 2, 302, 0}), times(30, 2, attempt{2000, 1, 302, 154})...), attempt{2060, 1, 302, 0}, Success},
		{"no sizes", []attempt{{0, 1, 302, -1}}, attempt{5, 2, 200, -1}, Failure},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p LoginProfile
			for _, a := range tt.before {
				a.observe(&p)
			}
			if got := tt.last.observe(&p); got != tt.want {
				t.Errorf("%+v after %d attempts = %v, want %v; answers %+v", tt.last, len(tt.before), got, tt.want, p.Answers)
			}
		})
	}
}

// An office behind one address logs in in the morning: one redirect after the other must not become failures.
func TestOfficeIsNoAttack(t *testing.T) {
	var p LoginProfile
	for i := range int64(40) {
		a := attempt{i * 20, 1, 302, 0}
		if i%9 == 4 {
			a.size = 154 // a typing error, tried again by the next line
		}
		if got := a.observe(&p); got == Failure {
			t.Fatalf("attempt %d: %v", i, got)
		}
	}
}

func TestLoginProfileIsBounded(t *testing.T) {
	var p LoginProfile
	for i := range int64(50_000) {
		attempt{i, i % 97, 200 + i%3, i * 7919 % 100_000}.observe(&p)
	}
	for _, a := range p.Answers {
		if a.Retried > a.Count+1 || a.Count > maxCount {
			t.Errorf("answer %+v", a)
		}
	}
}

func BenchmarkLoginProfile(b *testing.B) {
	var p LoginProfile
	b.ReportAllocs()
	i := int64(0)
	for b.Loop() {
		attempt{i, i % 97, 200 + i%2*102, 4000}.observe(&p)
		i++
	}
}
