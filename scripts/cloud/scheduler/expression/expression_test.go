package expression_test

import (
	"slices"
	"testing"
	"time"

	"example.com/localcloud/scheduler/expression"
)

const clock = "2006-01-02 15:04:05Z07:00"

// TestNext compares the times that expressions name with those that were worked out by hand. The examples marked "guide"
// are those of AWS's user guide ("Schedule types", and "Cron expressions reference" of EventBridge).
func TestNext(t *testing.T) {
	const from = "2026-11-27 19:00:30Z" // a Friday
	for _, c := range []struct {
		expression, zone, after string // after "" is from
		want                    []string
	}{
		{"at(2026-11-28T10:00:01)", "UTC", "", []string{"2026-11-28 10:00:01Z"}},
		{"at(2026-11-27T19:00:30)", "UTC", "", nil},
		{"at(2028-02-29T12:00:00)", "Europe/Berlin", "", []string{"2028-02-29 12:00:00+01:00"}},
		{"at(2027-03-14T02:30:00)", "America/New_York", "", []string{"2027-03-14 03:30:00-04:00"}}, // skipped
		{"at(2027-11-07T01:30:00)", "America/New_York", "", []string{"2027-11-07 01:30:00-04:00"}}, // repeated
		{"rate(1 minute)", "UTC", "", []string{"2026-11-27 19:01:00Z", "2026-11-27 19:02:00Z"}},
		{"rate(5 minute)", "UTC", "", []string{"2026-11-27 19:05:00Z", "2026-11-27 19:10:00Z"}},
		{"rate(5 hours)", "UTC", "", []string{"2026-11-27 22:00:00Z", "2026-11-28 03:00:00Z"}},
		{"rate(1 day)", "America/New_York", "2027-03-13 17:00:00Z", []string{"2027-03-14 12:00:00Z", "2027-03-15 12:00:00Z"}}, // of 24 hours

		// guide
		{"cron(0 10 * * ? *)", "UTC", "", []string{"2026-11-28 10:00:00Z", "2026-11-29 10:00:00Z"}},
		{"cron(15 12 * * ? *)", "UTC", "", []string{"2026-11-28 12:15:00Z"}},
		{"cron(0 18 ? * MON-FRI *)", "UTC", "", []string{"2026-11-30 18:00:00Z", "2026-12-01 18:00:00Z"}},
		{"cron(0 8 1 * ? *)", "UTC", "", []string{"2026-12-01 08:00:00Z", "2027-01-01 08:00:00Z"}},
		{"cron(0/15 * * * ? *)", "UTC", "", []string{"2026-11-27 19:15:00Z", "2026-11-27 19:30:00Z", "2026-11-27 19:45:00Z", "2026-11-27 20:00:00Z"}},
		{"cron(0/10 * ? * MON-FRI *)", "UTC", "2026-11-27 23:50:00Z", []string{"2026-11-30 00:00:00Z", "2026-11-30 00:10:00Z"}},
		{"cron(0/5 8-17 ? * MON-FRI *)", "UTC", "2026-11-27 17:50:00Z", []string{"2026-11-27 17:55:00Z", "2026-11-30 08:00:00Z"}},
		{"cron(15 10 ? * 6L 2022-2027)", "UTC", "", []string{"2026-12-25 10:15:00Z", "2027-01-29 10:15:00Z"}},
		{"cron(1/10 * * * ? *)", "UTC", "", []string{"2026-11-27 19:01:00Z", "2026-11-27 19:11:00Z", "2026-11-27 19:21:00Z"}},
		{"cron(0 9 ? * 3#2 *)", "UTC", "", []string{"2026-12-08 09:00:00Z", "2027-01-12 09:00:00Z"}},
		{"cron(0 0 3W * ? *)", "UTC", "", []string{"2026-12-03 00:00:00Z", "2027-01-04 00:00:00Z"}},

		{"cron(0 0 L * ? *)", "UTC", "2028-02-01 00:00:00Z", []string{"2028-02-29 00:00:00Z", "2028-03-31 00:00:00Z"}},
		{"cron(0 0 LW * ? *)", "UTC", "2027-01-01 00:00:00Z", []string{"2027-01-29 00:00:00Z", "2027-02-26 00:00:00Z"}},
		{"cron(0 0 1W MAY ? *)", "UTC", "", []string{"2027-05-03 00:00:00Z", "2028-05-01 00:00:00Z"}},
		{"cron(0 0 31W * ? *)", "UTC", "2027-01-01 00:00:00Z", []string{"2027-01-29 00:00:00Z", "2027-03-31 00:00:00Z"}},
		{"cron(0 0 29 FEB ? *)", "UTC", "", []string{"2028-02-29 00:00:00Z", "2032-02-29 00:00:00Z"}},
		{"cron(0 0 ? * L *)", "UTC", "", []string{"2026-11-28 00:00:00Z", "2026-12-05 00:00:00Z"}},
		{"cron(0 0 ? * fri#5 *)", "UTC", "", []string{"2027-01-29 00:00:00Z", "2027-04-30 00:00:00Z"}},
		{"cron(30 4,16 ? jan,DEC 1,7 2026/2)", "UTC", "2026-12-27 17:00:00Z", []string{"2028-01-01 04:30:00Z", "2028-01-01 16:30:00Z", "2028-01-02 04:30:00Z"}},
		{"cron(0-10/5 12 * * ? *)", "UTC", "2026-11-27 12:00:00Z", []string{"2026-11-27 12:05:00Z", "2026-11-27 12:10:00Z", "2026-11-28 12:00:00Z"}},
		{"cron(0 0 1 1 ? 2026)", "UTC", "", nil},
		{"cron(59 23 31 12 ? 2199)", "UTC", "", []string{"2199-12-31 23:59:00Z"}},
		{"cron(0 0 30 FEB ? *)", "UTC", "", nil},
		{"cron(0 0 ? * MON *)", "Asia/Kathmandu", "", []string{"2026-11-30 00:00:00+05:45"}},

		// A time that the clock skips is left out, one that it repeats counts once.
		{"cron(30 2 * * ? *)", "America/New_York", "2027-03-13 12:00:00Z", []string{"2027-03-15 02:30:00-04:00"}},
		{"cron(30 1 * * ? *)", "America/New_York", "2027-11-06 12:00:00Z", []string{"2027-11-07 01:30:00-04:00", "2027-11-08 01:30:00-05:00"}},
		{"cron(0/30 1-3 * * ? *)", "Europe/Berlin", "2027-03-28 00:10:00Z", []string{"2027-03-28 01:30:00+01:00", "2027-03-28 03:00:00+02:00"}},
		{"cron(0/30 1-3 * * ? *)", "Europe/Berlin", "2027-10-31 00:10:00Z", []string{"2027-10-31 02:30:00+02:00", "2027-10-31 03:00:00+01:00"}},
		{"cron(45 2 * * ? *)", "Europe/Berlin", "2027-10-31 01:20:00Z", []string{"2027-11-01 02:45:00+01:00"}},   // created in the repeated hour
		{"cron(0 0 * * ? *)", "America/Santiago", "2026-09-05 12:00:00Z", []string{"2026-09-07 00:00:00-03:00"}}, // there is no midnight
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		e, valid := expression.Parse(c.expression, zone)
		if !valid {
			t.Errorf("%s is refused", c.expression)
			continue
		}
		after, err := time.Parse(clock, c.after+from[min(len(from), len(c.after)):])
		if err != nil {
			t.Fatal(err)
		}
		start := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
		var got []string
		for range max(1, len(c.want)) {
			next, found := e.Next(after, start)
			if !found {
				break
			}
			got, after = append(got, next.Format(clock)), next
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s in %s after %s: %q, want %q", c.expression, c.zone, c.after, got, c.want)
		}
	}
}

