package main

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"gatewatch/test/record/accounts"
)

func (s *Site) apiRoutes() {
	s.mux.HandleFunc("POST /api/v1/login", s.apiLogin)
	s.mux.HandleFunc("GET /api/v1/orders", s.authorized(s.apiOrders))
	s.mux.HandleFunc("GET /api/v1/orders/{id}", s.authorized(s.apiOrder))
	s.mux.HandleFunc("GET /api/v1/invoices/{id}", s.authorized(s.apiInvoice))
	s.mux.HandleFunc("GET /api/v1/users/{uuid}", s.authorized(s.apiUser))
	s.mux.HandleFunc("GET /api/v1/stock/{slug}", s.apiStock)
}

// authorized asks for the bearer token that /api/v1/login hands out.
func (s *Site) authorized(
	next func(http.ResponseWriter, *http.Request, accounts.Account),
) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		account, ok := s.signer.Open(token)
		if !bearer || !ok {
			writeError(w, http.StatusUnauthorized)
			return
		}
		next(w, r, account)
	}
}

func (s *Site) apiLogin(w http.ResponseWriter, r *http.Request) {
	var given struct{ Username, Password string }
	if err := json.NewDecoder(r.Body).Decode(&given); err != nil {
		writeError(w, http.StatusBadRequest)
		return
	}
	account, ok := check(given.Username, given.Password)
	if !ok {
		writeError(w, http.StatusUnauthorized)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"token": s.signer.Sign(account), "user": account.UUID})
}

func (s *Site) apiOrders(w http.ResponseWriter, _ *http.Request, account accounts.Account) {
	writeJSON(w, http.StatusOK, map[string][]int{"orders": accounts.Orders(account.Name)})
}

// apiOrder checks the owner: a walk over other people's orders meets 403, and
// 404 past the last order. Staff may see every order.
func (s *Site) apiOrder(w http.ResponseWriter, r *http.Request, account accounts.Account) {
	owner, id, ok := orderOwner(r)
	switch {
	case !ok:
		writeError(w, http.StatusNotFound)
	case owner.Name != account.Name && account.Role == accounts.Customer:
		writeError(w, http.StatusForbidden)
	default:
		writeJSON(w, http.StatusOK, map[string]any{"id": id, "user": owner.UUID, "state": "shipped"})
	}
}

// apiInvoice forgets to check the owner, on purpose: a walk over invoices
// succeeds, which is the case that matters most to the owner of a site.
func (s *Site) apiInvoice(w http.ResponseWriter, r *http.Request, _ accounts.Account) {
	owner, id, ok := orderOwner(r)
	if !ok {
		writeError(w, http.StatusNotFound)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"id": id, "user": owner.UUID, "total": 1900 + id%977})
}

func (s *Site) apiUser(w http.ResponseWriter, r *http.Request, account accounts.Account) {
	for _, a := range accounts.All() {
		if a.UUID != r.PathValue("uuid") {
			continue
		}
		if a.Name != account.Name && account.Role != accounts.Admin {
			writeError(w, http.StatusForbidden)
			return
		}
		writeJSON(w, http.StatusOK, map[string]string{"user": a.UUID, "name": a.Name})
		return
	}
	writeError(w, http.StatusNotFound)
}

func (s *Site) apiStock(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"slug": r.PathValue("slug"), "stock": 7})
}

// orderOwner reads the order number of the path and finds who owns it.
func orderOwner(r *http.Request) (owner accounts.Account, id int, ok bool) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		return accounts.Account{}, 0, false
	}
	owner, ok = accounts.Owner(id)
	return owner, id, ok
}

func writeError(w http.ResponseWriter, status int) {
	writeJSON(w, status, map[string]string{"error": http.StatusText(status)})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
