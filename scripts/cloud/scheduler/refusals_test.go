package scheduler_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// TestRefusals checks what a schedule must not be. Sources of the messages are at the code.
func TestRefusals(t *testing.T) {
	type in = awsscheduler.CreateScheduleInput
	arn := func(arn string) func(*in) {
		return with(func(to *types.Target) { to.Arn = &arn })
	}
	const queue, bus = "arn:aws:sqs:us-east-1:000000000000:", "arn:aws:events:us-east-1:000000000000:event-bus/default"
	inTime(t, func(t *testing.T, w *world) {
		now := time.Now()
		for _, c := range []struct {
			change  func(*in)
			message string
		}{
			{func(in *in) { in.Name = aws.String(strings.Repeat("x", 65)) }, "at 'name' failed to satisfy constraint: Member must have length less than or equal to 64"},
			{func(in *in) { in.Name = aws.String("a b") }, "at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$"},
			{func(in *in) { in.GroupName = aws.String("a/b") }, "'groupName'"},
			{func(in *in) { in.Description = aws.String(strings.Repeat("x", 513)) }, "'description'"},
			{func(in *in) { in.ClientToken = aws.String("a b") }, "'clientToken'"},
			{func(in *in) { in.State = "PAUSED" }, "Value 'PAUSED' at 'state'"},
			{func(in *in) { in.ActionAfterCompletion = "KEEP" }, "'actionAfterCompletion'"},
			{func(in *in) { in.ScheduleExpression = aws.String("rate(10 seconds)") }, "Invalid Schedule Expression rate(10 seconds)."},
			{func(in *in) { in.ScheduleExpressionTimezone = aws.String("Mars/Olympus") }, "Mars/Olympus"},
			{func(in *in) { in.ScheduleExpressionTimezone = aws.String("Local") }, "Local"},
			{func(in *in) { in.FlexibleTimeWindow = &types.FlexibleTimeWindow{Mode: "FLEXIBLE"} }, "MaximumWindowInMinutes must be set"},
			{func(in *in) { in.FlexibleTimeWindow.MaximumWindowInMinutes = aws.Int32(5) }, "MaximumWindowInMinutes must not be set"},
			{func(in *in) {
				in.FlexibleTimeWindow = &types.FlexibleTimeWindow{Mode: "FLEXIBLE", MaximumWindowInMinutes: aws.Int32(1441)}
			}, "between 1 and 1440"},
			{func(in *in) { in.StartDate = aws.Time(now.Add(-6 * time.Minute)) }, "The StartDate you specify cannot be earlier than 5 minutes ago."},
			{func(in *in) { in.EndDate = aws.Time(now.Add(-time.Minute)) }, "EndDate"},
			{func(in *in) { in.StartDate, in.EndDate = aws.Time(now.Add(time.Hour)), aws.Time(now.Add(time.Minute)) }, "later than the StartDate"},

			{arn("jobs"), "Provided Arn is not in correct format."},
			{arn("arn:aws:scheduler:::aws-sdk:sqs:sendMessage"), "arn:aws:scheduler:::aws-sdk:sqs:sendMessage is a universal target"},
			{arn("arn:aws:ecs:us-east-1:000000000000:cluster/c"), "ecs is not a supported service for a target."},
			{arn("arn:aws:sqs:eu-west-1:000000000000:jobs"), `the region is "eu-west-1"`},
			{arn("arn:aws:lambda:us-east-1:000000000000:function:f"), "must be well-formed JSON"},
			{arn(bus), "EventBridgeParameters must be specified"},
			{arn(queue + "jobs.fifo"), "SqsParameters with a MessageGroupId must be specified"},
			{with(func(to *types.Target) {
				to.Arn, to.Input = aws.String(bus), aws.String("{}")
				to.EventBridgeParameters = &types.EventBridgeParameters{DetailType: aws.String("d"), Source: aws.String("aws.ec2")}
			}), "aws.ec2"},
			{with(func(to *types.Target) {
				to.EventBridgeParameters = &types.EventBridgeParameters{DetailType: aws.String("d"), Source: aws.String("s")}
			}), "EventBridgeParameters cannot be specified"},
			{with(func(to *types.Target) { to.Input = aws.String(strings.Repeat("x", 256<<10+1)) }), "'target.input'"},
			{with(func(to *types.Target) { to.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(186)} }), "between 0 and 185"},
			{with(func(to *types.Target) { to.RetryPolicy = &types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(59)} }), "between 60 and 86400"},
			{with(func(to *types.Target) {
				to.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(queue + "dead.fifo")}
			}), "'target.deadLetterConfig.arn'"},
			{with(func(to *types.Target) { to.RoleArn = aws.String("clock") }), "'target.roleArn'"},
			{with(func(to *types.Target) { to.RoleArn = aws.String("arn:aws:iam::000000000000:role/none") }), "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."},
		} {
			wantError(t, w.schedule("refused", "rate(1 hour)", c.change), "ValidationException", c.message)
		}
		// What the service doesn't have, it names.
		wantError(t, w.schedule("refused", "rate(1 hour)", func(in *in) { in.KmsKeyArn = aws.String("k") }), "SerializationException", "KmsKeyArn")
		wantError(t, w.schedule("refused", "rate(1 hour)", with(func(to *types.Target) {
			to.KinesisParameters = &types.KinesisParameters{PartitionKey: aws.String("k")}
		})), "SerializationException", "KinesisParameters")
	})
}

