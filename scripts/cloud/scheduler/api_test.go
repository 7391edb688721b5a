package scheduler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

// TestGet checks that a schedule is returned as it was given, with AWS's defaults.
func TestGet(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		if err := w.schedule("plain", "rate(1 hour)"); err != nil {
			t.Fatal(err)
		}
		got := must(w.clock.GetSchedule(t.Context(), &awsscheduler.GetScheduleInput{Name: aws.String("plain")}))(t)
		now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		if *got.Arn != "arn:aws:scheduler:us-east-1:000000000000:schedule/default/plain" || *got.Name != "plain" || *got.GroupName != "default" ||
			*got.ScheduleExpression != "rate(1 hour)" || *got.ScheduleExpressionTimezone != "UTC" || got.State != "ENABLED" || got.ActionAfterCompletion != "NONE" ||
			!got.CreationDate.Equal(now) || !got.LastModificationDate.Equal(now) || got.StartDate != nil || got.EndDate != nil || got.Description != nil ||
			got.FlexibleTimeWindow.Mode != "OFF" || *got.Target.RoleArn != roleARN || *got.Target.Input != "tick" ||
			*got.Target.RetryPolicy.MaximumRetryAttempts != 185 || *got.Target.RetryPolicy.MaximumEventAgeInSeconds != 86400 {
			t.Errorf("the schedule is %+v, its target %+v", got, got.Target)
		}
	})
}

// TestUpdate checks that an update replaces everything, and moves a schedule in time.
func TestUpdate(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		if err := w.schedule("moved", "at(2000-01-01T10:00:00)", func(in *awsscheduler.CreateScheduleInput) { in.Description = aws.String("early") }); err != nil {
			t.Fatal(err)
		}
		if err := w.schedule("ticking", "rate(10 minutes)", timed); err != nil {
			t.Fatal(err)
		}
		sleep(15 * time.Minute)
		if got := w.bodies("jobs"); len(got) != 2 {
			t.Errorf("before: %q", got)
		}
		update := func(name, expression, input string, state types.ScheduleState) {
			must(w.clock.UpdateSchedule(t.Context(), &awsscheduler.UpdateScheduleInput{
				Name: &name, ScheduleExpression: &expression, State: state, FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: "OFF"},
				Target: &types.Target{Arn: aws.String("arn:aws:sqs:us-east-1:000000000000:jobs"), RoleArn: aws.String(roleARN), Input: &input},
			}))(t)
		}
		update("moved", "at(2000-01-01T01:00:00)", "moved", "")
		update("ticking", "rate(10 minutes)", "<aws.scheduler.scheduled-time>", "")
		got := must(w.clock.GetSchedule(t.Context(), &awsscheduler.GetScheduleInput{Name: aws.String("moved")}))(t)
		if got.Description != nil || got.LastModificationDate.Sub(*got.CreationDate) != 15*time.Minute {
			t.Errorf("the schedule is %+v", got)
		}
		sleep(10 * time.Minute)
		if got := w.bodies("jobs"); !slices.Equal(got, []string{"2000-01-01T00:20:00Z"}) {
			t.Errorf("a rate went on: %q", got)
		}
		update("ticking", "rate(10 minutes)", "<aws.scheduler.scheduled-time>", "DISABLED")
		sleep(11 * time.Hour)
		if got := w.bodies("jobs"); !slices.Equal(got, []string{"moved"}) {
			t.Errorf("disabled and moved: %q", got)
		}
		update("ticking", "rate(10 minutes)", "<aws.scheduler.scheduled-time>", "ENABLED")
		sleep(10 * time.Minute)
		if got := w.bodies("jobs"); !slices.Equal(got, []string{"2000-01-01T11:30:00Z"}) {
			t.Errorf("enabled again: %q", got)
		}
		_, err := w.clock.DeleteSchedule(t.Context(), &awsscheduler.DeleteScheduleInput{Name: aws.String("ticking")})
		sleep(time.Hour)
		if got := w.bodies("jobs"); err != nil || got != nil {
			t.Errorf("deleted: %q %v", got, err)
		}
	})
}

// TestTokens checks that a request with the same ClientToken is made once.
func TestTokens(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		token := func(in *awsscheduler.CreateScheduleInput) { in.ClientToken = aws.String("token-1") }
		for range 2 {
			if err := w.schedule("once", "at(2000-01-01T10:00:00)", token); err != nil {
				t.Error(err)
			}
		}
		wantError(t, w.schedule("once", "at(2000-01-01T11:00:00)", token), "ConflictException", "token-1")
		wantError(t, w.schedule("once", "at(2000-01-01T10:00:00)"), "ConflictException", "Schedule once already exists.")
		for range 2 {
			must(w.clock.DeleteSchedule(t.Context(), &awsscheduler.DeleteScheduleInput{Name: aws.String("once"), ClientToken: aws.String("token-1")}))(t)
		}
		_, err := w.clock.DeleteSchedule(t.Context(), &awsscheduler.DeleteScheduleInput{Name: aws.String("once")})
		wantError(t, err, "ResourceNotFoundException", "Schedule once does not exist.")
		sleep(11 * time.Minute)
		if err := w.schedule("once", "at(2000-01-01T12:00:00)", token); err != nil {
			t.Errorf("the token is still known: %v", err)
		}
	})
}

