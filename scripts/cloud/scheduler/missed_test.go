package scheduler_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"example.com/localcloud"
	"example.com/localcloud/journal"
)

// keep makes the cloud load its state from a folder and save it there.
func (w *world) keep(folder string) {
	w.journal = must(journal.Open(folder))(w.t)
	for _, restore := range []func(*journal.Journal) error{w.cloud.IAM.Restore, w.cloud.SQS.Restore, w.cloud.Scheduler.Restore} {
		if err := restore(w.journal); err != nil {
			w.t.Fatal(err)
		}
	}
}

// restart ends the cloud and starts the next one later, from the same folder.
func (w *world) restart(after time.Duration) {
	w.close()
	sleep(after)
	w.cloud = cloud.New("http://cloud", w.between)
	w.keep(w.folder)
	sleep(time.Millisecond)
}

// TestMissed checks what runs when the cloud starts again after two hours and a half.
func TestMissed(t *testing.T) {
	for _, c := range []struct {
		name, expression string
		age              int32 // seconds
		want, dead       []string
	}{
		{"once", "at(2000-01-01T01:00:00)", 86400, []string{"2000-01-01T01:00:00Z"}, nil},
		{"once, too long ago", "at(2000-01-01T01:00:00)", 3600, nil, []string{"2000-01-01T01:00:00Z"}},
		{"often", "cron(0/20 * * * ? *)", 86400, []string{"2000-01-01T02:20:00Z"}, nil},
		{"often, and shortly before", "cron(0/20 * * * ? *)", 900, []string{"2000-01-01T02:20:00Z"}, nil},
		{"often, but too long ago", "cron(0 0-1 * * ? *)", 60, nil, []string{"2000-01-01T01:00:00Z"}},
		{"not yet", "at(2000-01-01T03:00:00)", 86400, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			inTime(t, func(t *testing.T, w *world) {
				if err := w.schedule("missed", c.expression, timed, deleted, with(func(to *types.Target) {
					to.RetryPolicy = &types.RetryPolicy{MaximumEventAgeInSeconds: &c.age}
					to.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(dead)}
				})); err != nil {
					t.Fatal(err)
				}
				w.restart(150 * time.Minute)
				for queue, want := range map[string][]string{"jobs": c.want, "dead": c.dead} {
					if got := w.bodies(queue); !slices.Equal(got, want) {
						t.Errorf("%s holds %q, want %q", queue, got, want)
					}
				}
				if got := w.bodies("jobs"); got != nil {
					t.Errorf("again: %q", got)
				}
			})
		})
	}
}

// TestRetriesGoOn checks that an invocation that failed survives the process, before its first retry and later.
func TestRetriesGoOn(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		failures := 6
		w.failing(&failures)
		if err := w.schedule("failing", "at(2000-01-01T00:00:01)", timed, deleted); err != nil {
			t.Fatal(err)
		}
		sleep(1200 * time.Millisecond)
		w.restart(time.Minute)
		sleep(4 * time.Second)
		w.restart(time.Minute)
		sleep(time.Hour)
		if got := w.bodies("jobs"); failures != 0 || !slices.Equal(got, []string{"2000-01-01T00:00:01Z"}) {
			t.Errorf("it ran %q", got)
		}
	})
}

// TestRateGoesOn checks that a rate counts from the same start in the next process.
func TestRateGoesOn(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		sleep(30 * time.Second)
		if err := w.schedule("ticking", "rate(1 hour)", timed); err != nil {
			t.Fatal(err)
		}
		sleep(time.Minute)
		w.restart(time.Minute)
		sleep(time.Hour)
		if got := w.bodies("jobs"); !slices.Equal(got, []string{"2000-01-01T00:00:30Z", "2000-01-01T01:00:30Z"}) {
			t.Errorf("it ran %q", got)
		}
	})
}
