package expression

import (
	"strings"
	"time"
)

// lengthOf returns the number of days in a month.
func lengthOf(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// weekday returns a day's number in the week, from Sunday as 1.
func weekday(year int, month time.Month, day int) int {
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday()) + 1
}

// where returns the days of a month for which keep holds.
func where(keep func(year int, month time.Month, day int) bool) days {
	return func(year int, month time.Month) (kept []int) {
		for day := 1; day <= lengthOf(year, month); day++ {
			if keep(year, month, day) {
				kept = append(kept, day)
			}
		}
		return kept
	}
}

// parseDayOfMonth reads days, L for the last day, 15W for the weekday that is nearest to the 15th, or LW for the last
// weekday. L and W stand alone.
func parseDayOfMonth(text string) (days, bool) {
	if text == "L" {
		return func(year int, month time.Month) []int { return []int{lengthOf(year, month)} }, true
	}
	if near, isWeekday := strings.CutSuffix(text, "W"); isWeekday {
		day := number(near)
		return nearest(day, near == "L"), near == "L" || 1 <= day && day <= 31
	}
	of, valid := parseSet(text, field{1, 31, nil, true})
	return where(func(_ int, _ time.Month, day int) bool { return of.has(day) }), valid
}

// nearest returns the weekday, Monday to Friday, that is nearest to a day and in the same month.
func nearest(to int, last bool) days {
	return func(year int, month time.Month) []int {
		length, day := lengthOf(year, month), to
		if last {
			day = length
		}
		if day > length {
			return nil
		}
		switch weekday(year, month, day) {
		case 7: // Saturday
			if day == 1 {
				return []int{3}
			}
			return []int{day - 1}
		case 1: // Sunday
			if day == length {
				return []int{day - 2}
			}
			return []int{day + 1}
		}
		return []int{day}
	}
}

// week is the field of the day in the week. AWS's table of wildcards has no / for it.
var week = field{1, 7, dayNames, false}

// parseDayOfWeek reads days, L for Saturday, 6L for the last Friday of a month, or 3#2 for its second Tuesday. L and #
// stand alone.
func parseDayOfWeek(text string) (days, bool) {
	if text == "L" {
		text = "7"
	}
	if name, isLast := strings.CutSuffix(text, "L"); isLast {
		of := week.value(name)
		return where(func(year int, month time.Month, day int) bool {
			return weekday(year, month, day) == of && day+7 > lengthOf(year, month)
		}), 1 <= of && of <= 7
	}
	if name, nth, isNth := strings.Cut(text, "#"); isNth {
		of, n := week.value(name), number(nth)
		return where(func(year int, month time.Month, day int) bool {
			return weekday(year, month, day) == of && (day+6)/7 == n
		}), 1 <= of && of <= 7 && 1 <= n && n <= 5
	}
	of, valid := parseSet(text, week)
	return where(func(year int, month time.Month, day int) bool { return of.has(weekday(year, month, day)) }), valid
}
