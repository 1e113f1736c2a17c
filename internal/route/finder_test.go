package route

import (
	"fmt"
	"testing"
)

// Downstream of a Templater a Finder must see the same objects, whatever the route became.
func TestFinderAgreesWithTemplater(t *testing.T) {
	r, f := templater(t), NewFinder(42)
	check := func(path, query string, status int64) {
		e := request(path, status)
		e.Query = query
		want := r.Template(e)
		if got := f.Find(e); got != want {
			t.Errorf("%q as %q, status %d: Find = %+v, Template = %+v", path, e.Route, status, got, want)
		}
	}
	for i := range 200 {
		check("/users/"+word(i)+"/profile", "", 200)
		check("/docs/"+word(i)+".html", "", 200)
		check(fmt.Sprintf("/users/%s/orders/%d", word(i), i), "", 200)
	}
	for _, path := range []string{
		"/users/somebody", "/users/somebody/profile", "/users/somebody/unknown", "/users/somebody/unknown/7", "/users/somebody/a/b/c", "/docs/some-page.html",
		"/orders/5", "/orders/9f86d081884c7d65/1/2", "/x/y", "/x/7/y/8", "/", "", "/a/b/c/d/e/f/g/h/i/j/7/l/m/8/n", "/img/5.png",
	} {
		for _, status := range []int64{404, 200, 404} {
			check(path, "", status)
			check(path, "order_id=77", status)
		}
	}
}
