package site

import (
	"strconv"

	"gatewatch/internal/app/simulate/dice"
)

var (
	firstNames = [...]string{"anna", "ben", "clara", "david", "emma", "felix", "greta", "hannes", "ida", "jonas", "klara", "leon", "mia", "noah", "olga", "paul", "rosa", "sam", "tina", "vera", "amir", "bea", "chen", "dilek", "eva", "finn", "gita", "hugo", "iris", "jan", "kim", "lars"}
	lastNames  = [...]string{"schmidt", "weber", "novak", "meyer", "singh", "jansen", "rossi", "keller", "dubois", "lopez", "braun", "yilmaz", "berg", "huber", "kaya", "moreau", "fischer", "lang", "peters", "wolf", "costa", "vogel", "nguyen", "roth", "sauer", "haas", "patel", "klein", "bauer", "smith", "kowalski", "horn"}
	mailHosts  = [...]string{"mail.example", "post.example", "inbox.example", "web.example"}
)

// AppendUser appends the name of the n-th account: an address of electronic mail.
func AppendUser(b []byte, n uint64) []byte {
	x := dice.Mix(n ^ 0xacc0)
	b = append(b, firstNames[x%32]...)
	b = append(b, '.')
	b = append(b, lastNames[x>>8%32]...)
	b = strconv.AppendUint(b, n, 10)
	b = append(b, '@')
	return append(b, mailHosts[x>>16%4]...)
}

// User is the name of the n-th account.
func User(n uint64) string { return string(AppendUser(nil, n)) }

// firstOrder is the number of the oldest order.
const firstOrder = 1_000_000

// OrderOf is the number of the k-th order of an account.
func OrderOf(account uint64, k int) uint64 {
	return firstOrder + dice.Mix(account<<8|uint64(k))%700_000 //nolint:gosec // k counts, from 0
}

// AnyOrder is the number of the n-th order, whosever it is.
func AnyOrder(n uint64) uint64 { return firstOrder + n%700_000 }

// BearerOf is an account's token of a period of time.
func BearerOf(account, period uint64) uint64 { return dice.Mix(dice.Mix(account)^period) | 1 }
