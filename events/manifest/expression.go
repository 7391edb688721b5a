package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/troupe/events/schema"
)

// field is one of the six fields of a cron expression, as EventBridge Scheduler reads it.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
type field struct {
	name        string
	least, most int
	names       []string          // of the values
	others      func(string) bool // what a value may be beside a number, name or range
	open        bool              // it may be ?
}

var fields = []field{
	{name: "minutes", most: 59},
	{name: "hours", most: 23},
	{name: "day of the month", least: 1, most: 31, others: schema.Matches(`^(L|LW|([1-9]|[12][0-9]|3[01])W)$`), open: true},
	{name: "month", least: 1, most: 12, names: strings.Fields("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")},
	{name: "day of the week", least: 1, most: 7, names: strings.Fields("SUN MON TUE WED THU FRI SAT"), others: schema.Matches(`^(([1-7]|[A-Z]{3})?L|([1-7]|[A-Z]{3})#[1-5])$`), open: true},
	{name: "year", least: 1970, most: 2199},
}

// The days of the month and of the week: one of them is ?.
const (
	dayOfMonth = 2
	dayOfWeek  = 4
)

var rate = schema.Matches(`^rate\([1-9][0-9]{0,5} (minutes?|hours?|days?)\)$`)

// checkExpression returns what an expression must be, or "" if it is right.
func checkExpression(expression string) string {
	if strings.HasPrefix(expression, "rate(") {
		if !rate(expression) {
			return "like rate(15 minutes): a number above 0, and minutes, hours or days"
		}
		return ""
	}
	inside := strings.TrimSuffix(strings.TrimPrefix(expression, "cron("), ")")
	values := strings.Fields(inside)
	if len(values) != len(fields) {
		return fmt.Sprintf("of six fields, not %d: minutes, hours, day of the month, month, day of the week and year, like cron(0 6 * * ? *)", len(values))
	}
	for i, f := range fields {
		if problem := f.check(values[i]); problem != "" {
			return problem
		}
	}
	if (values[dayOfMonth] == "?") == (values[dayOfWeek] == "?") {
		return "with ? for the day of the month or for the day of the week, and not for both"
	}
	return ""
}

// check returns what the expression's field must be, or "".
func (f field) check(text string) string {
	if text == "?" && f.open {
		return ""
	}
	for value := range strings.SplitSeq(text, ",") {
		base, step, stepped := strings.Cut(value, "/")
		from, to, ranged := strings.Cut(base, "-")
		n, err := strconv.Atoi(step)
		switch {
		case stepped && (err != nil || n < 1):
		case base == "*" || f.known(from) && (!ranged || f.known(to)):
			continue
		case !stepped && f.others != nil && f.others(value):
			continue
		}
		return fmt.Sprintf("a cron expression whose %s is in %d to %d, not %s", f.name, f.least, f.most, text)
	}
	return ""
}

// known reports whether the field has a value.
func (f field) known(value string) bool {
	n, err := strconv.Atoi(value)
	if err != nil {
		return slices.Contains(f.names, value)
	}
	return n >= f.least && n <= f.most
}