// TestInvalid lists what AWS refuses. Source of those marked "recorded": LocalStack's
// tests/aws/services/scheduler/test_scheduler.snapshot.json. The others follow from the user guide.
func TestInvalid(t *testing.T) {
	for _, text := range []string{
		// recorded
		"cron(0 1 * * * *)", "cron(7 20 * * NOT *)", "cron(INVALID)", "cron(0 dummy ? * MON-FRI *)", "cron(71 8 1 * ? *)", "cron()",
		"rate(10 seconds)", "rate(10 years)", "rate()", "rate(10)", "rate(10 minutess)", "rate(foo minutes)", "rate(-10 minutes)",
		"rate( 10 minutes )", " rate(10 minutes)", "at(2021-12-31T23:59:59Z)", "at(2021-12-31)",

		"", "at", "at(2027-02-29T00:00:00)", "at(2027-02-28T24:00:00)", "at(2027-02-28T00:00:00.5)", "at(2027-02-28T00:00:00", "every(1 day)",
		"rate(0 minutes)", "rate(1 Minute)", "rate(1  minute)", "rate(+1 minute)", "rate(99999999999999999999 days)", "rate(40000 days)",
		"cron(* * * * ?)", "cron(0 0 ? * ? *)", "cron(0 0 1 * MON *)", "cron(60 0 * * ? *)", "cron(0 24 * * ? *)", "cron(0 0 0 * ? *)",
		"cron(0 0 32 * ? *)", "cron(0 0 * 13 ? *)", "cron(0 0 ? * 0 *)", "cron(0 0 ? * 8 *)", "cron(0 0 * * ? 1969)", "cron(0 0 * * ? 2200)",
		"cron(0 0 ? * 3#6 *)", "cron(0 0 ? * 3#1,6#3 *)", "cron(0 0 ? * 2/2 *)", "cron(0 0 0W * ? *)", "cron(0 0 1,L * ? *)", "cron(0 0 W * ? *)",
		"cron(0/0 0 * * ? *)", "cron(5-1 0 * * ? *)", "cron(0 0 * * ? * *)", "cron(? 0 * * ? *)", "cron(1, 0 * * ? *)", "cron(-1 0 * * ? *)",
	} {
		if _, valid := expression.Parse(text, time.UTC); valid {
			t.Errorf("%q is accepted", text)
		}
	}
}

// FuzzParse checks that every accepted expression names times in order, each after the one before.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"at(2026-11-28T10:00:01)", "rate(5 hours)", "cron(0/15 8-17 ? * MON-FRI 2026/2)", "cron(0 0 LW JAN,DEC ? *)", "cron(0 0 ? * 6L *)", "cron(1 2 3W * ? *)", "cron(0 9 ? * 3#5 *)",
	} {
		for _, zone := range []string{"UTC", "America/New_York", "Australia/Lord_Howe"} {
			f.Add(text, zone, int64(1_800_000_000))
		}
	}
	f.Fuzz(func(t *testing.T, text, name string, seconds int64) {
		zone, err := time.LoadLocation(name)
		after := time.Unix(seconds%10_000_000_000, 0)
		if err != nil {
			return
		}
		e, valid := expression.Parse(text, zone)
		for range 3 {
			if !valid {
				return
			}
			var next time.Time
			if next, valid = e.Next(after, time.Unix(1_700_000_000, 0)); valid && !next.After(after) {
				t.Fatalf("%s in %s: %v is not after %v", text, name, next, after)
			}
			after = next
		}
	})
}
