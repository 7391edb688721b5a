package cloud_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"example.com/localcloud"
	"example.com/localcloud/journal"
)

// life is a cloud from its start to its end, with a folder that outlives it.
type life struct {
	server *cloud.Server
	folder string

	api  *apigatewayv2.Client
	bus  *eventbridge.Client
	db   *dynamodb.Client
	logs *cloudwatchlogs.Client
	plan *scheduler.Client
	mq   *sqs.Client
	role *iam.Client
	sns  *sns.Client
	sts  *sts.Client
}

func begin(t *testing.T, folder string) *life {
	t.Helper()
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0", Data: folder})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() }) // most have been closed before
	cfg := config(server, "test")
	return &life{
		server: server, folder: folder,
		api: apigatewayv2.NewFromConfig(cfg), bus: eventbridge.NewFromConfig(cfg), db: dynamodb.NewFromConfig(cfg),
		logs: cloudwatchlogs.NewFromConfig(cfg), plan: scheduler.NewFromConfig(cfg), mq: sqs.NewFromConfig(cfg), role: iam.NewFromConfig(cfg), sns: sns.NewFromConfig(cfg), sts: sts.NewFromConfig(cfg),
	}
}

func config(server *cloud.Server, key string) aws.Config {
	return aws.Config{Region: "us-east-1", BaseEndpoint: &server.Endpoint, Credentials: credentials.NewStaticCredentialsProvider(key, "test", "")}
}

// ends maps the ways in which one life ends to functions that start the next.
var ends = map[string]func(*testing.T, *life) *life{
	"closed": func(t *testing.T, l *life) *life {
		ok(t, l.server.Close())
		return begin(t, l.folder)
	},
	// The current content of the folder is what kill -9 would leave, because a process writes nothing when it is
	// killed. Package restarttest kills real processes.
	"killed": func(t *testing.T, l *life) *life {
		folder := filepath.Join(t.TempDir(), "copy")
		ok(t, os.CopyFS(folder, os.DirFS(l.folder)))
		ok(t, l.server.Close())
		return begin(t, folder)
	},
}

// TestRestart runs stories in which a cloud ends and starts again.
func TestRestart(t *testing.T) {
	for name, story := range stories {
		for how, end := range ends {
			t.Run(name+"/"+how, func(t *testing.T) {
				t.Parallel()
				story(t, begin(t, t.TempDir()), func(l *life) *life {
					t.Helper()
					return end(t, l)
				})
			})
		}
	}
}

type story func(t *testing.T, l *life, again func(*life) *life)

var stories = map[string]story{
	"SQS: queues":                     queuesStory,
	"SQS: in flight":                  inFlightStory,
	"SQS: FIFO":                       fifoStory,
	"SQS: dead letters on their way":  moveStory,
	"SNS: topics and subscriptions":   topicsStory,
	"SNS: FIFO":                       fifoTopicStory,
	"SNS: over HTTP":                  postingStory,
	"EventBridge: rules and archives": rulesStory,
	"EventBridge: tried again":        retryStory,
	"EventBridge: a replay":           replayStory,
	"Scheduler":                       schedulesStory,
	"DynamoDB":                        tablesStory,
	"IAM":                             rolesStory,
	"API Gateway":                     apiStory,
	"CloudWatch Logs":                 logsStory,
}

func TestTheFolderInUse(t *testing.T) {
	l := begin(t, t.TempDir())
	_, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0", Data: l.folder})
	if known, is := errors.AsType[*journal.Error](err); !is || !strings.Contains(known.Error(), "in use") {
		t.Errorf("the error is %v", err)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// must returns value, or ends the test if err is not nil.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		ok(t, err)
		return value
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if e, is := errors.AsType[smithy.APIError](err); !is || e.ErrorCode() != code {
		t.Errorf("the error is %v, want %s", err, code)
	}
}

// same compares the state before the restart with the state after it.
func same[T any](t *testing.T, before, now T, options ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(before, now, options...); diff != "" {
		t.Errorf("it has changed (-before +now):\n%s", diff)
	}
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("this did not happen: %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
