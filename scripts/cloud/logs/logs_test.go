package logs_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	cwl "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"example.com/localcloud/delivery"
	"example.com/localcloud/logs"
)

func serve(t *testing.T) (*logs.Service, *cwl.Client) {
	service := logs.New()
	server := httptest.NewServer(service.Wire())
	t.Cleanup(server.Close)
	return service, cwl.New(cwl.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
}

func errorText(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode() + ": " + api.ErrorMessage()
	}
	return fmt.Sprint(err)
}

// write writes messages to a new stream, one per second from the given Unix second on.
func write(t *testing.T, client *cwl.Client, group, stream string, from int64, messages ...string) {
	t.Helper()
	if _, err := client.CreateLogStream(t.Context(), &cwl.CreateLogStreamInput{LogGroupName: &group, LogStreamName: &stream}); err != nil {
		t.Fatal(err)
	}
	var events []types.InputLogEvent
	for i, m := range messages {
		events = append(events, types.InputLogEvent{Timestamp: aws.Int64((from + int64(i)) * 1000), Message: &m})
	}
	if _, err := client.PutLogEvents(t.Context(), &cwl.PutLogEventsInput{LogGroupName: &group, LogStreamName: &stream, LogEvents: events}); err != nil {
		t.Fatal(err)
	}
}

func create(t *testing.T, client *cwl.Client, group string) {
	t.Helper()
	if _, err := client.CreateLogGroup(t.Context(), &cwl.CreateLogGroupInput{LogGroupName: &group}); err != nil {
		t.Fatal(err)
	}
}

