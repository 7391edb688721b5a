package archive

import (
	"fmt"
	"strings"
	"time"
)

// Range is a half-open range of time in whole seconds, the precision of an event's time on AWS: it includes From and
// excludes To.
type Range struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// ParseRange parses a range: times of RFC 3339, "now", or a time ago such as "-2h30m".
func ParseRange(from, to string, now time.Time) (Range, error) {
	begin, err := parseTime(from, now)
	if err != nil {
		return Range{}, fmt.Errorf("from %q: %w", from, err)
	}
	end, err := parseTime(to, now)
	if err != nil {
		return Range{}, fmt.Errorf("to %q: %w", to, err)
	}
	r := Range{From: begin.UTC().Truncate(time.Second), To: end.UTC().Truncate(time.Second)}
	if r.To.Before(end) {
		r.To = r.To.Add(time.Second)
	}
	if !begin.Before(end) {
		return Range{}, fmt.Errorf("the range is empty: %s is not before %s", r.From.Format(time.RFC3339), r.To.Format(time.RFC3339))
	}
	return r, nil
}

func parseTime(text string, now time.Time) (time.Time, error) {
	if text == "now" {
		return now, nil
	}
	if strings.HasPrefix(text, "-") {
		ago, err := time.ParseDuration(text)
		if err != nil {
			return time.Time{}, fmt.Errorf("it should be how long ago, as -2h or -90m (%w)", err)
		}
		return now.Add(ago), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("it should be a time as %s, how long ago as -2h, or now", now.UTC().Format(time.RFC3339))
	}
	return at, nil
}

func (r Range) String() string {
	return r.From.Format(time.RFC3339) + " to " + r.To.Format(time.RFC3339)
}

func (r Range) holds(t time.Time) bool { return !t.Before(r.From) && t.Before(r.To) }
