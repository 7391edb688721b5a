package count

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/topology"
)

// Limits of GetMetricData (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html): metrics a
// request, and a period that it keeps for 63 days.
const (
	mostMetrics = 500
	period      = 5 * time.Minute
)

// sums are the sums of one service's metrics since a time.
type sums struct {
	handled       float64 // invocations of its function, or messages that its worker deleted
	reads, writes float64
	cpu           float64 // of tasks, in percent, once a minute for each task
}

// Metrics adds what CloudWatch counted since a time to what is known of services. cpus returns the CPUs of a service's
// task.
func Metrics(ctx context.Context, client *cloudwatch.Client, services []*manifest.Manifest, names topology.Names, cpus func(service string) float64, since time.Time, known map[string]Measured) error {
	all := map[string]*sums{}
	var metrics []metric
	for _, m := range services {
		all[m.Name] = &sums{}
		metrics = append(metrics, of(m, names, all[m.Name])...)
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	for some := range slices.Chunk(metrics, mostMetrics) {
		if err := read(ctx, client, some, since); err != nil {
			return fmt.Errorf("read metrics from CloudWatch: %w", err)
		}
	}
	for service, s := range all {
		if s.handled == 0 {
			continue
		}
		m := known[service]
		m.Reads, m.Writes = s.reads/s.handled, s.writes/s.handled
		m.CPUMS = s.cpu / 100 * float64(time.Minute.Milliseconds()) * cpus(service) / s.handled
		known[service] = m
	}
	return nil
}

// metric is one metric, and what its sum is added to.
type metric struct {
	namespace, name string
	dimensions      []string // names and values in turn
	sum             *float64
}

// of returns the metrics of a service.
func of(m *manifest.Manifest, names topology.Names, s *sums) (all []metric) {
	id := names.Service(m.Name)
	if m.Runtime == manifest.Worker {
		// ECS sends the utilization of each task every minute
		// (docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html).
		all = append(all, metric{"AWS/SQS", "NumberOfMessagesDeleted", []string{"QueueName", id}, &s.handled},
			metric{"AWS/ECS", "CPUUtilization", []string{"ClusterName", names.Prefix(), "ServiceName", id}, &s.cpu})
	} else {
		all = append(all, metric{"AWS/Lambda", "Invocations", []string{"FunctionName", id}, &s.handled})
	}
	if m.Store != manifest.DynamoDB {
		return all
	}
	parts := [][]string{{"TableName", id}}
	for _, index := range m.Indexes {
		parts = append(parts, []string{"TableName", id, "GlobalSecondaryIndexName", "by-" + index})
	}
	for _, part := range parts {
		all = append(all, metric{"AWS/DynamoDB", "ConsumedReadCapacityUnits", part, &s.reads},
			metric{"AWS/DynamoDB", "ConsumedWriteCapacityUnits", part, &s.writes})
	}
	return all
}

// read adds the sums of metrics since a time.
func read(ctx context.Context, client *cloudwatch.Client, metrics []metric, since time.Time) error {
	in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(since.Truncate(period)), EndTime: aws.Time(time.Now())}
	sums := map[string]*float64{}
	for i, m := range metrics {
		id := fmt.Sprintf("m%d", i)
		sums[id] = m.sum
		about := &types.Metric{Namespace: &m.namespace, MetricName: &m.name}
		for pair := range slices.Chunk(m.dimensions, 2) {
			about.Dimensions = append(about.Dimensions, types.Dimension{Name: &pair[0], Value: &pair[1]})
		}
		in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{
			Id: &id, MetricStat: &types.MetricStat{Metric: about, Period: aws.Int32(int32(period.Seconds())), Stat: aws.String("Sum")},
		})
	}
	for pages := cloudwatch.NewGetMetricDataPaginator(client, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, result := range page.MetricDataResults {
			for _, value := range result.Values {
				*sums[aws.ToString(result.Id)] += value
			}
		}
	}
	return nil
}
