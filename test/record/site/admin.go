package main

import (
	"net/http"
	"strconv"

	"gatewatch/test/record/accounts"
)

// posts is how many posts the editorial area has; posts whose number ends in 7
// were deleted and answer 404.
const posts = 60

func (s *Site) adminRoutes() {
	s.mux.HandleFunc("GET /admin", s.staff(s.adminHome))
	s.mux.HandleFunc("GET /admin/posts", s.staff(s.adminPosts))
	s.mux.HandleFunc("POST /admin/posts", s.staff(s.adminCreate))
	s.mux.HandleFunc("GET /admin/posts/{id}/edit", s.staff(s.adminEdit))
	s.mux.HandleFunc("PUT /admin/posts/{id}", s.staff(s.adminSave))
	s.mux.HandleFunc("POST /admin/media", s.staff(s.adminUpload))
	s.mux.HandleFunc("GET /admin/settings", s.staff(s.adminSettings))
}

// staff sends strangers to the login form and refuses customers.
func (s *Site) staff(next func(http.ResponseWriter, *http.Request, accounts.Account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		account, ok := s.session(r)
		switch {
		case !ok:
			http.Redirect(w, r, "/login", http.StatusFound)
		case account.Role == accounts.Customer:
			http.Error(w, "forbidden", http.StatusForbidden)
		default:
			next(w, r, account)
		}
	}
}

func (s *Site) adminHome(w http.ResponseWriter, _ *http.Request, _ accounts.Account) {
	writePage(w, http.StatusOK, Page{Title: "Desk", Links: []string{"/admin/posts", "/admin/settings"}})
}

func (s *Site) adminPosts(w http.ResponseWriter, _ *http.Request, _ accounts.Account) {
	var edit []string
	for id := 1; id <= posts; id++ {
		if exists(strconv.Itoa(id)) {
			edit = append(edit, "/admin/posts/"+strconv.Itoa(id)+"/edit")
		}
	}
	writePage(w, http.StatusOK, Page{Title: "Posts", Links: edit})
}

func (s *Site) adminCreate(w http.ResponseWriter, r *http.Request, _ accounts.Account) {
	http.Redirect(w, r, "/admin/posts/"+strconv.Itoa(posts)+"/edit", http.StatusSeeOther)
}

func (s *Site) adminEdit(w http.ResponseWriter, r *http.Request, _ accounts.Account) {
	if !exists(r.PathValue("id")) {
		http.NotFound(w, r)
		return
	}
	writePage(w, http.StatusOK, Page{Title: "Edit post " + r.PathValue("id"), Links: []string{"/admin/posts"}})
}

func (s *Site) adminSave(w http.ResponseWriter, r *http.Request, _ accounts.Account) {
	if !exists(r.PathValue("id")) {
		http.NotFound(w, r)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"saved": r.PathValue("id")})
}

func (s *Site) adminUpload(w http.ResponseWriter, _ *http.Request, _ accounts.Account) {
	writeJSON(w, http.StatusCreated, map[string]string{"stored": "/static/img/hero.svg"})
}

// adminSettings is for administrators only, so an editor at work meets a 403.
func (s *Site) adminSettings(w http.ResponseWriter, _ *http.Request, account accounts.Account) {
	if account.Role != accounts.Admin {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	writePage(w, http.StatusOK, Page{Title: "Settings"})
}

func exists(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && n >= 1 && n <= posts && n%10 != 7
}
