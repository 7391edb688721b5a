package count_test

import (
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go/encoding/cbor"

	"example.com/localcloud"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/internal/cost/count"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/topology"
)

// The services of an environment: a function that finds documents by an index, one that nobody has called, and a worker.
var (
	dev      = topology.Names{Project: "sea", Env: "dev"}
	services = []*manifest.Manifest{
		{Name: "harbour", Runtime: manifest.Lambda, Store: manifest.DynamoDB, Indexes: []string{"berth"}},
		{Name: "gull", Runtime: manifest.Lambda, Store: manifest.None},
		{Name: "buoy", Runtime: manifest.Worker, Store: manifest.DynamoDB},
	}
)

// TestMeasured reads durations from the logs of an environment and units from its metrics, and puts them in place of what
// was measured here.
func TestMeasured(t *testing.T) {
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	client := cloudwatchlogs.NewFromConfig(endpoint.At(server.Endpoint))
	const step = `{"msg":"step","step":{"service":"x","durationMs":`
	logged := map[string][]string{
		"/aws/lambda/sea-dev-harbour": {"START RequestId: 8f5a", report, "REPORT RequestId: 8f5b\tDuration: 37.50 ms\tBilled Duration: 38 ms", `{"msg":"a REPORT of something"}`, step + "8}}", step + "12}}"},
		"/sea/dev/buoy":               {step + "30}}", `{"msg":"another step"}`},
		"/aws/events/sea-dev":         {step + "500}}"}, // not of a service
	}
	groups := []string{"/aws/lambda/sea-dev-gull"} // it has not logged, and so has no group
	for group, lines := range logged {
		groups = append(groups, group)
		write(t, client, group, lines)
	}
	since := time.Now().Add(-time.Hour)
	known, err := count.Logged(t.Context(), client, services, dev, groups, since)
	if err != nil {
		t.Fatal(err)
	}
	cpus := func(string) float64 { return 0.25 }
	if err := count.Metrics(t.Context(), metrics(t), services, dev, cpus, since, known); err != nil {
		t.Fatal(err)
	}

	u := &cost.Usage{}
	for _, service := range services {
		of := u.Of(service.Name)
		of.Messages, of.StepMS = 3, 6
		if of.Function = service.Runtime == manifest.Lambda; of.Function {
			of.Invocations, of.InvocationMS = 2, 2
		}
		of.Calls["dynamodb GetItem"] = 100
		of.Units["dynamodb-write"], of.Units["dynamodb-read"] = 9, 9
	}
	u.Of(cost.Shared).Units["logs"] = 1
	other := &cost.Usage{}
	other.Of("gull").Function = true
	missing := count.Replace([]cost.Flow{{Usage: u}, {Usage: other}}, known)
	if len(missing) != 1 || missing[0] != "gull" {
		t.Errorf("nothing is known of %v, want gull", missing)
	}
	harbour, buoy, gull := u.Services["harbour"], u.Services["buoy"], u.Services["gull"]
	_, billed := harbour.AsFunction()
	_, held, cpu := harbour.AsWorker()
	_, workerHeld, workerCPU := buoy.AsWorker()
	_, asFunction := buoy.AsFunction()
	_, local := gull.AsFunction()
	for what, figures := range map[string][2]float64{
		"billed for two invocations":              {billed, 60 + 38},
		"a message in a task":                     {held, 10},
		"its CPU time, as here":                   {cpu, 2},
		"a message of the worker":                 {workerHeld, 30},
		"its CPU time":                            {workerCPU, 30}, // 40 % of a quarter of a CPU for a minute, for 200 messages
		"the worker as a function":                {asFunction, 3*30 + 3},
		"read units":                              {harbour.Units["dynamodb-read"], 2 * 1.5},
		"write units, the index's too":            {harbour.Units["dynamodb-write"], 2 * 7},
		"write units of the worker":               {buoy.Units["dynamodb-write"], 3 * 2},
		"read units that CloudWatch hasn't":       {buoy.Units["dynamodb-read"], 9},
		"a function that has not run, with AWS's": {local, 2 + 500},
	} {
		if math.Abs(figures[0]-figures[1]) > 1e-9 {
			t.Errorf("%s: %g, want %g", what, figures[0], figures[1])
		}
	}
}

func write(t *testing.T, client *cloudwatchlogs.Client, group string, lines []string) {
	t.Helper()
	if _, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: aws.String("s")}); err != nil {
		t.Fatal(err)
	}
	now := time.Now().UnixMilli()
	var all []types.InputLogEvent
	for _, line := range lines {
		all = append(all, types.InputLogEvent{Message: &line, Timestamp: &now})
	}
	if _, err := client.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: &group, LogStreamName: aws.String("s"), LogEvents: all}); err != nil {
		t.Fatal(err)
	}
}

// values are what a CloudWatch knows: namespace, metric and dimensions, and a value for each period.
var values = map[string][]float64{
	"AWS/Lambda Invocations FunctionName=sea-dev-harbour":                                                 {60, 40},
	"AWS/DynamoDB ConsumedReadCapacityUnits TableName=sea-dev-harbour":                                    {150},
	"AWS/DynamoDB ConsumedWriteCapacityUnits TableName=sea-dev-harbour":                                   {300, 200},
	"AWS/DynamoDB ConsumedWriteCapacityUnits TableName=sea-dev-harbour GlobalSecondaryIndexName=by-berth": {200},
	"AWS/SQS NumberOfMessagesDeleted QueueName=sea-dev-buoy":                                              {200},
	"AWS/DynamoDB ConsumedWriteCapacityUnits TableName=sea-dev-buoy":                                      {400},
	"AWS/ECS CPUUtilization ClusterName=sea-dev ServiceName=sea-dev-buoy":                                 {10, 30},
}

// metrics returns a client of a CloudWatch with these values. It answers with two pages.
func metrics(t *testing.T) *cloudwatch.Client {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		decoded, err := cbor.Decode(body)
		if err != nil || !strings.HasSuffix(r.URL.Path, "/operation/GetMetricData") {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		in := decoded.(cbor.Map)
		_, second := in["NextToken"]
		var results cbor.List
		for _, query := range in["MetricDataQueries"].(cbor.List) {
			id, stat := query.(cbor.Map)["Id"], query.(cbor.Map)["MetricStat"].(cbor.Map)
			if stat["Stat"] != cbor.String("Sum") {
				t.Errorf("asked for %v", stat["Stat"])
			}
			about := stat["Metric"].(cbor.Map)
			key := text(about["Namespace"]) + " " + text(about["MetricName"])
			for _, dimension := range about["Dimensions"].(cbor.List) {
				key += " " + text(dimension.(cbor.Map)["Name"]) + "=" + text(dimension.(cbor.Map)["Value"])
			}
			var page cbor.List
			for i, value := range values[key] {
				if second == (i > 0) {
					page = append(page, cbor.Float64(value))
				}
			}
			results = append(results, cbor.Map{"Id": id, "Values": page, "StatusCode": cbor.String("Complete")})
		}
		out := cbor.Map{"MetricDataResults": results}
		if !second {
			out["NextToken"] = cbor.String("second")
		}
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		w.Header().Set("Content-Type", "application/cbor")
		_, _ = w.Write(cbor.Encode(out))
	}))
	t.Cleanup(server.Close)
	return cloudwatch.NewFromConfig(endpoint.At(server.URL))
}

func text(value cbor.Value) string { return string(value.(cbor.String)) }
