package campaign

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNoticeable is about whose traffic a campaign changed: a twentieth of a service's requests, and more than ten.
func TestNoticeable(t *testing.T) {
	for _, tt := range []struct {
		name   string
		own    int
		others int // of anybody else, between one and the next
		want   []string
	}{
		{"alone", 11, 0, []string{"web"}},
		{"a few", 10, 0, nil},
		{"a twentieth", 21, 19, []string{"web"}}, // 21 of 21 + 20·19 = 401, more than 20.05
		{"less", 21, 21, nil},                    // 21 of 441, less than 22.05
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := New("a", Kind{Attack: true})
			had := int64(1000) // before it began
			for i := range tt.own {
				if i > 0 {
					had += int64(tt.others)
				}
				had++
				c.Count(had)
				c.Asked("web", had)
			}
			l, _ := c.Label()
			if diff := cmp.Diff(tt.want, l.Services); diff != "" {
				t.Errorf("services (-want +got)\n%s", diff)
			}
		})
	}
}
