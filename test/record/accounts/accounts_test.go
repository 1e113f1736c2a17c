package accounts

import "testing"

func TestNamesAndIdentifiersAreUnique(t *testing.T) {
	names, ids := map[string]bool{}, map[string]bool{}
	for _, a := range All() {
		if names[a.Name] || ids[a.UUID] {
			t.Errorf("account %s (%s) appears twice", a.Name, a.UUID)
		}
		names[a.Name], ids[a.UUID] = true, true
	}
}

func TestOwnerAgreesWithOrders(t *testing.T) {
	for _, a := range Customers() {
		for _, order := range Orders(a.Name) {
			owner, ok := Owner(order)
			if !ok || owner.Name != a.Name {
				t.Fatalf("order %d belongs to %q, want %q", order, owner.Name, a.Name)
			}
		}
	}
	for _, order := range []int{0, FirstOrder - 1, FirstOrder + len(Customers())*OrdersPerCustomer} {
		if owner, ok := Owner(order); ok {
			t.Errorf("order %d should not exist, but belongs to %q", order, owner.Name)
		}
	}
}
