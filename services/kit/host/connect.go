package host

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"example.com/troupe/events/bus"
	"example.com/troupe/services/kit/unit"
	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/logging"
)

// containerCredentials is where ECS gives a task the credentials of its role.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
const containerCredentials = "http://169.254.170.2"

// loadAWS returns the configuration of AWS's clients from the environment, as Lambda and ECS set it. The SDK's own search
// also looks for profiles and single sign-on, for which a service has no use, and whose clients make it start later. The
// SDK keeps ten idle connections to a host by default, fewer than a service with some concurrency uses; and it logs to the
// service's log.
func (rt *Runtime) loadAWS() (aws.Config, error) {
	cloud := aws.Config{
		Region:     rt.getenv("AWS_REGION"),
		HTTPClient: awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = t.MaxIdleConns }),
		Logger: logging.LoggerFunc(func(_ logging.Classification, format string, args ...any) {
			slog.Warn(fmt.Sprintf(format, args...), "source", "AWS SDK")
		}),
	}
	if endpoint := rt.getenv("AWS_ENDPOINT_URL"); endpoint != "" {
		cloud.BaseEndpoint = &endpoint
	}
	cloud.ConfigSources = []any{endpoints(rt.getenv)}
	key, container := rt.getenv("AWS_ACCESS_KEY_ID"), rt.getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI")
	if path := rt.getenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"); path != "" {
		container = containerCredentials + path
	}
	switch {
	case cloud.Region == "":
		return cloud, &ConfigError{rt.manifest.Name, []string{"set AWS_REGION in the environment"}}
	case key != "":
		cloud.Credentials = credentials.NewStaticCredentialsProvider(key, rt.getenv("AWS_SECRET_ACCESS_KEY"), rt.getenv("AWS_SESSION_TOKEN"))
	case container != "":
		cloud.Credentials = aws.NewCredentialsCache(endpointcreds.New(container))
	default:
		return cloud, &ConfigError{rt.manifest.Name, []string{"it has no credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, as Lambda sets them, or AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, as ECS does; " +
			"to run it by hand with a profile: eval \"$(aws configure export-credentials --format env)\""}}
	}
	return cloud, nil
}

// endpoints gives the SDK the endpoint of one service, which comes before that of all: AWS_ENDPOINT_URL_EVENTBRIDGE.
type endpoints func(name string) string

// GetServiceBaseEndpoint is what the SDK's clients ask.
func (getenv endpoints) GetServiceBaseEndpoint(_ context.Context, service string) (value string, found bool, err error) {
	value = getenv("AWS_ENDPOINT_URL_" + strings.ToUpper(strings.ReplaceAll(service, " ", "_")))
	return value, value != "", nil
}

// connect opens the service's store and makes its clients.
func (rt *Runtime) connect(ctx context.Context, cloud aws.Config) (*service, error) {
	store, err := rt.openStore(ctx, cloud)
	if err != nil {
		return nil, err
	}
	queues := sqs.NewFromConfig(cloud)
	config := bus.Config{
		EventBridge: eventbridge.NewFromConfig(cloud), BusName: rt.env.bus,
		SNS: sns.NewFromConfig(cloud), TopicARNPrefix: rt.env.topics,
		SQS: queues, QueueURL: rt.env.queue,
	}
	if rt.reminders != nil {
		config.Scheduler = rt.reminders(cloud, rt.env.schedules)
	}
	runner := unit.New(rt.manifest, store, bus.New(config), rt.env.payloads)
	runner.Shown = showsPersonal(rt.getenv)
	return newService(rt, runner, queues), nil
}
