package tail

import (
	"math"
	"math/big"
)

// The reference: 200-bit arithmetic with nothing but sums, products and series, written for certainty and not for speed.
const bits = 200

func num(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }
func add(a, b *big.Float) *big.Float {
	return new(big.Float).SetPrec(bits).Add(a, b)
}

func sub(a, b *big.Float) *big.Float {
	return new(big.Float).SetPrec(bits).Sub(a, b)
}

func mul(a, b *big.Float) *big.Float {
	return new(big.Float).SetPrec(bits).Mul(a, b)
}

func div(a, b *big.Float) *big.Float {
	return new(big.Float).SetPrec(bits).Quo(a, b)
}

// bigLog is ln x: 2 artanh((m−1)/(m+1)) of the mantissa in [½, 1), and the exponent's share.
func bigLog(x *big.Float) *big.Float {
	m := new(big.Float).SetPrec(bits)
	exp := x.MantExp(m)
	return add(artanh2(m), mul(num(float64(exp)), sub(num(0), artanh2(num(0.5)))))
}

func artanh2(m *big.Float) *big.Float {
	r := div(sub(m, num(1)), add(m, num(1)))
	v, term, sum := mul(r, r), r, num(0)
	for n := 1.0; n < 130; n += 2 {
		sum = add(sum, div(term, num(n)))
		term = mul(term, v)
	}
	return mul(num(2), sum)
}

// bigLgamma is ln Γ(z): Stirling's series (DLMF 5.11.1) beyond 60, reached by Γ(z+1) = zΓ(z).
func bigLgamma(z *big.Float) *big.Float {
	product := num(1)
	for z.Cmp(num(60)) < 0 {
		product = mul(product, z)
		z = add(z, num(1))
	}
	pi, _, err := big.ParseFloat("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798214808651", 10, bits, big.ToNearestEven)
	if err != nil {
		panic(err)
	}
	sum := sub(mul(sub(z, num(0.5)), bigLog(z)), z)
	sum = add(sum, div(bigLog(mul(num(2), pi)), num(2)))
	power := z
	for n, b := range bernoulliNumbers {
		k := float64(2 * (n + 1))
		sum = add(sum, div(div(b, num(k*(k-1))), power))
		power = mul(power, mul(z, z))
	}
	return sub(sum, bigLog(product))
}

var bernoulliNumbers = bernoulli(40)

// bernoulli returns B₂, B₄, … by the recurrence Σ C(m+1, j) B_j = 0 in exact fractions.
func bernoulli(count int) []*big.Float {
	b := []*big.Rat{big.NewRat(1, 1)}
	var even []*big.Float
	for m := int64(1); m <= int64(2*count); m++ {
		sum := new(big.Rat)
		for j := range m {
			c := new(big.Int).Binomial(m+1, j)
			sum.Add(sum, new(big.Rat).Mul(new(big.Rat).SetInt(c), b[j]))
		}
		b = append(b, sum.Mul(sum, big.NewRat(-1, m+1)))
		if m%2 == 0 {
			even = append(even, new(big.Float).SetPrec(bits).SetRat(b[m]))
		}
	}
	return even
}

// law is a distribution over whole numbers by the logarithm of one probability and the ratio of neighbours.
type law struct {
	logPoint func(k float64) *big.Float
	ratio    func(k float64) *big.Float // P(k+1)/P(k)
	last     float64
	mean     float64
}

// upper is ln P(K ≥ k) by summation, from k upwards or, below the mean, of what is left out.
func (l law) upper(k float64) float64 {
	if k <= 0 {
		return 0
	}
	if k > l.mean {
		return float(add(l.logPoint(k), bigLog(l.sum(k, 1))))
	}
	rest := mul(bigExp(l.logPoint(k-1)), l.sum(k-1, -1))
	return float(bigLog(sub(num(1), rest)))
}

// sum is Σ P(j)/P(k) over all j from k in one direction.
func (l law) sum(k, step float64) *big.Float {
	sum, term := num(1), num(1)
	tiny := new(big.Float).SetMantExp(num(1), -120)
	for j := k; ; j += step {
		if step > 0 && j >= l.last || step < 0 && j <= 0 {
			return sum
		}
		if step > 0 {
			term = mul(term, l.ratio(j))
		} else {
			term = div(term, l.ratio(j-1))
		}
		sum = add(sum, term)
		if term.Cmp(tiny) < 0 {
			return sum
		}
	}
}

// bigExp is e^x by its series after halving x until it is small.
func bigExp(x *big.Float) *big.Float {
	if v := float(x); v < -1e6 {
		return num(0)
	}
	halvings := 0
	for x := math.Abs(float(x)); x > 1e-3; x /= 2 {
		halvings++
	}
	small := new(big.Float).SetPrec(bits).SetMantExp(x, -halvings)
	sum, term := num(1), num(1)
	for n := 1.0; n < 40; n++ {
		term = div(mul(term, small), num(n))
		sum = add(sum, term)
	}
	for range halvings {
		sum = mul(sum, sum)
	}
	return sum
}

func float(x *big.Float) float64 {
	v, _ := x.Float64()
	return v
}

func negBinomial(size, mean float64) law {
	r := num(size)
	both := add(r, num(mean))
	p, q := div(r, both), div(num(mean), both)
	fixed := sub(mul(r, bigLog(p)), bigLgamma(r))
	logQ := bigLog(q)
	return law{
		mean: mean, last: math.Inf(1),
		logPoint: func(k float64) *big.Float {
			kk := num(k)
			v := sub(bigLgamma(add(kk, r)), bigLgamma(add(kk, num(1))))
			return add(add(v, fixed), mul(kk, logQ))
		},
		ratio: func(k float64) *big.Float { return mul(div(add(num(k), r), num(k+1)), q) },
	}
}

func betaBinomial(n, alpha, beta float64) law {
	a, b, nn := num(alpha), num(beta), num(n)
	fixed := sub(add(bigLgamma(add(nn, num(1))), bigLgamma(add(a, b))), add(bigLgamma(a), bigLgamma(b)))
	fixed = sub(fixed, bigLgamma(add(nn, add(a, b))))
	return law{
		mean: n * (alpha / (alpha + beta)), last: n,
		logPoint: func(k float64) *big.Float {
			kk, rest := num(k), num(n-k)
			v := add(bigLgamma(add(kk, a)), bigLgamma(add(rest, b)))
			v = sub(v, add(bigLgamma(add(kk, num(1))), bigLgamma(add(rest, num(1)))))
			return add(v, fixed)
		},
		ratio: func(k float64) *big.Float {
			return div(mul(num(n-k), add(num(k), a)), mul(num(k+1), add(num(n-k-1), b)))
		},
	}
}
