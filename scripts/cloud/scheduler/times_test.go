package scheduler_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

// TestRunsAtItsTime checks when schedules run. A queue needs no policy, because the role may send.
func TestRunsAtItsTime(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		for _, s := range [][2]string{{"later", "at(2100-01-01T00:00:00)"}, {"once", "at(2000-01-01T10:00:01)"}} {
			if err := w.schedule(s[0], s[1], timed); err != nil {
				t.Fatal(err)
			}
			sleep(0) // until the clock waits for it
		}
		sleep(10 * time.Hour)
		if got := w.bodies("jobs"); got != nil {
			t.Errorf("too early: %q", got)
		}
		sleep(time.Second)
		if got := w.bodies("jobs"); !slices.Equal(got, []string{"2000-01-01T10:00:01Z"}) {
			t.Errorf("at its time: %q", got)
		}
		sleep(1000 * time.Hour)
		if got := w.bodies("jobs"); got != nil {
			t.Errorf("again: %q", got)
		}
		must(w.clock.GetSchedule(t.Context(), &awsscheduler.GetScheduleInput{Name: aws.String("once")}))(t)
	})
}

// timed makes a schedule send the time.
func timed(in *awsscheduler.CreateScheduleInput) {
	in.Target.Input = aws.String("<aws.scheduler.scheduled-time>")
}

func with(change func(*types.Target)) func(*awsscheduler.CreateScheduleInput) {
	return func(in *awsscheduler.CreateScheduleInput) { change(in.Target) }
}

func deleted(in *awsscheduler.CreateScheduleInput) { in.ActionAfterCompletion = "DELETE" }

// TestManyTimes checks which times of a day schedules run at, in order, by their names.
func TestManyTimes(t *testing.T) {
	at := func(text string) *time.Time {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return &parsed
	}
	for _, c := range []struct {
		name, expression string
		change           func(*awsscheduler.CreateScheduleInput)
		want             []string // times on 2000-01-01
		gone             bool     // whether the schedule is deleted
	}{
		{"a rate begins at once", "rate(10 hours)", nil, []string{"00:00:00", "10:00:00", "20:00:00"}, false},
		{"a rate with a start and an end", "rate(5 hours)", func(in *awsscheduler.CreateScheduleInput) {
			in.StartDate, in.EndDate = at("2000-01-01T02:00:30Z"), at("2000-01-01T12:00:30Z")
		}, []string{"02:00:30", "07:00:30", "12:00:30"}, false},
		{"a rate that is deleted after its end", "rate(5 hours)", func(in *awsscheduler.CreateScheduleInput) {
			in.EndDate, in.ActionAfterCompletion = at("2000-01-01T06:00:00Z"), "DELETE"
		}, []string{"00:00:00", "05:00:00"}, true},
		{"cron", "cron(0 6-18/6 ? * SAT *)", nil, []string{"06:00:00", "12:00:00", "18:00:00"}, false},
		{"cron elsewhere", "cron(30 9 * * ? *)", func(in *awsscheduler.CreateScheduleInput) { in.ScheduleExpressionTimezone = aws.String("Asia/Tokyo") }, []string{"00:30:00"}, false},
		{"cron with a start", "cron(0 0/8 * * ? *)", func(in *awsscheduler.CreateScheduleInput) { in.StartDate = at("2000-01-01T08:00:00Z") }, []string{"08:00:00", "16:00:00"}, false},
		{"once", "at(2000-01-01T03:00:00)", deleted, []string{"03:00:00"}, true},
		{"once, whatever the dates", "at(2000-01-01T03:00:00)", func(in *awsscheduler.CreateScheduleInput) {
			in.StartDate, in.EndDate = at("1999-01-01T00:00:00Z"), at("1999-01-02T00:00:00Z")
		}, []string{"03:00:00"}, false},
		{"once, just now", "at(1999-12-31T23:59:30)", nil, []string{"23:59:30"}, false},
		{"once, in the past", "at(1999-12-31T23:58:00)", deleted, nil, false},
		{"disabled", "rate(1 hour)", func(in *awsscheduler.CreateScheduleInput) { in.State = "DISABLED" }, nil, false},
		{"in a window", "at(2000-01-01T03:00:00)", func(in *awsscheduler.CreateScheduleInput) {
			in.FlexibleTimeWindow = &types.FlexibleTimeWindow{Mode: "FLEXIBLE", MaximumWindowInMinutes: aws.Int32(60)}
		}, []string{"03:00:00"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inTime(t, func(t *testing.T, w *world) {
				if c.change == nil {
					c.change = timed
				}
				if err := w.schedule("tested", c.expression, timed, c.change); err != nil {
					t.Fatal(err)
				}
				sleep(24*time.Hour - time.Second)
				var got []string
				for _, body := range w.bodies("jobs") {
					got = append(got, body[len("2000-01-01T"):len(body)-1])
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("it ran at %q, want %q", got, c.want)
				}
				_, err := w.clock.GetSchedule(t.Context(), &awsscheduler.GetScheduleInput{Name: aws.String("tested")})
				if c.gone {
					wantError(t, err, "ResourceNotFoundException", "Schedule tested does not exist.")
				} else if err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestUpdatedWhileRetrying checks that the end of an invocation doesn't delete a schedule that has been updated since.
func TestUpdatedWhileRetrying(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		failures := 3
		w.failing(&failures)
		if err := w.schedule("updated", "at(2000-01-01T00:00:00)", timed, deleted); err != nil {
			t.Fatal(err)
		}
		sleep(1100 * time.Millisecond)
		must(w.clock.UpdateSchedule(t.Context(), &awsscheduler.UpdateScheduleInput{
			Name: aws.String("updated"), ScheduleExpression: aws.String("at(2000-01-02T00:00:00)"), FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: "OFF"}, ActionAfterCompletion: "DELETE",
			Target: &types.Target{Arn: aws.String("arn:aws:sqs:us-east-1:" + account + ":jobs"), RoleArn: aws.String(roleARN), Input: aws.String("<aws.scheduler.scheduled-time>")},
		}))(t)
		sleep(48 * time.Hour)
		if got := w.bodies("jobs"); !slices.Equal(got, []string{"2000-01-01T00:00:00Z", "2000-01-02T00:00:00Z"}) {
			t.Errorf("it ran %q", got)
		}
	})
}
