package archive

import (
	"strings"
	"testing"
	"time"
)

func TestParseRange(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 500_000_000, time.UTC)
	for _, test := range []struct{ from, to, want string }{
		{"-2h", "now", "2026-11-24T10:00:00Z to 2026-11-24T12:00:01Z"},
		{"-90m", "-1h30s", "2026-11-24T10:30:00Z to 2026-11-24T10:59:31Z"},
		{"2026-11-24T08:00:00+01:00", "2026-11-24T08:00:00Z", "2026-11-24T07:00:00Z to 2026-11-24T08:00:00Z"},
		{"now", "-2h", "the range is empty"},
		{"now", "now", "the range is empty"},
		{"yesterday", "now", `from "yesterday": it should be a time`},
		{"-2 days", "now", `from "-2 days": it should be how long ago`},
		{"-2h", "", `to "": it should be a time`},
	} {
		r, err := ParseRange(test.from, test.to, now)
		got := r.String()
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%q to %q: %s, want %s", test.from, test.to, got, test.want)
		}
	}
}