// TestLists checks the pages of schedules and groups.
func TestLists(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		for _, group := range []string{"night", "noon"} {
			must(w.clock.CreateScheduleGroup(t.Context(), &awsscheduler.CreateScheduleGroupInput{Name: &group}))(t)
		}
		for i := range 7 {
			err := w.schedule(fmt.Sprintf("s%d", i), "at(2030-01-01T00:00:00)", func(in *awsscheduler.CreateScheduleInput) {
				if i%2 == 1 {
					in.GroupName, in.State = aws.String("night"), "DISABLED"
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		list := func(in awsscheduler.ListSchedulesInput) string {
			var names []string
			pages := awsscheduler.NewListSchedulesPaginator(w.clock, &in)
			for pages.HasMorePages() {
				for _, s := range must(pages.NextPage(t.Context()))(t).Schedules {
					names = append(names, *s.GroupName+"/"+*s.Name)
				}
				names = append(names, "|")
			}
			return strings.Join(names, " ")
		}
		for want, in := range map[string]awsscheduler.ListSchedulesInput{
			"default/s0 default/s2 default/s4 | default/s6 night/s1 night/s3 | night/s5 |": {MaxResults: aws.Int32(3)},
			"night/s1 night/s3 | night/s5 |":                                               {MaxResults: aws.Int32(2), GroupName: aws.String("night")},
			"default/s0 default/s2 default/s4 default/s6 |":                                {State: "ENABLED"},
			"default/s2 |": {NamePrefix: aws.String("s2")},
			"|":            {GroupName: aws.String("noon")},
		} {
			if got := list(in); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
		_, err := w.clock.ListSchedules(t.Context(), &awsscheduler.ListSchedulesInput{GroupName: aws.String("dawn")})
		wantError(t, err, "ResourceNotFoundException", "Schedule group dawn does not exist.")
		groups := must(w.clock.ListScheduleGroups(t.Context(), &awsscheduler.ListScheduleGroupsInput{NamePrefix: aws.String("n"), MaxResults: aws.Int32(1)}))(t)
		if len(groups.ScheduleGroups) != 1 || *groups.ScheduleGroups[0].Name != "night" || groups.NextToken == nil {
			t.Errorf("the groups are %+v", groups)
		}
	})
}

// TestGroups checks what a group is, its tags, and that its schedules end with it.
func TestGroups(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		arn := must(w.clock.CreateScheduleGroup(t.Context(), &awsscheduler.CreateScheduleGroupInput{
			Name: aws.String("night"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}, {Key: aws.String("env"), Value: aws.String("x")}},
		}))(t).ScheduleGroupArn
		got := must(w.clock.GetScheduleGroup(t.Context(), &awsscheduler.GetScheduleGroupInput{Name: aws.String("night")}))(t)
		if *got.Arn != "arn:aws:scheduler:us-east-1:000000000000:schedule-group/night" || *got.Arn != *arn || got.State != "ACTIVE" || got.CreationDate.Year() != 2000 {
			t.Errorf("the group is %+v", got)
		}
		must(w.clock.TagResource(t.Context(), &awsscheduler.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("b")}, {Key: aws.String("z"), Value: aws.String("z")}}}))(t)
		must(w.clock.UntagResource(t.Context(), &awsscheduler.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"z", "env"}}))(t)
		tags := must(w.clock.ListTagsForResource(t.Context(), &awsscheduler.ListTagsForResourceInput{ResourceArn: arn}))(t).Tags
		if len(tags) != 1 || *tags[0].Key != "team" || *tags[0].Value != "b" {
			t.Errorf("the tags are %v", tags)
		}
		_, err := w.clock.ListTagsForResource(t.Context(), &awsscheduler.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:scheduler:us-east-1:000000000000:schedule/default/x")})
		wantError(t, err, "ValidationException", "schedule-group/NAME")

		inGroup := func(in *awsscheduler.CreateScheduleInput) { in.GroupName = aws.String("night") }
		if err := w.schedule("ended", "at(2000-01-01T01:00:00)", inGroup); err != nil {
			t.Fatal(err)
		}
		_, err = w.clock.CreateScheduleGroup(t.Context(), &awsscheduler.CreateScheduleGroupInput{Name: aws.String("night")})
		wantError(t, err, "ConflictException", "Schedule group night already exists.")
		must(w.clock.DeleteScheduleGroup(t.Context(), &awsscheduler.DeleteScheduleGroupInput{Name: aws.String("night")}))(t)
		wantError(t, w.schedule("late", "at(2000-01-01T01:00:00)", inGroup), "ResourceNotFoundException", "Schedule group night does not exist.")
		_, err = w.clock.DeleteScheduleGroup(t.Context(), &awsscheduler.DeleteScheduleGroupInput{Name: aws.String("default")})
		wantError(t, err, "ValidationException", "default")
		sleep(2 * time.Hour)
		if got := w.bodies("jobs"); got != nil {
			t.Errorf("after its group was deleted, a schedule sent %q", got)
		}
		for i := range 499 {
			must(w.clock.CreateScheduleGroup(t.Context(), &awsscheduler.CreateScheduleGroupInput{Name: aws.String(fmt.Sprint("g", i))}))(t)
		}
		_, err = w.clock.CreateScheduleGroup(t.Context(), &awsscheduler.CreateScheduleGroupInput{Name: aws.String("last")})
		wantError(t, err, "ServiceQuotaExceededException", "500")
	})
}
