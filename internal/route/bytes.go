package route

// mixture is a set of what a text is made of, enough to tell the two commonest segments, words and numbers.
type mixture uint8

const (
	mixLetter mixture = 1 << iota
	mixDigit
	mixSeparator // "-" and "_"
	mixSpecial   // percent and semicolon
	mixOther
)

var byteMix = func() (t [256]mixture) {
	for c := range 256 {
		switch byteClass[c] {
		case classDigit:
			t[c] = mixDigit
		case classUpperHex, classUpper, classLowerHex, classLower:
			t[c] = mixLetter
		case classSeparator:
			t[c] = mixSeparator
		default:
			t[c] = mixOther
		}
	}
	t['%'], t[';'] = mixSpecial, mixSpecial
	return t
}()

func mixOf(s string) (m mixture) {
	for i := range len(s) {
		m |= byteMix[s[i]]
	}
	return m
}