func TestGroupsAndStreams(t *testing.T) {
	_, client := serve(t)
	ctx := t.Context()
	for _, name := range []string{"/b", "/a", "/c"} {
		create(t, client, name)
	}
	if _, err := client.PutRetentionPolicy(ctx, &cwl.PutRetentionPolicyInput{LogGroupName: aws.String("/a"), RetentionInDays: aws.Int32(7)}); err != nil {
		t.Fatal(err)
	}
	var names []string
	pages := cwl.NewDescribeLogGroupsPaginator(client, &cwl.DescribeLogGroupsInput{Limit: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range page.LogGroups {
			names = append(names, fmt.Sprint(*g.LogGroupName, aws.ToInt32(g.RetentionInDays), *g.Arn))
		}
	}
	const arn = "arn:aws:logs:us-east-1:000000000000:log-group:"
	if diff := cmp.Diff([]string{"/a7" + arn + "/a:*", "/b0" + arn + "/b:*", "/c0" + arn + "/c:*"}, names); diff != "" {
		t.Error(diff)
	}
	write(t, client, "/a", "old", 100, "x")
	write(t, client, "/a", "new", 200, "x")
	streams, err := client.DescribeLogStreams(ctx, &cwl.DescribeLogStreamsInput{LogGroupName: aws.String("/a"), OrderBy: types.OrderByLastEventTime, Descending: aws.Bool(true)})
	if err != nil || len(streams.LogStreams) != 2 || *streams.LogStreams[0].LogStreamName != "new" {
		t.Error(streams, err)
	}
	for want, call := range map[string]func() error{
		"ResourceAlreadyExistsException: The specified log group already exists": func() error {
			_, err := client.CreateLogGroup(ctx, &cwl.CreateLogGroupInput{LogGroupName: aws.String("/a")})
			return err
		},
		"ResourceAlreadyExistsException: The specified log stream already exists": func() error {
			_, err := client.CreateLogStream(ctx, &cwl.CreateLogStreamInput{LogGroupName: aws.String("/a"), LogStreamName: aws.String("old")})
			return err
		},
		"ResourceNotFoundException: The specified log group does not exist.": func() error {
			_, err := client.DeleteLogGroup(ctx, &cwl.DeleteLogGroupInput{LogGroupName: aws.String("/none")})
			return err
		},
		"ResourceNotFoundException: The specified log stream does not exist.": func() error {
			_, err := client.GetLogEvents(ctx, &cwl.GetLogEventsInput{LogGroupName: aws.String("/a"), LogStreamName: aws.String("none")})
			return err
		},
		"InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order.": func() error {
			_, err := client.PutLogEvents(ctx, &cwl.PutLogEventsInput{LogGroupName: aws.String("/a"), LogStreamName: aws.String("old"), LogEvents: []types.InputLogEvent{
				{Timestamp: aws.Int64(2), Message: aws.String("x")}, {Timestamp: aws.Int64(1), Message: aws.String("x")}}})
			return err
		},
		"UnknownOperationException: the local cloud has no operation StartQuery of logs": func() error {
			_, err := client.StartQuery(ctx, &cwl.StartQueryInput{QueryString: aws.String("x"), StartTime: aws.Int64(1), EndTime: aws.Int64(2)})
			return err
		},
	} {
		if got := errorText(call()); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	for _, stream := range []string{"old", "new"} {
		if _, err := client.DeleteLogStream(ctx, &cwl.DeleteLogStreamInput{LogGroupName: aws.String("/a"), LogStreamName: &stream}); err != nil {
			t.Error(err)
		}
	}
	if out, err := client.FilterLogEvents(ctx, &cwl.FilterLogEventsInput{LogGroupName: aws.String("/a")}); err != nil || len(out.Events) != 0 {
		t.Error("events outlive their streams", out, err)
	}
}

func TestGetLogEvents(t *testing.T) {
	_, client := serve(t)
	create(t, client, "g")
	write(t, client, "g", "s", 0, "0", "1", "2", "3", "4", "5", "6")
	write(t, client, "g", "other", 0, "x", "x", "x")
	get := func(in cwl.GetLogEventsInput) (string, *cwl.GetLogEventsOutput) {
		t.Helper()
		in.LogGroupName, in.LogStreamName = aws.String("g"), aws.String("s")
		out, err := client.GetLogEvents(t.Context(), &in)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, e := range out.Events {
			got += *e.Message
		}
		return got, out
	}
	check := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	got, page := get(cwl.GetLogEventsInput{Limit: aws.Int32(3)})
	check(got, "456")
	got, back := get(cwl.GetLogEventsInput{Limit: aws.Int32(3), NextToken: page.NextBackwardToken})
	check(got, "123")
	got, _ = get(cwl.GetLogEventsInput{Limit: aws.Int32(3), NextToken: back.NextForwardToken})
	check(got, "456")
	got, end := get(cwl.GetLogEventsInput{NextToken: page.NextForwardToken})
	check(got, "")
	check(*end.NextForwardToken, *page.NextForwardToken)
	got, _ = get(cwl.GetLogEventsInput{StartFromHead: aws.Bool(true), StartTime: aws.Int64(1000), EndTime: aws.Int64(4000)})
	check(got, "123")
}

func TestFilterLogEvents(t *testing.T) {
	_, client := serve(t)
	create(t, client, "g")
	write(t, client, "g", "a", 10, "ERROR disk full", "INFO lamp 7 lit", `{"level":"ERROR","user":{"name":"Ann","tags":["x","y"]},"n":5,"gone":null,"ok":true}`)
	write(t, client, "g", "b", 10, "ERROR lamp 8 lost", "INFO quiet", `{"level":"INFO","n":10,"ok":false}`)
	for _, c := range []struct{ pattern, want string }{
		{"", "a10 b10 a11 b11 a12 b12"},
		{"ERROR", "a10 b10 a12"},
		{"ERROR lamp", "b10"},
		{`"lamp 8"`, "b10"},
		{`"lamp 8" ERROR`, "b10"},
		{"?disk ?quiet", "a10 b11"},
		{"ERROR -lamp", "a10 a12"},
		{`{ $.level = "ERROR" }`, "a12"},
		{`{ $.level = ERROR }`, "a12"},
		{`{ $.level != "ERROR" }`, "b12"},
		{`{ $.level = "*R*" && $.n < 6 }`, "a12"},
		{`{ $.n >= 5 }`, "a12 b12"},
		{`{ $.n = 5 || $.n = 10 }`, "a12 b12"},
		{`{ ($.n = 5 || $.n = 10) && $.ok IS FALSE }`, "b12"},
		{`{ $.user.name = "Ann" && $.user.tags[1] = "y" }`, "a12"},
		{`{ $.gone IS NULL }`, "a12"},
		{`{ $.user NOT EXISTS }`, "b12"},
		{`{ $.level = "\"" }`, ""},
	} {
		out, err := client.FilterLogEvents(t.Context(), &cwl.FilterLogEventsInput{LogGroupName: aws.String("g"), FilterPattern: &c.pattern})
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		var got []string
		for _, e := range out.Events {
			got = append(got, fmt.Sprint(*e.LogStreamName, *e.Timestamp/1000))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %s", c.pattern, got, c.want)
		}
	}
	for _, pattern := range []string{"[a, b]", "%x%", `"x`, "{", "{ }", "{ $.a }", "{ $.a = }", "{ a = 1 }", "{ $.a > x }", "{ $.a IS MAYBE }", "{ ($.a = 1 }", "{ $.a = 1 } x", "?", "{" + strings.Repeat("(", 1000)} {
		_, err := client.FilterLogEvents(t.Context(), &cwl.FilterLogEventsInput{LogGroupName: aws.String("g"), FilterPattern: &pattern})
		if !strings.HasPrefix(errorText(err), "InvalidParameterException: ") {
			t.Errorf("%.50s: %v", pattern, err)
		}
	}
}

func TestFilterByStreamTimeAndPage(t *testing.T) {
	_, client := serve(t)
	create(t, client, "g")
	write(t, client, "g", "web-1", 10, "0", "1", "2")
	write(t, client, "g", "web-2", 10, "3", "4", "5")
	write(t, client, "g", "job", 10, "6", "7", "8")
	for want, in := range map[string]cwl.FilterLogEventsInput{
		"036147258": {},
		"0361":      {EndTime: aws.Int64(11_000), Limit: aws.Int32(4)},
		"147258":    {StartTime: aws.Int64(11_000), LogStreamNames: []string{"web-1", "web-2", "job"}},
		"031425":    {LogStreamNamePrefix: aws.String("web")},
		"678":       {LogStreamNames: []string{"job"}},
	} {
		in.LogGroupIdentifier = aws.String("arn:aws:logs:us-east-1:000000000000:log-group:g")
		out, err := client.FilterLogEvents(t.Context(), &in)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, e := range out.Events {
			got += *e.Message
		}
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	var paged []string
	pages := cwl.NewFilterLogEventsPaginator(client, &cwl.FilterLogEventsInput{LogGroupName: aws.String("g"), Limit: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			paged = append(paged, *e.Message)
		}
	}
	if strings.Join(paged, "") != "036147258" {
		t.Errorf("paged: %v", paged)
	}
}

func TestAppendAndDeliver(t *testing.T) {
	service, client := serve(t)
	service.Append("/aws/lambda/f", "s1", "START", "END")
	create(t, client, "/aws/events/all")
	if err := service.Deliver(t.Context(), delivery.Delivery{To: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/all:*", Body: []byte(`{"id":"1"}`)}); err != nil {
		t.Fatal(err)
	}
	if err := service.Deliver(t.Context(), delivery.Delivery{To: "arn:aws:logs:us-east-1:000000000000:log-group:/none"}); !strings.Contains(fmt.Sprint(err), "ResourceNotFoundException") {
		t.Error(err)
	}
	for group, want := range map[string][]string{"/aws/lambda/f": {"START", "END"}, "/aws/events/all": {`{"id":"1"}`}} {
		out, err := client.FilterLogEvents(t.Context(), &cwl.FilterLogEventsInput{LogGroupName: &group})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range out.Events {
			got = append(got, *e.Message)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v", group, got)
		}
	}
}

func TestRetention(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := logs.New()
		service.Append("g", "s", "old")
		time.Sleep(25 * time.Hour)
		if _, err := service.PutRetentionPolicy(t.Context(), &logs.PutRetentionPolicyInput{LogGroupName: "g", RetentionInDays: 1}); err != nil {
			t.Fatal(err)
		}
		if out, err := service.FilterLogEvents(t.Context(), &logs.FilterLogEventsInput{LogGroupName: "g"}); err != nil || len(out.Events) != 0 {
			t.Errorf("%d events are older than the retention: %v", len(out.Events), err)
		}
	})
}

func FuzzFilter(f *testing.F) {
	for _, pattern := range []string{"a ?b -c \"d e\"", `{ ($.a.b[0] = "x*" || $.c >= 1.5e3) && $.d IS TRUE }`, "{ $.a NOT EXISTS }", "%"} {
		f.Add(pattern, `{"a":{"b":["xy"]},"c":2000,"d":true}`)
	}
	f.Fuzz(func(_ *testing.T, pattern, message string) {
		if filter, err := logs.ParseFilter(pattern); err == nil {
			filter.Match(message)
		}
	})
}
