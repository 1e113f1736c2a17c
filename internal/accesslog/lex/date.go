package lex

// clfMidnight is the midnight of 10/Oct/2000 in seconds since the Unix epoch.
func clfMidnight(b []byte) (int64, bool) {
	if b[2] != '/' || b[6] != '/' {
		return 0, false
	}
	d, okDay := twoDigits(b)
	y, okYear := fourDigits(b[7:])
	return midnightOf(y, monthOf(b[3:6]), d, okDay && okYear)
}

// isoMidnight is the midnight of 2000-10-10 in seconds since the Unix epoch.
func isoMidnight(b []byte) (int64, bool) {
	if b[4] != '-' || b[7] != '-' {
		return 0, false
	}
	y, okYear := fourDigits(b)
	m, okMonth := twoDigits(b[5:])
	d, okDay := twoDigits(b[8:])
	return midnightOf(y, m, d, okYear && okMonth && okDay)
}

func fourDigits(b []byte) (int64, bool) {
	hi, okHi := twoDigits(b)
	lo, okLo := twoDigits(b[2:])
	return hi*100 + lo, okHi && okLo
}

// monthOf is 1 to 12 for an English abbreviation in any case, else 0.
func monthOf(b []byte) int64 {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	lower := [3]byte{b[0] | 0x20, b[1] | 0x20, b[2] | 0x20}
	for i := 0; i < len(names); i += 3 {
		if names[i:i+3] == string(lower[:]) {
			return int64(i/3 + 1)
		}
	}
	return 0
}

func midnightOf(y, m, d int64, ok bool) (int64, bool) {
	if !ok || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, false
	}
	return daysSinceEpoch(y, m, d) * day, true
}

func daysIn(y, m int64) int64 {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	default:
		return 31
	}
}

// daysSinceEpoch counts the days of the proleptic Gregorian calendar, years 0 to 9999, by Howard Hinnant's
// days_from_civil ("chrono-Compatible Low-Level Date Algorithms", 2013): the year begins in March, so that the leap day
// is its last.
func daysSinceEpoch(y, m, d int64) int64 {
	const epoch = 719468 // days from 0000-03-01 to 1970-01-01
	const daysPerEra, yearsPerEra = 146097, 400
	if m <= 2 {
		y--
	}
	y += yearsPerEra // so that January of the year 0 does not divide a negative number
	dayOfYear := (153*((m+9)%12)+2)/5 + d - 1
	era, yearOfEra := y/yearsPerEra, y%yearsPerEra
	return era*daysPerEra + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - epoch - daysPerEra
}
