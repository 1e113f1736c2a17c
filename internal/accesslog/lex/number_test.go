package lex

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestInt(t *testing.T) {
	tests := []struct {
		name, in string
		want     int64
		ok       bool
	}{
		{"zero", "0", 0, true},
		{"leading zeros", "007", 7, true},
		{"largest", "9223372036854775807", math.MaxInt64, true},
		{"one more", "9223372036854775808", 0, false},
		{"far more", "99999999999999999999999", 0, false},
		{"long but small", "0000000000000000000000012", 12, true},
		{"negative", "-1", 0, false},
		{"plus", "+1", 0, false},
		{"empty", "", 0, false},
		{"fraction", "1.0", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := Int([]byte(tt.in)); got != tt.want || ok != tt.ok {
				t.Errorf("Int(%q) = %d, %v; want %d, %v", tt.in, got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestDecimal(t *testing.T) {
	tests := []struct {
		name, in string
		scale    int64
		want     int64
		ok       bool
	}{
		{"seconds", "0.123", 1e6, 123000, true},
		{"whole", "12", 1e6, 12e6, true},
		{"exponent", "1.5e-05", 1e6, 15, true},
		{"exponent upwards", "1.5E+3", 1, 1500, true},
		{"half rounds up", "0.0000005", 1e6, 1, true},
		{"below half", "0.00000049999", 1e6, 0, true},
		{"many digits", "0.1234564999999999999999999999", 1e6, 123456, true},
		{"two-step division", "0.00000000000000000000000000000000000005", math.MaxInt64, 0, true},
		{"two-step division, non-zero", "500000000000000000e-30", math.MaxInt64, 4611686, true}, // 9223372036854775807 × 5e-13 = 4611686.018
		{"no whole part", ".5", 1000, 500, true},
		{"no fraction", "5.", 1000, 5000, true},
		{"overflow", "9223372036855", 1e6, 0, false},
		{"overflow by exponent", "1e300", 1, 0, false},
		{"zero to any power", "0e300", 1, 0, true},
		{"tiny", "1e-300", 1e6, 0, true},
		{"absurd exponent", "1e-99999999999", 1e6, 0, false},
		{"negative", "-0.1", 1e6, 0, false},
		{"nan", "NaN", 1, 0, false},
		{"infinity", "Inf", 1, 0, false},
		{"point alone", ".", 1, 0, false},
		{"two points", "1.2.3", 1, 0, false},
		{"half an exponent", "1e", 1, 0, false},
		{"list", "0.001, 0.002", 1, 0, false},
		{"empty", "", 1, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := Decimal([]byte(tt.in), tt.scale); got != tt.want || ok != tt.ok {
				t.Errorf("Decimal(%q, %d) = %d, %v; want %d, %v", tt.in, tt.scale, got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestEpoch(t *testing.T) {
	got, ok := Epoch([]byte("1700000000.123456789"), time.Second)
	if want := int64(1700000000123456789); got != want || !ok {
		t.Errorf("Epoch() = %d, %v; want %d", got, ok, want)
	}
	if got, ok := Epoch([]byte("99999999999"), time.Second); ok {
		t.Errorf("Epoch() past the year 2262 = %d, want refusal", got)
	}
}

func FuzzInt(f *testing.F) {
	f.Add("9223372036854775807")
	f.Add("0009")
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := Int([]byte(s))
		want, err := strconv.ParseInt(s, 10, 64)
		wantOK := err == nil && !strings.ContainsAny(s, "+-")
		if ok != wantOK || ok && got != want {
			t.Errorf("Int(%q) = %d, %v; strconv has %d, %v", s, got, ok, want, err)
		}
	})
}

func FuzzDecimal(f *testing.F) {
	f.Add("0.123", int64(1e6))
	f.Add("1.5e-05", int64(1e9))
	f.Add("922337203685.4775807", int64(1e7))
	f.Fuzz(func(t *testing.T, s string, scale int64) {
		got, ok := Decimal([]byte(s), scale)
		if len(s) > 19 { // beyond nineteen digits Decimal is not exact, by contract
			return
		}
		if _, digits, found := strings.Cut(strings.ToLower(s), "e"); found && len(digits) > 3 {
			return // beyond the largest exponent read
		}
		exact, valid := new(big.Rat).SetString(s)
		valid = valid && scale >= 0 && !strings.ContainsAny(s, "+-_/xXpPbBoO") || ok
		if !valid {
			if ok {
				t.Errorf("Decimal(%q, %d) = %d, want refusal", s, scale, got)
			}
			return
		}
		if exact == nil {
			t.Fatalf("Decimal(%q) accepts what math/big does not", s)
		}
		exact.Mul(exact, new(big.Rat).SetInt64(scale)).Add(exact, big.NewRat(1, 2))
		want := new(big.Int).Quo(exact.Num(), exact.Denom())
		if !ok && want.IsInt64() || ok && want.Cmp(big.NewInt(got)) != 0 {
			t.Errorf("Decimal(%q, %d) = %d, %v; want %v", s, scale, got, ok, want)
		}
	})
}
