package console

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/console/record"
)

// TestSelection parses what the page asks for, and refuses by name what is not known.
func TestSelection(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for query, want := range map[string]record.Query{
		"":                                      {},
		"q=a+b&state=refused&outcome=none":      {Text: "a b", State: record.Rejected, Outcome: record.Unsaid},
		"outcome=success&sort=longest&before=7": {Outcome: schema.Success, Sort: record.Longest, Before: 7},
		"from=-5m":                              {Since: now.Add(-5 * time.Minute)},
		"from=-2h&to=2026-11-23T11:00:00%2B00:00": {Since: now.Add(-2 * time.Hour), Until: now.Add(-time.Hour)},
		"to=-1h": {Since: time.Unix(0, 0).UTC(), Until: now.Add(-time.Hour)},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := selection(values, now); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", query, got, err, want)
		}
	}
	for query, want := range map[string]string{
		"state=good":  `no state "good": it is one of running waiting failed refused done`,
		"outcome=meh": `no outcome "meh"`,
		"sort=colour": `no sort "colour"`,
		"from=monday": `from "monday"`,
		"from=now":    "empty",
	} {
		values, _ := url.ParseQuery(query)
		if _, err := selection(values, now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", query, err, want)
		}
	}
}
