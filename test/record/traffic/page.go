package main

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

var (
	linkPattern  = regexp.MustCompile(`<a href="(/[^"]*)"`)
	assetPattern = regexp.MustCompile(`(?:src|<link rel="(?:stylesheet|icon)" href)="(/[^"]*)"`)
)

// paths returns the distinct paths that a pattern finds in a page.
func paths(pattern *regexp.Regexp, page string) []string {
	var found []string
	for _, match := range pattern.FindAllStringSubmatch(page, -1) {
		if !slices.Contains(found, match[1]) {
			found = append(found, match[1])
		}
	}
	return found
}

// Open fetches a page and, like a browser, the assets not fetched before. It
// returns the links that a person would follow.
func (v *Visitor) Open(ctx context.Context, path, referer string) ([]string, error) {
	answer, err := v.Get(ctx, path, referer)
	if err != nil {
		return nil, err
	}
	for _, asset := range paths(assetPattern, answer.Body) {
		if v.cached[asset] {
			continue
		}
		v.cached[asset] = true
		if _, err := v.Get(ctx, asset, origin+path); err != nil {
			return nil, err
		}
	}
	if slug, ok := strings.CutPrefix(path, "/products/"); ok {
		// What shop.js does on product pages.
		if _, err := v.Get(ctx, "/api/v1/stock/"+slug, origin+path); err != nil {
			return nil, err
		}
	}
	links := slices.DeleteFunc(paths(linkPattern, answer.Body), func(link string) bool {
		return link == "/logout" || link == "/login" || strings.HasPrefix(link, "/admin")
	})
	return links, nil
}
