package expression

import (
	"strings"
	"time"
)

// The years that a cron expression can name.
const firstYear, lastYear = 1970, 2199

// cron is a cron expression of six fields.
type cron struct {
	minutes, hours, months, years set
	days                          days
}

// days returns the days of a month on which a schedule runs, in order.
type days func(year int, month time.Month) []int

// parseCron reads "minutes hours day-of-month month day-of-week year". One of the fields for days must be ?, and only
// one.
func parseCron(body string) (*cron, bool) {
	fields := strings.Fields(body)
	if len(fields) != 6 {
		return nil, false
	}
	c, valid := &cron{}, [5]bool{}
	c.minutes, valid[0] = parseSet(fields[0], field{0, 59, nil, true})
	c.hours, valid[1] = parseSet(fields[1], field{0, 23, nil, true})
	c.months, valid[2] = parseSet(fields[3], field{1, 12, monthNames, true})
	c.years, valid[3] = parseSet(fields[5], field{firstYear, lastYear, nil, true})
	switch {
	case fields[4] == "?":
		c.days, valid[4] = parseDayOfMonth(fields[2])
	case fields[2] == "?":
		c.days, valid[4] = parseDayOfWeek(fields[4])
	}
	return c, valid == [5]bool{true, true, true, true, true}
}

var (
	monthNames = []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}
	dayNames   = []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}
)

// next returns the first time after another. A time that the clock skips is left out. One that it repeats counts once,
// the first time.
func (c *cron) next(after time.Time, zone *time.Location) (time.Time, bool) {
	local := after.In(zone)
	shown := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC) // as if it were UTC
	for year := max(local.Year(), firstYear); year <= lastYear; year++ {
		if !c.years.has(year) {
			continue
		}
		for month := range c.months.from(1) {
			for _, day := range c.days(year, time.Month(month)) {
				date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
				if date.Before(shown.Truncate(24 * time.Hour)) {
					continue
				}
				if at, found := c.onDay(date, shown, after, zone); found {
					return at, true
				}
			}
		}
	}
	return time.Time{}, false
}

// onDay returns the first time on a day after another, at which the clock shows what is given.
func (c *cron) onDay(date, shown, after time.Time, zone *time.Location) (time.Time, bool) {
	for hour := range c.hours.from(0) {
		for minute := range c.minutes.from(0) {
			named := date.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
			if !named.After(shown) {
				continue // its first time is not after either, even if the clock repeats it
			}
			if at, exists := resolve(named, zone); exists && at.After(after) {
				return at, true
			}
		}
	}
	return time.Time{}, false
}
