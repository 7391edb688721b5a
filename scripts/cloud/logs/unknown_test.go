package logs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cwl "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"example.com/localcloud/delivery"
)

// refused checks the code of an error, and a part of its message.
func refused(t *testing.T, err error, code, part string) {
	t.Helper()
	if got := errorText(err); !strings.HasPrefix(got, code+": ") || !strings.Contains(got, part) {
		t.Errorf("%q, want %s with %q", got, code, part)
	}
}

// TestLimitsOfABatch checks those of the API reference, PutLogEvents.
func TestLimitsOfABatch(t *testing.T) {
	_, client := serve(t)
	create(t, client, "g")
	write(t, client, "g", "s", 0, "first")
	const day = 24 * 60 * 60 * 1000
	put := func(events ...types.InputLogEvent) error {
		_, err := client.PutLogEvents(t.Context(), &cwl.PutLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s"), LogEvents: events})
		return err
	}
	event := func(at int64, message string) types.InputLogEvent {
		return types.InputLogEvent{Timestamp: &at, Message: &message}
	}
	if err := put(event(1, "a"), event(1+day, "b")); err != nil {
		t.Errorf("a day: %v", err)
	}
	refused(t, put(event(1, "a"), event(2+day, "b")), "InvalidParameterException", "cannot span more than 24 hours")
	half := strings.Repeat("x", 1<<19-26)
	if err := put(event(1, half), event(1, half)); err != nil {
		t.Errorf("1 MiB: %v", err)
	}
	refused(t, put(event(1, half), event(1, half+"x")), "InvalidParameterException", "Upload too large: 1048577 bytes exceeds limit of 1048576")
}

func TestTags(t *testing.T) {
	_, client := serve(t)
	ctx := t.Context()
	if _, err := client.CreateLogGroup(ctx, &cwl.CreateLogGroupInput{LogGroupName: aws.String("g"), Tags: map[string]string{"a": "1", "b": "2"}}); err != nil {
		t.Fatal(err)
	}
	arn := aws.String("arn:aws:logs:us-east-1:000000000000:log-group:g")
	if _, err := client.TagResource(ctx, &cwl.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"a": "3", "c": "4"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.UntagResource(ctx, &cwl.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"b", "none"}}); err != nil {
		t.Fatal(err)
	}
	out, err := client.ListTagsForResource(ctx, &cwl.ListTagsForResourceInput{ResourceArn: arn})
	if err != nil || !cmp.Equal(out.Tags, map[string]string{"a": "3", "c": "4"}) {
		t.Errorf("%v, %v", out, err)
	}
	many := map[string]string{}
	for i := range 49 {
		many[fmt.Sprint(i)] = ""
	}
	_, err = client.TagResource(ctx, &cwl.TagResourceInput{ResourceArn: arn, Tags: many})
	refused(t, err, "TooManyTagsException", "50")
}

func TestQuestionMarksAmongOtherTerms(t *testing.T) {
	_, client := serve(t)
	create(t, client, "g")
	write(t, client, "g", "s", 0, "ERROR disk", "ERROR lamp", "INFO lamp")
	for pattern, want := range map[string]int{"?disk ?INFO": 2, "?disk ERROR": 2, "?disk -INFO": 2, "ERROR": 2} { // user guide: combined with others, they are ignored
		out, err := client.FilterLogEvents(t.Context(), &cwl.FilterLogEventsInput{LogGroupName: aws.String("g"), FilterPattern: &pattern})
		if err != nil || len(out.Events) != want {
			t.Errorf("%s matches %d events, want %d: %v", pattern, len(out.Events), want, err)
		}
	}
}

// TestGroupsElsewhere checks that a group of another account or region is not taken for the local one.
func TestGroupsElsewhere(t *testing.T) {
	service, client := serve(t)
	ctx := t.Context()
	create(t, client, "g")
	write(t, client, "g", "s", 0, "a")
	for _, id := range []string{
		"arn:aws:logs:us-east-1:111111111111:log-group:g", "arn:aws:logs:eu-west-1:000000000000:log-group:g", "arn:aws-cn:logs:us-east-1:000000000000:log-group:g",
		"arn:aws:sqs:us-east-1:000000000000:log-group:g", "arn:aws:logs:us-east-1:000000000000:destination:g", "arn:aws:logs:us-east-1:000000000000:log-group:g:*", "log-group:g",
	} {
		_, err := client.FilterLogEvents(ctx, &cwl.FilterLogEventsInput{LogGroupIdentifier: &id})
		refused(t, err, "ResourceNotFoundException", "")
		_, err = client.GetLogEvents(ctx, &cwl.GetLogEventsInput{LogGroupIdentifier: &id, LogStreamName: aws.String("s")})
		refused(t, err, "ResourceNotFoundException", "")
		_, err = client.DescribeLogStreams(ctx, &cwl.DescribeLogStreamsInput{LogGroupIdentifier: &id})
		refused(t, err, "ResourceNotFoundException", "")
		if _, err = client.ListTagsForResource(ctx, &cwl.ListTagsForResourceInput{ResourceArn: &id}); err == nil {
			t.Errorf("%s has tags", id)
		}
		if strings.HasSuffix(id, ":*") {
			continue // a rule's target has this form
		}
		if err := service.Deliver(ctx, delivery.Delivery{To: id, Body: []byte("x")}); err == nil && strings.HasPrefix(id, "arn:") {
			t.Errorf("an event for %s was taken", id)
		}
	}
	if out, err := client.FilterLogEvents(ctx, &cwl.FilterLogEventsInput{LogGroupName: aws.String("g")}); err != nil || len(out.Events) != 1 {
		t.Errorf("%v, %v", out, err)
	}
}

