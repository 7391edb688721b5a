package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"example.com/troupe/events/bus"
	"example.com/troupe/services/kit/inbox"
	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/logging"
	"go.opentelemetry.io/otel"
)

// start connects the service to what surrounds it, serves, and lets go of all of it.
func (rt *Runtime) start(ctx context.Context, serve func(context.Context, *consumer, telemetry) error) (err error) {
	telemetry, err := startTelemetry(ctx, rt.env, rt.manifest.Name)
	if err != nil {
		return err
	}
	defer telemetry.close(ctx)
	cloud, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(keepingConnections()), config.WithLogger(logging.LoggerFunc(logSDK)))
	if err != nil {
		return fmt.Errorf("load the AWS configuration: %w", err)
	}
	cloud.HTTPClient = wholeRequests{cloud.HTTPClient}
	consumer, store, err := rt.open(ctx, cloud)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return serve(ctx, consumer, telemetry)
}

// open opens the service's store, and makes its clients and the parts that do the work.
func (rt *Runtime) open(ctx context.Context, cloud aws.Config) (*consumer, inbox.Driver, error) {
	store, err := rt.openStore(ctx, cloud)
	if err != nil {
		return nil, nil, err
	}
	queues := sqs.NewFromConfig(cloud)
	return rt.connect(store, rt.newBus(cloud, queues), queues), store, nil
}

// keepingConnections returns the SDK's HTTP client, but for the connections it keeps to a
// host: ten by default, fewer than a service of some concurrency has at work.
func keepingConnections() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = t.MaxIdleConns
		t.WriteBufferSize = 16 << 10 // a transaction is often more than the 4 KB that one write has by default
	})
}

// logSDK writes what the SDK has to say into the service's log.
func logSDK(_ logging.Classification, format string, args ...any) {
	slog.Warn(fmt.Sprintf(format, args...), "source", "AWS SDK")
}

func (rt *Runtime) newBus(cloud aws.Config, queues *sqs.Client) *bus.Bus {
	return bus.New(bus.Config{
		EventBridge: eventbridge.NewFromConfig(cloud), BusName: rt.env.bus,
		SNS: sns.NewFromConfig(cloud), TopicARNPrefix: rt.env.topics,
		SQS: queues, QueueURL: rt.env.queue,
	})
}

// connect makes the parts that do the work.
func (rt *Runtime) connect(store inbox.Driver, publisher publisher, queues sqsAPI) *consumer {
	tracer := otel.Tracer(scope)
	ahead, _ := store.(inbox.AheadReader)
	rt.units = &units{
		manifest:  rt.manifest,
		inbox:     inbox.Inbox{Driver: tracedStore{store, tracer}},
		ahead:     ahead,
		publisher: publisher,
		tracer:    tracer,
		payloads:  rt.env.payloads,
		ready:     time.Now(),
	}
	return &consumer{
		units:    rt.units,
		handlers: rt.handlers,
		queue:    queue{api: queues, url: rt.env.queue, deadLetters: rt.env.deadLetters},
	}
}
