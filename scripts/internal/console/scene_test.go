package console

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events/manifest"
)

// TestNextTimes checks when schedules publish next, as the map's card says.
func TestNextTimes(t *testing.T) {
	now := time.Date(2026, 3, 28, 5, 30, 0, 0, time.UTC)
	for _, test := range []struct{ expression, zone, want string }{
		{"cron(0 6 * * ? *)", "UTC", `"next":"2026-03-28T06:00:00Z"`},
		{"cron(0 6 * * ? *)", "Europe/Berlin", `"next":"2026-03-29T06:00:00+02:00"`}, // the night in which the clocks go forward
		{"cron(0 6 1 1 ? 2020)", "UTC", `"timezone":"UTC"`},
		{"rate(5 minutes)", "UTC", `"timezone":"UTC"`},
	} {
		views, err := json.Marshal(schedules([]manifest.Schedule{{Expression: test.expression, Event: "ship.docked.v1", Timezone: test.zone}}, now))
		if err != nil || !strings.Contains(string(views), test.want) || strings.Contains(string(views), `"next"`) != strings.Contains(test.want, `"next"`) {
			t.Errorf("%s in %s: %s, %v; want %s", test.expression, test.zone, views, err, test.want)
		}
	}
}