// TestUnknownIsRefusedByName sends what CloudWatch Logs does not know in each place where a name or a word selects a
// meaning.
func TestUnknownIsRefusedByName(t *testing.T) {
	_, client := serve(t)
	ctx := t.Context()
	create(t, client, "g")
	write(t, client, "g", "s", 0, "a")
	filter := func(pattern string) func() error {
		return func() error {
			_, err := client.FilterLogEvents(ctx, &cwl.FilterLogEventsInput{LogGroupName: aws.String("g"), FilterPattern: &pattern})
			return err
		}
	}
	makeGroup := func(in cwl.CreateLogGroupInput) func() error {
		return func() error { _, err := client.CreateLogGroup(ctx, &in); return err }
	}
	for name, test := range map[string]struct {
		call       func() error
		code, part string
	}{
		"regular expression":           {filter("%re%"), "", "regular expressions"},
		"regular expression in JSON":   {filter("{ $.a = %re% }"), "", "regular expressions"},
		"negated regular expression":   {filter("{ $.a != %re% }"), "", "regular expressions"},
		"regular expression after AND": {filter("{ $.b = 1 && $.a = %re.*% }"), "", "regular expressions"},
		"columns":                      {filter("[a, b]"), "", "columns"},
		"colon in a term":              {filter("status:ok"), "", "Invalid character(s) in term ':'"},
		"comma in a term":              {filter("ERROR a,b"), "", "Invalid character(s) in term ','"},
		"value without quotes":         {filter("{ $.a = b/c }"), "", "Invalid character(s) in term '/'"},
		"quoted selector":              {filter(`{ $."detail-type" = "a" }`), "", "$"},
		"wildcard selector":            {filter(`{ $.* = "a" }`), "", "$.*"},
		"operator":                     {filter(`{ $.a ~ "b" }`), "", "Invalid filter pattern"},
		"word":                         {filter(`{ $.a EXISTS }`), "", "EXISTS"},
		"class":                        {makeGroup(cwl.CreateLogGroupInput{LogGroupName: aws.String("x"), LogGroupClass: types.LogGroupClassInfrequentAccess}), "", "INFREQUENT_ACCESS"},
		"tags of a name": {func() error {
			_, err := client.TagResource(ctx, &cwl.TagResourceInput{ResourceArn: aws.String("g"), Tags: map[string]string{"a": "b"}})
			return err
		}, "", "resourceArn"},
		"key":  {makeGroup(cwl.CreateLogGroupInput{LogGroupName: aws.String("x"), KmsKeyId: aws.String("k")}), "SerializationException", "kmsKeyId"},
		"name": {makeGroup(cwl.CreateLogGroupInput{LogGroupName: aws.String("a:b")}), "", "a:b"},
		"stream's name": {func() error {
			_, err := client.CreateLogStream(ctx, &cwl.CreateLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("a:b")})
			return err
		}, "", "a:b"},
		"order": {func() error {
			_, err := client.DescribeLogStreams(ctx, &cwl.DescribeLogStreamsInput{LogGroupName: aws.String("g"), OrderBy: "Size"})
			return err
		}, "", "Size"},
		"prefix and pattern": {func() error {
			_, err := client.DescribeLogGroups(ctx, &cwl.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("a"), LogGroupNamePattern: aws.String("b")})
			return err
		}, "", "mutually exclusive"},
		"name and identifier": {func() error {
			_, err := client.DescribeLogStreams(ctx, &cwl.DescribeLogStreamsInput{LogGroupName: aws.String("g"), LogGroupIdentifier: aws.String("g")})
			return err
		}, "ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters."},
		"neither": {func() error { _, err := client.FilterLogEvents(ctx, &cwl.FilterLogEventsInput{}); return err }, "", "logGroupName"},
		"token": {func() error {
			_, err := client.FilterLogEvents(ctx, &cwl.FilterLogEventsInput{LogGroupName: aws.String("g"), NextToken: aws.String("1-1x")})
			return err
		}, "", "The specified nextToken is invalid."},
		"token of a stream": {func() error {
			_, err := client.GetLogEvents(ctx, &cwl.GetLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s"), NextToken: aws.String("x/1-1")})
			return err
		}, "", "The specified nextToken is invalid."},
		"token of groups": {func() error {
			_, err := client.DescribeLogGroups(ctx, &cwl.DescribeLogGroupsInput{NextToken: aws.String("none")})
			return err
		}, "", "The specified nextToken is invalid."},
		"limit": {func() error {
			_, err := client.FilterLogEvents(ctx, &cwl.FilterLogEventsInput{LogGroupName: aws.String("g"), Limit: aws.Int32(10_001)})
			return err
		}, "", "Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000"},
		"limit of groups": {func() error {
			_, err := client.DescribeLogGroups(ctx, &cwl.DescribeLogGroupsInput{Limit: aws.Int32(0)})
			return err
		}, "", "'limit'"},
		"unmasked": {func() error {
			_, err := client.FilterLogEvents(ctx, &cwl.FilterLogEventsInput{LogGroupName: aws.String("g"), Unmask: true})
			return err
		}, "SerializationException", "unmask"},
		"retention": {func() error {
			_, err := client.PutRetentionPolicy(ctx, &cwl.PutRetentionPolicyInput{LogGroupName: aws.String("g"), RetentionInDays: aws.Int32(2)})
			return err
		}, "", "retentionInDays"},
	} {
		t.Run(name, func(t *testing.T) {
			code := test.code
			if code == "" {
				code = "InvalidParameterException"
			}
			refused(t, test.call(), code, test.part)
		})
	}
}
