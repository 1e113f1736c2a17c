// Package accounts lists the invented customers and staff of the recorded
// shop. The site and the traffic clients both read it, so that a client knows
// which passwords the site accepts.
package accounts

import (
	"fmt"
	"slices"
	"strings"
)

// Role says what an account may do in the shop.
type Role string

// The roles of the shop.
const (
	Customer Role = "customer"
	Editor   Role = "editor"
	Admin    Role = "admin"
)

// Account is one person who can log in.
type Account struct {
	Name     string // the address used as login name
	Password string
	Role     Role
	UUID     string
}

// OrdersPerCustomer is how many consecutive order numbers one customer owns.
const OrdersPerCustomer = 12

// FirstOrder is the lowest order number of the shop.
const FirstOrder = 40001

const domain = "shop.example"

// All returns every account in a fixed order: customers first, then staff.
func All() []Account {
	first := []string{
		"anna", "bilal", "chen", "dora", "emil", "farah", "greta", "hugo",
		"ines", "jonas", "kemal", "lucia", "marek", "nadia", "oskar", "petra",
	}
	last := []string{"adler", "brandt", "costa", "duarte", "engel", "fischer", "gomez", "hansen"}
	var all []Account
	for i, f := range first {
		for j, l := range last {
			n := i*len(last) + j
			all = append(all, Account{
				Name:     f + "." + l + "@" + domain,
				Password: fmt.Sprintf("%s-%s-%d", strings.ToUpper(f[:1])+f[1:], l, 1000+n*37%9000),
				Role:     Customer,
				UUID:     uuid(n),
			})
		}
	}
	n := len(all)
	return append(
		all,
		Account{Name: "editor@" + domain, Password: "ink-and-paper-71", Role: Editor, UUID: uuid(n)},
		Account{Name: "admin@" + domain, Password: "quiet-harbour-58", Role: Admin, UUID: uuid(n + 1)},
	)
}

// ByName finds an account by its login name.
func ByName(name string) (Account, bool) {
	all := All()
	i := slices.IndexFunc(all, func(a Account) bool { return a.Name == name })
	if i < 0 {
		return Account{}, false
	}
	return all[i], true
}

// Customers returns only the customers.
func Customers() []Account {
	return slices.DeleteFunc(All(), func(a Account) bool { return a.Role != Customer })
}

// Owner returns the customer who owns an order, if the order exists.
func Owner(order int) (Account, bool) {
	customers := Customers()
	n := order - FirstOrder
	if n < 0 || n >= len(customers)*OrdersPerCustomer {
		return Account{}, false
	}
	return customers[n/OrdersPerCustomer], true
}

// Orders returns the order numbers of one customer.
func Orders(name string) []int {
	i := slices.IndexFunc(Customers(), func(a Account) bool { return a.Name == name })
	if i < 0 {
		return nil
	}
	orders := make([]int, OrdersPerCustomer)
	for k := range orders {
		orders[k] = FirstOrder + i*OrdersPerCustomer + k
	}
	return orders
}

// uuid derives a fixed version 4 shaped identifier from a number.
func uuid(n int) string {
	x := uint64(n+1) * 0x9e3779b97f4a7c15
	y := (x ^ x>>29) * 0xbf58476d1ce4e5b9
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", x>>32, x>>16&0xffff, x&0xfff, y>>52, y&0xffffffffffff)
}
