package lex

import (
	"math"
	"math/bits"
	"time"
)

const (
	safeDigits  = 18 // any number of so many digits fits an int64
	exactDigits = 19 // … a uint64
	maxExponent = 1 << 12
)

// Int parses a non-negative decimal integer: digits only. One that overflows is refused.
func Int(b []byte) (int64, bool) {
	if len(b) == 0 {
		return 0, false
	}
	if len(b) > safeDigits {
		return intSlow(b)
	}
	var v int64
	for _, c := range b {
		d := c - '0'
		if d > 9 {
			return 0, false
		}
		v = v*10 + int64(d)
	}
	return v, true
}

// IntPrefix parses the decimal integer at the beginning of b and tells where it ends; n is 0 when there is none or when
// it may overflow.
func IntPrefix(b []byte) (v int64, n int) {
	for n < len(b) {
		d := b[n] - '0'
		if d > 9 {
			break
		}
		v = v*10 + int64(d)
		if n++; n > safeDigits {
			return 0, 0
		}
	}
	return v, n
}

func intSlow(b []byte) (int64, bool) {
	var v uint64
	for _, c := range b {
		d := c - '0'
		if d > 9 || v > math.MaxInt64/10 {
			return 0, false
		}
		v = v*10 + uint64(d)
		if v > math.MaxInt64 {
			return 0, false
		}
	}
	return int64(v), true
}

// Decimal parses a non-negative decimal number, with or without fraction and exponent, times scale, rounded half up:
// Decimal("0.0125", 1e6) is 12500 microseconds. NaN, infinity, a sign in front and overflow are refused. Digits beyond
// the nineteenth significant one are dropped.
func Decimal(b []byte, scale int64) (int64, bool) {
	mantissa, exponent, ok := decimal(b)
	if !ok || scale < 0 {
		return 0, false
	}
	hi, lo := bits.Mul64(mantissa, uint64(scale))
	if hi|lo == 0 {
		return 0, true
	}
	var v uint64
	if exponent >= 0 {
		v, ok = timesPow10(hi, lo, exponent)
	} else {
		v, ok = overPow10(hi, lo, -exponent)
	}
	if !ok || v > math.MaxInt64 {
		return 0, false
	}
	return int64(v), true
}

// Epoch parses a number of units since the Unix epoch (time.Second, time.Millisecond, …), as nanoseconds.
func Epoch(b []byte, unit time.Duration) (int64, bool) {
	return Decimal(b, int64(unit))
}

// decimal splits a number into mantissa and power of ten.
func decimal(b []byte) (mantissa uint64, exponent int, ok bool) {
	i, significant, digits, point := 0, 0, 0, -1
	for ; i < len(b); i++ {
		c := b[i]
		if c == '.' && point < 0 {
			point = digits
			continue
		}
		d := c - '0'
		if d > 9 {
			break
		}
		digits++
		if significant == exactDigits {
			exponent++
			continue
		}
		mantissa = mantissa*10 + uint64(d)
		if mantissa > 0 {
			significant++
		}
	}
	if digits == 0 {
		return 0, 0, false
	}
	if point >= 0 {
		exponent -= digits - point
	}
	if i == len(b) {
		return mantissa, exponent, true
	}
	power, ok := exponentOf(b[i:])
	return mantissa, exponent + power, ok
}

// exponentOf reads e+05. One that no logged number has is refused, so that the sum of exponents cannot overflow.
func exponentOf(b []byte) (int, bool) {
	if len(b) < 2 || b[0]|0x20 != 'e' {
		return 0, false
	}
	b = b[1:]
	negative := b[0] == '-'
	if negative || b[0] == '+' {
		b = b[1:]
	}
	if len(b) == 0 {
		return 0, false
	}
	v := 0
	for _, c := range b {
		d := c - '0'
		if d > 9 {
			return 0, false
		}
		if v = v*10 + int(d); v > maxExponent {
			return 0, false
		}
	}
	if negative {
		v = -v
	}
	return v, true
}

var pow10 = [exactDigits + 1]uint64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
}

func timesPow10(hi, lo uint64, n int) (uint64, bool) {
	if hi != 0 || n > exactDigits {
		return 0, false
	}
	hi, lo = bits.Mul64(lo, pow10[n])
	return lo, hi == 0
}

// overPow10 divides by 10^n and rounds half up. Doing it in two steps is exact: the divisor is even, so the half is a
// whole number of the first step's quotients.
func overPow10(hi, lo uint64, n int) (uint64, bool) {
	if n > 2*exactDigits { // 2^128 < 10^39: less than a half remains
		return 0, true
	}
	if n > exactDigits {
		y := pow10[exactDigits]
		q := hi / y
		lo, _ = bits.Div64(hi%y, lo, y)
		hi, n = q, n-exactDigits
	}
	y := pow10[n]
	if hi >= y {
		return 0, false
	}
	q, r := bits.Div64(hi, lo, y)
	if r >= y-r && n > 0 && q < math.MaxUint64 {
		q++
	}
	return q, true
}