// TestTrust checks the trust policies that AWS's user guide shows ("Confused deputy prevention"), and one that names the
// schedule, with which AWS creates none.
func TestTrust(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		for i, c := range []struct {
			condition string
			refused   bool
		}{
			{`{"aws:SourceAccount": "000000000000", "aws:SourceArn": "arn:aws:scheduler:us-east-1:000000000000:schedule-group/default"}`, false},
			{`{"aws:SourceAccount": "111111111111"}`, true},
			{`{"aws:SourceArn": "arn:aws:scheduler:us-east-1:000000000000:schedule/default/guarded-2"}`, true},
		} {
			policy := strings.Replace(trust, `"Action"`, `"Condition": {"StringEquals": `+c.condition+`}, "Action"`, 1)
			must(w.roles.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String("clock"), PolicyDocument: &policy}))(t)
			err := w.schedule(fmt.Sprint("guarded-", i), "at(2000-01-01T00:00:00)")
			if c.refused {
				wantError(t, err, "ValidationException", "must allow AWS EventBridge Scheduler to assume the role")
			}
			sleep(time.Millisecond)
			if got := len(w.bodies("jobs")); !c.refused && (got != 1 || err != nil) || c.refused && got != 0 {
				t.Errorf("%s: %d messages, %v", c.condition, got, err)
			}
		}
	})
}

// TestPermissions checks what a caller needs: the action on the schedule, and to pass the role on to Scheduler.
func TestPermissions(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		const any = `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}`
		must(w.roles.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("caller"), AssumeRolePolicyDocument: aws.String(any)}))(t)
		roles := w.roles
		got := must(sts.New(sts.Options{Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), HTTPClient: w,
			Credentials: credentials.NewStaticCredentialsProvider("root", "secret", "")}).AssumeRole(t.Context(),
			&sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::000000000000:role/caller"), RoleSessionName: aws.String("test")}))(t)
		w.connect(*got.Credentials.AccessKeyId)
		const schedule = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/mine"
		for _, c := range []struct{ policy, lacks string }{
			{`{"Effect": "Deny", "Action": "*", "Resource": "*"}`, "scheduler:CreateSchedule on resource: " + schedule},
			{`{"Effect": "Allow", "Action": "scheduler:*", "Resource": "` + schedule + `"}`, "iam:PassRole on resource: " + roleARN},
			{`{"Effect": "Allow", "Action": ["scheduler:CreateSchedule", "iam:PassRole"], "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}`, "scheduler:CreateSchedule"},
			{`{"Effect": "Allow", "Action": "scheduler:CreateSchedule", "Resource": "*"}, {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "` + roleARN + `", "Condition": {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}}`, ""},
		} {
			must(roles.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("caller"), PolicyName: aws.String("may"), PolicyDocument: aws.String(`{"Statement": [` + c.policy + `]}`)}))(t)
			err := w.schedule("mine", "at(2030-01-01T00:00:00)")
			if c.lacks != "" {
				wantError(t, err, "AccessDeniedException", c.lacks)
			} else if err != nil {
				t.Error(err)
			}
		}
		_, err := w.clock.DeleteSchedule(t.Context(), &awsscheduler.DeleteScheduleInput{Name: aws.String("mine")})
		wantError(t, err, "AccessDeniedException", "scheduler:DeleteSchedule on resource: "+schedule)
	})
}
