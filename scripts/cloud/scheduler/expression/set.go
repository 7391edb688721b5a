package expression

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// field describes the values of a field of a cron expression.
type field struct {
	first, last int
	names       []string // of the values, from first on; nil: none
	steps       bool     // whether it takes steps: 0/15
}

// set holds the values of a field.
type set map[int]bool

func (s set) has(value int) bool { return s[value] }

// from returns the values from a first one on, in order.
func (s set) from(first int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for value, found := first, 0; found < len(s); value++ {
			if s[value] {
				found++
				if !yield(value) {
					return
				}
			}
		}
	}
}

// parseSet reads a list of values, ranges and steps: *, 5, MON-FRI, 0/15, 1,2,10-20/2. A range that runs backwards is
// refused: AWS doesn't document what it means.
func parseSet(text string, f field) (set, bool) {
	values := set{}
	for part := range strings.SplitSeq(text, ",") {
		span, by, stepped := strings.Cut(part, "/")
		low, high, valid := f.span(span, stepped)
		step := 1
		if stepped {
			step, valid = number(by), valid && f.steps
		}
		if !valid || step < 1 || step > f.last {
			return nil, false
		}
		for value := low; value <= high; value += step {
			values[value] = true
		}
	}
	return values, true
}

// span reads a value, a range or *. The steps from a single value go on to the last one.
func (f field) span(text string, stepped bool) (low, high int, valid bool) {
	if text == "*" {
		return f.first, f.last, true
	}
	from, to, isRange := strings.Cut(text, "-")
	low, high = f.value(from), f.value(to)
	switch {
	case !isRange && stepped:
		high = f.last
	case !isRange:
		high = low
	}
	return low, high, f.first <= low && low <= high && high <= f.last
}

// value returns a number or the number of a name, or -1.
func (f field) value(text string) int {
	if at := slices.Index(f.names, strings.ToUpper(text)); at >= 0 {
		return f.first + at
	}
	return number(text)
}

// number returns a number without a sign, or -1.
func number(text string) int {
	if text == "" || len(text) > 4 || strings.Trim(text, "0123456789") != "" {
		return -1
	}
	n, _ := strconv.Atoi(text)
	return n
}
