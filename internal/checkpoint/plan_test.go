package checkpoint

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadPlans(t *testing.T) {
	journal := func(plans ...Plan) []byte {
		var b []byte
		for _, p := range plans {
			b = p.AppendTo(b)
		}
		return b
	}
	whole := journal(Plan{First: 1, Last: 5}, Plan{First: 6, Last: 9}, Plan{1, 5, true})
	tests := []struct {
		name string
		in   []byte
		want []Plan
		good int
	}{
		{"nothing", nil, nil, 0},
		{"one done, one open", whole, []Plan{{1, 5, true}, {6, 9, false}}, len(whole)},
		{"cut off", whole[:len(whole)-1], []Plan{{1, 5, false}, {6, 9, false}}, 2 * PlanSize},
		{"rewritten", journal(Plan{1, 5, true}, Plan{6, 9, false}), []Plan{{1, 5, true}, {6, 9, false}}, 2 * PlanSize},
		{
			"begun anew below", journal(Plan{First: 10, Last: 19}, Plan{First: 20, Last: 29}, Plan{First: 15, Last: 17}),
			[]Plan{{15, 17, false}},
			3 * PlanSize,
		},
		{"nonsense", append(journal(Plan{First: 3, Last: 4}), make([]byte, 40)...), []Plan{{3, 4, false}}, PlanSize},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, good := ReadPlans(tt.in)
			if diff := cmp.Diff(tt.want, got); diff != "" || good != tt.good {
				t.Errorf("ReadPlans: good %d, want %d (-want +got):\n%s", good, tt.good, diff)
			}
		})
	}
}
