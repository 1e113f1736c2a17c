package signature

import "strings"

// operators are MongoDB's comparisons as parameters carry them, and what each says behind the name of a field.
var operators = map[string]int{
	"ne": signSureOperator, "regex": signSureOperator, "nin": signFieldOperator, "not": signFieldOperator, "exists": signFieldOperator,
	"gt": signFieldOperator, "gte": signFieldOperator, "lt": signFieldOperator, "lte": signFieldOperator, "in": signFieldOperator,
	"eq": signFieldOperator,
}

// secretFields are what an operator gets round a log-in with.
var secretFields = []string{"user", "login", "mail", "pass", "pwd", "token", "secret", "otp"}

// operator judges a parameter such as "password[$ne]". Inside another, as in "filter[price][$gte]", it is how some APIs
// have their lists narrowed down, unless the field is one of a log-in.
func (p *Probe) operator(name string) {
	field, rest, ok := strings.Cut(name, "[$")
	if !ok {
		return
	}
	op, _, _ := strings.Cut(rest, "]")
	id, ok := operators[op]
	if !ok {
		return
	}
	outer := strings.LastIndexByte(field, '[')
	for _, s := range secretFields {
		if strings.Contains(field[outer+1:], s) {
			p.count(signSureOperator)
			return
		}
	}
	if outer >= 0 {
		id = signOperator
	}
	p.count(id)
}
