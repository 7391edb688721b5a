package host

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"example.com/troupe/events/bus"
	"example.com/troupe/services/kit/unit"
	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/logging"
)

// loadAWS reads the AWS configuration. The SDK keeps ten idle connections to a host by
// default, fewer than a service with some concurrency uses; and it logs to the service's log.
func loadAWS(ctx context.Context) (aws.Config, error) {
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = t.MaxIdleConns })
	log := logging.LoggerFunc(func(_ logging.Classification, format string, args ...any) {
		slog.Warn(fmt.Sprintf(format, args...), "source", "AWS SDK")
	})
	cloud, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(client), config.WithLogger(log))
	if err != nil {
		return cloud, fmt.Errorf("load the AWS configuration: %w", err)
	}
	return cloud, nil
}

// connect opens the service's store and makes its clients.
func (rt *Runtime) connect(ctx context.Context, cloud aws.Config) (*service, error) {
	store, err := rt.openStore(ctx, cloud)
	if err != nil {
		return nil, err
	}
	queues := sqs.NewFromConfig(cloud)
	publisher := bus.New(bus.Config{
		EventBridge: eventbridge.NewFromConfig(cloud), BusName: rt.env.bus,
		SNS: sns.NewFromConfig(cloud), TopicARNPrefix: rt.env.topics,
		SQS: queues, QueueURL: rt.env.queue,
	})
	return newService(rt, unit.New(rt.manifest, store, publisher, rt.env.payloads), queues), nil
}
