package logs_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"example.com/localcloud"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/logs"
)

// TestPoll checks that each line that matches the pattern is read once, including late lines and lines of a group
// that didn't exist at first.
func TestPoll(t *testing.T) {
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	client := cloudwatchlogs.NewFromConfig(endpoint.At(server.Endpoint))
	now := time.Now().Truncate(time.Millisecond)
	put := func(group, message string, at time.Time) {
		t.Helper()
		name := &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: aws.String(message)}
		_, _ = client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group}) // it may exist already
		if _, err := client.CreateLogStream(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		line := `{"msg":"step","n":"` + message + `"}`
		if message == "noise" {
			line = `{"msg":"noise"}`
		}
		if _, err := client.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{
			LogGroupName: &group, LogStreamName: name.LogStreamName,
			LogEvents: []types.InputLogEvent{{Message: &line, Timestamp: aws.Int64(at.UnixMilli())}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	var read []string
	reader := logs.Reader{
		Client: client, Groups: []string{"one", "two"}, Since: now.Add(-time.Minute + time.Microsecond), Pattern: `{ $.msg = "step" }`,
		Line: func(_ time.Time, line []byte) { read = append(read, string(line)) },
	}
	for _, step := range []struct {
		put  func()
		want []string
	}{
		{func() {}, nil},
		{func() { put("one", "first", now.Add(-time.Minute)) }, []string{"first"}},
		{func() { put("one", "a", now); put("one", "noise", now) }, []string{"a"}},
		{func() { put("one", "late", now.Add(-10*time.Second)); put("two", "other", now.Add(-30*time.Second)) }, []string{"late", "other"}},
		{func() {}, nil},
	} {
		read = nil
		step.put()
		if err := reader.Poll(t.Context()); err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, n := range step.want {
			want = append(want, `{"msg":"step","n":"`+n+`"}`)
		}
		if !slices.Equal(read, want) {
			t.Errorf("read %q, want %q", read, want)
		}
	}
	server.Close()
	if err := reader.Poll(t.Context()); err == nil {
		t.Error("nobody answers, and there is no error")
	}
}
