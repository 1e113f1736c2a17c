package main

import (
	"slices"
	"testing"
)

func TestPathsOfAPage(t *testing.T) {
	page := `<link rel="stylesheet" href="/a.css"><script src="/b.js"></script><img src="/c.png"><img src="/c.png">
<a href="/one">1</a><a href="/two">2</a><a href="http://elsewhere.example/">3</a>`
	if got, want := paths(assetPattern, page), []string{"/a.css", "/b.js", "/c.png"}; !slices.Equal(got, want) {
		t.Errorf("assets are %q, want %q", got, want)
	}
	if got, want := paths(linkPattern, page), []string{"/one", "/two"}; !slices.Equal(got, want) {
		t.Errorf("links are %q, want %q", got, want)
	}
}
