package cloud_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

// schedulesStory has schedules that run before, while and after the cloud is down, and one whose invocation is retried.
func schedulesStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	must(l.role.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("clock"), AssumeRolePolicyDocument: aws.String(
		`{"Statement": {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}}`)}))(t)
	must(l.role.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("clock"), PolicyName: aws.String("may"), PolicyDocument: aws.String(
		`{"Statement": {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}}`)}))(t)
	jobs := l.queue(t, "jobs", nil)
	must(l.plan.CreateScheduleGroup(ctx, &scheduler.CreateScheduleGroupInput{Name: aws.String("night"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}}}))(t)
	plan := func(name, expression string) {
		t.Helper()
		must(l.plan.CreateSchedule(ctx, &scheduler.CreateScheduleInput{
			Name: &name, GroupName: aws.String("night"), ScheduleExpression: &expression, FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: "OFF"}, ActionAfterCompletion: "DELETE",
			Target: &types.Target{Arn: aws.String(arnOf("sqs", "jobs")), RoleArn: aws.String("arn:aws:iam::000000000000:role/clock"), Input: aws.String(name + " <aws.scheduler.scheduled-time>")},
		}))(t)
	}
	at := func(after time.Duration) (expression, text string) {
		wall := time.Now().UTC().Add(after).Truncate(time.Second).Format("2006-01-02T15:04:05")
		return "at(" + wall + ")", wall + "Z"
	}
	get := func(name string) *scheduler.GetScheduleOutput {
		return must(l.plan.GetSchedule(ctx, &scheduler.GetScheduleInput{Name: &name, GroupName: aws.String("night")}))(t)
	}
	past, pastText := at(-time.Second)
	plan("past", past)
	eventually(t, "it runs", func() bool { return l.attributes(t, jobs)["ApproximateNumberOfMessages"] == "1" })
	plan("far", "cron(0 0 1 1 ? 2199)")
	far := get("far")
	missed, missedText := at(2 * time.Second)
	plan("missed", missed)

	l = again(l)
	eventually(t, "what was missed runs", func() bool { return l.attributes(t, jobs)["ApproximateNumberOfMessages"] == "2" })
	same(t, []string{"past " + pastText, "missed " + missedText}, bodies(l.receive(t, jobs, 600)))
	same(t, *far.CreationDate, *get("far").CreationDate)
	same(t, *far.Target.Input, *get("far").Target.Input)
	same(t, "team", *must(l.plan.ListTagsForResource(ctx, &scheduler.ListTagsForResourceInput{ResourceArn: aws.String(arnOf("scheduler", "schedule-group/night"))}))(t).Tags[0].Key)

	l = again(l)
	same(t, 1, len(must(l.plan.ListSchedules(ctx, &scheduler.ListSchedulesInput{}))(t).Schedules)) // the others are complete
}
