package calendar

import "time"

// Profile is how somebody's activity is spread over the week.
type Profile uint8

// The profiles.
const (
	Evening Profile = iota // private people: lunch breaks, evenings, weekends
	Office                 // people at work: weekdays, nine to five
	Phone                  // phones: all day, early and late
	Always                 // machines that know no hours
	Night                  // people who are awake when others are not
	profiles
)

// curves are the relative activities by hour of the day, on weekdays, Saturdays and Sundays.
var curves = [profiles][3][24]float64{
	Evening: {
		{3, 1.5, 1, .6, .5, .8, 2, 4, 5, 6, 6.5, 7, 8.5, 8, 6.5, 6.5, 7, 8, 9.5, 11.5, 13, 12.5, 9.5, 6},
		{5, 3, 1.8, 1, .7, .8, 1.4, 3, 6, 9, 11, 11.5, 11, 10, 9.5, 9.5, 9.5, 10, 10, 10, 10, 9.5, 8.5, 7},
		{5.5, 3.5, 2, 1.2, .8, .8, 1.2, 2.5, 5, 8.5, 11, 11.5, 11, 11, 11.5, 12, 12, 12.5, 13, 14, 14.5, 13, 9, 5},
	},
	Office: {
		{.1, .1, .1, .1, .1, .3, 1.5, 5, 10, 12.5, 13, 12, 8, 10, 12, 11.5, 9.5, 6, 2.5, 1.2, .8, .6, .3, .2},
		{.1, .1, .1, .1, .1, .1, .2, .3, .6, .9, 1, 1, .8, .7, .7, .6, .5, .4, .3, .3, .2, .2, .1, .1},
		{.1, .1, .1, .1, .1, .1, .1, .2, .3, .4, .5, .5, .5, .5, .5, .6, .7, .7, .6, .6, .6, .5, .3, .1},
	},
	Phone: {
		{4, 2, 1.2, .8, .9, 2, 6, 9.5, 9, 7, 6.5, 7, 9, 8.5, 7, 7, 8.5, 10, 10, 10.5, 11.5, 12, 10.5, 7.5},
		{6, 4, 2.5, 1.5, 1.1, 1.2, 2, 4, 6.5, 9, 10.5, 11, 11, 10.5, 10, 10, 10, 10.5, 10.5, 10.5, 11, 11, 10, 8},
		{6.5, 4.5, 3, 1.8, 1.2, 1.1, 1.6, 3.2, 5.5, 8.5, 10.5, 11, 11, 10.5, 10.5, 11, 11, 11.5, 12, 12.5, 13, 12.5, 10, 6.5},
	},
	Always: {
		{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
		{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
		{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
	},
	Night: {
		{11, 10, 8.5, 6, 3, 1.5, 1, 1, 1, 1.2, 1.5, 2, 3, 3.5, 3.5, 3.5, 4, 5, 6, 7, 8, 9.5, 11, 11.5},
		{11.5, 11, 10, 8, 5, 2.5, 1.2, 1, 1, 1, 1.2, 1.6, 2.5, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 11, 11.5},
		{11.5, 11, 9.5, 7, 4, 2, 1, 1, 1, 1, 1.2, 1.6, 2.5, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 9.5, 10, 10.5},
	},
}

// onHoliday is what remains of a profile's Sunday on a holiday, when offices are empty and sofas are not.
var onHoliday = [profiles]float64{Evening: 1.15, Office: .5, Phone: 1, Always: 1, Night: 1}

// dayOf is which of the three curves a day has.
func dayOf(d time.Weekday) int {
	switch d {
	case time.Saturday:
		return 1
	case time.Sunday:
		return 2
	default:
		return 0
	}
}

// weight is the activity at an hour, as if there were no holidays.
func (p Profile) weight(at time.Time) float64 { return curves[p][dayOf(at.Weekday())][at.Hour()] }

// mean is the average activity of a week.
func (p Profile) mean() float64 {
	sum := 0.0
	for hour := range 24 {
		sum += 5*curves[p][0][hour] + curves[p][1][hour] + curves[p][2][hour]
	}
	return sum / (7 * 24)
}
