package main

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"
)

// The footer links to a badge and a press kit that were removed long ago:
// every visitor meets these two 404 answers, as on many real sites.
const layout = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}} - Lamp &amp; Chair</title>
<link rel="stylesheet" href="/static/style.css"><link rel="icon" href="/favicon.ico">
<script src="/static/shop.js" defer></script></head>
<body><header><img src="/static/img/logo.svg" alt="Lamp &amp; Chair">
<nav><a href="/">Home</a> <a href="/products">Products</a> <a href="/blog">Blog</a> <a href="/about">About</a>
<a href="/contact">Contact</a> <a href="/login">Log in</a></nav>
<form action="/search"><input name="q"><button>Search</button></form></header>
<main><h1>{{.Title}}</h1>
{{if .Image}}<img src="{{.Image}}" alt="">{{end}}
{{range .Paragraphs}}<p>{{.}}</p>
{{end}}<ul>{{range .Links}}<li><a href="{{.}}">{{.}}</a></li>
{{end}}</ul></main>
<footer><img src="/static/img/partner-badge.png" alt=""><a href="/press-kit-2019.pdf">Press kit</a>
<a href="/terms">Terms</a></footer></body></html>
`

// Page is what the layout shows.
type Page struct {
	Title      string
	Image      string
	Paragraphs []string
	Links      []string
}

var (
	pageTemplate = template.Must(template.New("page").Parse(layout))
	products     = []string{
		"arc-lamp", "desk-lamp", "floor-lamp", "reading-lamp", "wall-lamp", "clip-lamp",
		"oak-chair", "rocking-chair", "folding-chair", "bar-stool", "bench", "garden-chair",
	}
	articles = []string{"how-we-sand", "choosing-a-lamp", "workshop-visit", "care-for-oak", "led-or-not", "ten-years"}
)

func (s *Site) pageRoutes() {
	s.mux.HandleFunc("GET /{$}", s.home)
	s.mux.HandleFunc("GET /products", s.productList)
	s.mux.HandleFunc("GET /products/{slug}", s.product)
	s.mux.HandleFunc("GET /blog", s.blog)
	s.mux.HandleFunc("GET /blog/{slug}", s.article)
	s.mux.HandleFunc("GET /search", s.search)
	s.mux.HandleFunc("GET /robots.txt", s.robots)
	s.mux.HandleFunc("GET /sitemap.xml", s.sitemap)
	for path, title := range map[string]string{"/about": "About us", "/contact": "Contact", "/terms": "Terms"} {
		s.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			writePage(w, http.StatusOK, Page{Title: title, Paragraphs: []string{"Lamp & Chair is a small workshop."}})
		})
	}
}

func (s *Site) home(w http.ResponseWriter, _ *http.Request) {
	writePage(w, http.StatusOK, Page{
		Title: "Welcome", Image: "/static/img/hero.svg",
		Paragraphs: []string{"Lamps and chairs, made to last."},
		Links:      append(links("/products/", products[:5]), "/blog/"+articles[0]),
	})
}

func (s *Site) productList(w http.ResponseWriter, _ *http.Request) {
	writePage(w, http.StatusOK, Page{
		Title: "Products", Image: "/static/img/lamp.svg", Links: links("/products/", products),
	})
}

func (s *Site) product(w http.ResponseWriter, r *http.Request) {
	slug := r.PathValue("slug")
	for i, p := range products {
		if p != slug {
			continue
		}
		image := "/static/img/lamp.svg"
		if i >= 6 {
			image = "/static/img/chair.svg"
		}
		writePage(w, http.StatusOK, Page{
			Title: p, Image: image, Paragraphs: []string{"In stock. Ships in two days."},
			Links: []string{"/products/" + products[(i+1)%len(products)], "/products/" + products[(i+5)%len(products)]},
		})
		return
	}
	http.NotFound(w, r)
}

func (s *Site) blog(w http.ResponseWriter, _ *http.Request) {
	writePage(w, http.StatusOK, Page{Title: "Blog", Links: links("/blog/", articles)})
}

func (s *Site) article(w http.ResponseWriter, r *http.Request) {
	slug := r.PathValue("slug")
	for i, a := range articles {
		if a == slug {
			writePage(w, http.StatusOK, Page{
				Title: a, Image: "/static/img/hero.svg", Paragraphs: []string{strings.Repeat("Wood and light. ", 40)},
				Links: []string{"/blog/" + articles[(i+1)%len(articles)], "/products/" + products[i]},
			})
			return
		}
	}
	http.NotFound(w, r)
}

// search escapes what it shows; its fixed cost is what a flood has to wait for.
func (s *Site) search(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.work)
	q := r.URL.Query().Get("q")
	var found []string
	for _, p := range products {
		if q != "" && strings.Contains(p, strings.ToLower(q)) {
			found = append(found, p)
		}
	}
	writePage(w, http.StatusOK, Page{
		Title:      "Search",
		Paragraphs: []string{fmt.Sprintf("%d results for %q", len(found), q)},
		Links:      links("/products/", found),
	})
}

func (s *Site) robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprint(w, "User-agent: *\nDisallow: /admin/\nDisallow: /search\nSitemap: http://shop.example/sitemap.xml\n")
}

func (s *Site) sitemap(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/xml")
	_, _ = fmt.Fprint(w, `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, path := range append(links("/products/", products), links("/blog/", articles)...) {
		_, _ = fmt.Fprintf(w, "<url><loc>http://shop.example%s</loc></url>", path)
	}
	_, _ = fmt.Fprint(w, "</urlset>")
}

func links(prefix string, names []string) []string {
	all := make([]string, 0, len(names))
	for _, n := range names {
		all = append(all, prefix+n)
	}
	return all
}

func writePage(w http.ResponseWriter, status int, page Page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A client that went away is no error of the site.
	_ = pageTemplate.Execute(w, page)
}
