package main

import (
	"embed"
	"io"
	"net/http"
	"time"
)

//go:embed static
var assets embed.FS

// Site answers every request of the shop.
type Site struct {
	mux             *http.ServeMux
	signer          Signer
	redirectFailure bool          // a wrong form login redirects instead of showing the form again
	work            time.Duration // what a search costs, so that a flood is bounded by the site
	started         time.Time
}

// New returns the shop as an HTTP handler.
func New(redirectFailure bool, work time.Duration) *Site {
	s := &Site{
		mux:             http.NewServeMux(),
		signer:          NewSigner("recorded shop"),
		redirectFailure: redirectFailure,
		work:            work,
		// A fixed date makes If-Modified-Since work across runs.
		started: time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC),
	}
	s.pageRoutes()
	s.loginRoutes()
	s.apiRoutes()
	s.adminRoutes()
	s.mux.HandleFunc("GET /static/{path...}", s.static)
	s.mux.HandleFunc("GET /favicon.ico", s.favicon)
	s.mux.HandleFunc("GET /health", s.health)
	return s
}

// ServeHTTP implements http.Handler.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mux.ServeHTTP(w, r)
}

func (s *Site) health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (s *Site) static(w http.ResponseWriter, r *http.Request) {
	s.asset(w, r, "static/"+r.PathValue("path"))
}

func (s *Site) favicon(w http.ResponseWriter, r *http.Request) {
	s.asset(w, r, "static/img/logo.svg")
}

func (s *Site) asset(w http.ResponseWriter, r *http.Request, name string) {
	file, err := assets.Open(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	content, seekable := file.(io.ReadSeeker)
	if err != nil || info.IsDir() || !seekable {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=600")
	http.ServeContent(w, r, info.Name(), s.started, content)
}
