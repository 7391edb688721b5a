package lambda_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/localcloud/delivery"
	"example.com/localcloud/wire"
)

// refusal is a request that is refused, with the code of its error and a part of its message.
type refusal struct {
	name, code, says string
	call             func(context.Context, *awslambda.Client) error
}

// refuses makes the requests.
func (w *world) refuses(t *testing.T, refusals []refusal) {
	t.Helper()
	for _, r := range refusals {
		t.Run(r.name, func(t *testing.T) {
			err := r.call(t.Context(), w.lambda)
			if wantCode(t, err, r.code); err != nil && !strings.Contains(err.Error(), r.says) {
				t.Errorf("error is %v, want it to say %q", err, r.says)
			}
		})
	}
}

// result drops the output of an operation.
func result[T any](_ T, err error) error { return err }

const elsewhere = "arn:aws:lambda:eu-west-1:" + account + ":function:jobs"
const others = "arn:aws:lambda:us-east-1:999999999999:function:jobs"

// TestFunctionsElsewhere holds every operation on a function to refusing the function of another region, account or
// version, and what is no function (recorded in LocalStack's tests of Lambda, test_get_function_wrong_region and
// test_function_name_and_qualifier_validation).
func TestFunctionsElsewhere(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	w.queue(t, "jobs")
	operations := map[string]func(context.Context, *awslambda.Client, *string) error{
		"GetFunction": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.GetFunction(ctx, &awslambda.GetFunctionInput{FunctionName: name}))
		},
		"GetFunctionConfiguration": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.GetFunctionConfiguration(ctx, &awslambda.GetFunctionConfigurationInput{FunctionName: name}))
		},
		"UpdateFunctionConfiguration": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.UpdateFunctionConfiguration(ctx, &awslambda.UpdateFunctionConfigurationInput{FunctionName: name}))
		},
		"UpdateFunctionCode": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.UpdateFunctionCode(ctx, &awslambda.UpdateFunctionCodeInput{FunctionName: name, ZipFile: code(t)}))
		},
		"DeleteFunction": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.DeleteFunction(ctx, &awslambda.DeleteFunctionInput{FunctionName: name}))
		},
		"Invoke": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.Invoke(ctx, &awslambda.InvokeInput{FunctionName: name}))
		},
		"AddPermission": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.AddPermission(ctx, &awslambda.AddPermissionInput{FunctionName: name, StatementId: aws.String("a"), Action: aws.String("lambda:*"), Principal: aws.String("*")}))
		},
		"GetPolicy": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.GetPolicy(ctx, &awslambda.GetPolicyInput{FunctionName: name}))
		},
		"RemovePermission": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.RemovePermission(ctx, &awslambda.RemovePermissionInput{FunctionName: name, StatementId: aws.String("a")}))
		},
		"PutFunctionConcurrency": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.PutFunctionConcurrency(ctx, &awslambda.PutFunctionConcurrencyInput{FunctionName: name, ReservedConcurrentExecutions: aws.Int32(1)}))
		},
		"DeleteFunctionConcurrency": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.DeleteFunctionConcurrency(ctx, &awslambda.DeleteFunctionConcurrencyInput{FunctionName: name}))
		},
		"GetFunctionConcurrency": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.GetFunctionConcurrency(ctx, &awslambda.GetFunctionConcurrencyInput{FunctionName: name}))
		},
		"PutFunctionEventInvokeConfig": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.PutFunctionEventInvokeConfig(ctx, &awslambda.PutFunctionEventInvokeConfigInput{FunctionName: name, MaximumRetryAttempts: aws.Int32(1)}))
		},
		"GetFunctionEventInvokeConfig": func(ctx context.Context, c *awslambda.Client, name *string) error {
			return result(c.GetFunctionEventInvokeConfig(ctx, &awslambda.GetFunctionEventInvokeConfigInput{FunctionName: name}))
		},
	}
	for name, call := range operations {
		for reference, code := range map[string]string{
			elsewhere: "ResourceNotFoundException", others: "AccessDeniedException", "999999999999:function:jobs": "AccessDeniedException",
			functionA + ":7": "ResourceNotFoundException", "jobs:7": "ResourceNotFoundException", "arn:aws:sqs:us-east-1:" + account + ":jobs": "ValidationException",
			"arn:aws:lambda:us-east-1:" + account + ":layer:jobs": "ResourceNotFoundException", functionA + ":1:2": "ValidationException",
		} {
			t.Run(name+" "+reference, func(t *testing.T) { wantCode(t, call(t.Context(), w.lambda, &reference), code) })
		}
	}
	for _, reference := range []string{"jobs", functionA, functionA + ":$LATEST", account + ":function:jobs", "function:jobs", "us-east-1:" + account + ":function:jobs"} {
		if err := operations["GetFunction"](t.Context(), w.lambda, &reference); err != nil {
			t.Errorf("%s is the function: %v", reference, err)
		}
	}
	w.refuses(t, []refusal{
		{"two qualifiers", "InvalidParameterValueException", "does not match", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.GetFunction(ctx, &awslambda.GetFunctionInput{FunctionName: aws.String(functionA + ":$LATEST"), Qualifier: aws.String("1")}))
		}},
		{"a version that cannot be deleted", "InvalidParameterValueException", "$LATEST version cannot be deleted", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.DeleteFunction(ctx, &awslambda.DeleteFunctionInput{FunctionName: aws.String("jobs:$LATEST")}))
		}},
		{"a version as a qualifier", "InvalidParameterValueException", "$LATEST version cannot be deleted", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.DeleteFunction(ctx, &awslambda.DeleteFunctionInput{FunctionName: aws.String("jobs"), Qualifier: aws.String("$LATEST")}))
		}},
		{"a permission for a version", "InvalidParameterValueException", "$LATEST", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.AddPermission(ctx, &awslambda.AddPermissionInput{FunctionName: aws.String("jobs:$LATEST"), StatementId: aws.String("a"), Action: aws.String("lambda:*"), Principal: aws.String("*")}))
		}},
		{"all of the account's concurrency", "InvalidParameterValueException", "[100]", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.PutFunctionConcurrency(ctx, &awslambda.PutFunctionConcurrencyInput{FunctionName: aws.String("jobs"), ReservedConcurrentExecutions: aws.Int32(901)}))
		}},
		{"a parameter that is not read", "SerializationException", "Qualifier", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.AddPermission(ctx, &awslambda.AddPermissionInput{FunctionName: aws.String("jobs"), StatementId: aws.String("a"),
				Action: aws.String("lambda:*"), Principal: aws.String("*"), Qualifier: aws.String("live")}))
		}},
		{"the mappings of a function elsewhere", "ResourceNotFoundException", "eu-west-1", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.ListEventSourceMappings(ctx, &awslambda.ListEventSourceMappingsInput{FunctionName: aws.String(elsewhere)}))
		}},
		{"the mappings of what has no ARN", "ValidationException", "eventSourceArn", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.ListEventSourceMappings(ctx, &awslambda.ListEventSourceMappingsInput{EventSourceArn: aws.String("jobs")}))
		}},
		{"a marker", "InvalidParameterValueException", "marker", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.ListFunctions(ctx, &awslambda.ListFunctionsInput{Marker: aws.String("jobs")}))
		}},
		{"a kind of version", "ValidationException", "functionVersion", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.ListFunctions(ctx, &awslambda.ListFunctionsInput{FunctionVersion: "SOME"}))
		}},
	})
	for _, to := range []string{elsewhere, others} {
		err := w.Lambda.Deliver(t.Context(), delivery.Delivery{To: to, Service: "events.amazonaws.com"})
		if status := wire.AsError(err).Status; status != http.StatusNotFound && status != http.StatusForbidden {
			t.Errorf("a rule delivers to %s: %v", to, err)
		}
	}
}

// TestSettingsAreRefused holds the settings of a function to Lambda's model.
func TestSettingsAreRefused(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	update := func(change func(*awslambda.UpdateFunctionConfigurationInput)) func(context.Context, *awslambda.Client) error {
		return func(ctx context.Context, c *awslambda.Client) error {
			in := &awslambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("jobs")}
			change(in)
			return result(c.UpdateFunctionConfiguration(ctx, in))
		}
	}
	variable := func(name string) func(context.Context, *awslambda.Client) error {
		return update(func(in *awslambda.UpdateFunctionConfigurationInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"GOOD_1": "1", name: "1"}}
		})
	}
	letters := func(arn string) func(context.Context, *awslambda.Client) error {
		return update(func(in *awslambda.UpdateFunctionConfigurationInput) {
			in.DeadLetterConfig = &types.DeadLetterConfig{TargetArn: &arn}
		})
	}
	destination := func(arn string) func(context.Context, *awslambda.Client) error {
		return func(ctx context.Context, c *awslambda.Client) error {
			return result(c.PutFunctionEventInvokeConfig(ctx, &awslambda.PutFunctionEventInvokeConfigInput{FunctionName: aws.String("jobs"),
				DestinationConfig: &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: &arn}}}))
		}
	}
	permit := func(change func(*awslambda.AddPermissionInput)) func(context.Context, *awslambda.Client) error {
		return func(ctx context.Context, c *awslambda.Client) error {
			in := &awslambda.AddPermissionInput{FunctionName: aws.String("jobs"), StatementId: aws.String("a"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("events.amazonaws.com")}
			change(in)
			return result(c.AddPermission(ctx, in))
		}
	}
	w.refuses(t, []refusal{
		// serverless-secrets#39, klotho#317: single letters are too short.
		{"a variable of one letter", "ValidationException", `"a"`, variable("a")},
		{"a variable with a dash", "ValidationException", `"a-b"`, variable("a-b")},
		{"a variable that begins with a digit", "ValidationException", `"1a"`, variable("1a")},
		{"a variable that begins with an underscore", "ValidationException", `"_a"`, variable("_a")},
		{"a variable without a name", "ValidationException", `""`, variable("")},
		{"a reserved variable that begins with an underscore", "ValidationException", `"_HANDLER"`, variable("_HANDLER")},
		{"a reserved variable", "InvalidParameterValueException", "Reserved keys used in this request: AWS_SESSION_TOKEN", variable("AWS_SESSION_TOKEN")},
		{"no time", "InvalidParameterValueException", "timeout", update(func(in *awslambda.UpdateFunctionConfigurationInput) { in.Timeout = aws.Int32(0) })},
		{"no memory", "InvalidParameterValueException", "memorySize", update(func(in *awslambda.UpdateFunctionConfigurationInput) { in.MemorySize = aws.Int32(0) })},
		{"a long description", "ValidationException", "description", update(func(in *awslambda.UpdateFunctionConfigurationInput) {
			in.Description = aws.String(strings.Repeat("é", 257))
		})},
		{"variables of 4 KB", "InvalidParameterValueException", "exceeded the 4KB limit", update(func(in *awslambda.UpdateFunctionConfigurationInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"LARGE": strings.Repeat("x", 4096-len(`{"LARGE":""}`)+1)}}
		})},
		{"a log group", "ValidationException", "loggingConfig.logGroup", update(func(in *awslambda.UpdateFunctionConfigurationInput) {
			in.LoggingConfig = &types.LoggingConfig{LogGroup: aws.String("a b")}
		})},
		{"dead letters to a queue elsewhere", "InvalidParameterValueException", "eu-west-1", letters("arn:aws:sqs:eu-west-1:" + account + ":jobs")},
		{"dead letters to another account's topic", "InvalidParameterValueException", "999999999999", letters("arn:aws:sns:us-east-1:999999999999:jobs")},
		{"dead letters to a bus", "InvalidParameterValueException", "queue or a topic", letters("arn:aws:events:us-east-1:" + account + ":event-bus/jobs")},
		{"a destination elsewhere", "InvalidParameterValueException", "is invalid", destination("arn:aws:sqs:eu-west-1:" + account + ":jobs")},
		{"a destination of another kind", "InvalidParameterValueException", "is invalid", destination("arn:aws:events:us-east-1:" + account + ":rule/jobs")},
		{"a function that is not there as a destination", "InvalidParameterValueException", "is invalid", destination("arn:aws:lambda:us-east-1:" + account + ":function:other")},
		{"the function as its own destination", "InvalidParameterValueException", "destination for itself", destination(functionA + ":$LATEST")},
		{"a statement's id", "ValidationException", "statementId", permit(func(in *awslambda.AddPermissionInput) { in.StatementId = aws.String("example.com") })},
		{"another service's action", "ValidationException", "action", permit(func(in *awslambda.AddPermissionInput) { in.Action = aws.String("sqs:SendMessage") })},
		{"a principal", "InvalidParameterValueException", "principal was invalid", permit(func(in *awslambda.AddPermissionInput) { in.Principal = aws.String("jobs") })},
		{"a source", "ValidationException", "sourceArn", permit(func(in *awslambda.AddPermissionInput) { in.SourceArn = aws.String("rule") })},
		{"a source's account", "ValidationException", "sourceAccount", permit(func(in *awslambda.AddPermissionInput) { in.SourceAccount = aws.String("me") })},
		{"a kind of code", "InvalidParameterValueException", "mips", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.UpdateFunctionCode(ctx, &awslambda.UpdateFunctionCodeInput{FunctionName: aws.String("jobs"), ZipFile: code(t), Architectures: []types.Architecture{"mips"}}))
		}},
	})
	changed := must(w.lambda.UpdateFunctionCode(t.Context(), &awslambda.UpdateFunctionCodeInput{FunctionName: aws.String("jobs"), ZipFile: code(t), Architectures: []types.Architecture{"arm64"}}))(t)
	if changed.Architectures[0] != types.ArchitectureArm64 {
		t.Errorf("the code is for %v", changed.Architectures)
	}
	described := must(w.lambda.UpdateFunctionConfiguration(t.Context(), &awslambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("jobs"), Description: aws.String("works")}))(t)
	cleared := must(w.lambda.UpdateFunctionConfiguration(t.Context(), &awslambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("jobs"), Description: aws.String("")}))(t)
	if *described.Description != "works" || *cleared.Description != "" {
		t.Errorf("the description was %q and is %q", *described.Description, *cleared.Description)
	}
	if _, err := w.lambda.GetPolicy(t.Context(), &awslambda.GetPolicyInput{FunctionName: aws.String("jobs")}); err == nil {
		t.Error("a permission that was refused is in the policy")
	}
}

// TestPayloadLimits holds invocations to their sizes: 6 MB for a synchronous one, 1 MB for an event (API reference of
// Invoke).
func TestPayloadLimits(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	invoke := func(kind types.InvocationType, size int) error {
		return result(w.lambda.Invoke(t.Context(), &awslambda.InvokeInput{FunctionName: aws.String("jobs"), InvocationType: kind, Payload: fmt.Appendf(nil, "%q", strings.Repeat("x", size-2))}))
	}
	for kind, limit := range map[types.InvocationType]int{"RequestResponse": 6 << 20, "Event": 1 << 20, "DryRun": 6 << 20} {
		if err := invoke(kind, limit); err != nil {
			t.Errorf("%s with %d bytes: %v", kind, limit, err)
		}
		err := invoke(kind, limit+1)
		if wantCode(t, err, "RequestTooLargeException"); err != nil && !strings.Contains(err.Error(), fmt.Sprint(limit, " bytes")) {
			t.Errorf("%s with a byte more: %v", kind, err)
		}
	}
	permission := &awslambda.AddPermissionInput{FunctionName: aws.String("jobs"), StatementId: aws.String("api"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com")}
	must(w.lambda.AddPermission(t.Context(), permission))(t)
	if _, err := w.Lambda.InvokeForAPI(t.Context(), functionA, "arn:aws:execute-api:us-east-1:"+account+":a/*", make([]byte, 6<<20+1)); wire.AsError(err).Status != http.StatusRequestEntityTooLarge {
		t.Errorf("an API invokes with more than 6 MB: %v", err)
	}
	w.refuses(t, []refusal{
		{"a kind of log", "ValidationException", "logType", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.Invoke(ctx, &awslambda.InvokeInput{FunctionName: aws.String("jobs"), LogType: "All"}))
		}},
		{"a tenant", "InvalidParameterValueException", "X-Amz-Tenant-Id", func(ctx context.Context, c *awslambda.Client) error {
			return result(c.Invoke(ctx, &awslambda.InvokeInput{FunctionName: aws.String("jobs"), TenantId: aws.String("a")}))
		}},
	})
}

// TestMappingsAreRefused holds a mapping to what AWS checks when it is made, and the same when it is changed.
func TestMappingsAreRefused(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.create(t)
	w.queue(t, "jobs")
	must(w.sqs.CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: aws.String("hasty"), Attributes: map[string]string{"VisibilityTimeout": "29"}}))(t)
	must(w.sqs.CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: aws.String("jobs.fifo"), Attributes: map[string]string{"FifoQueue": "true"}}))(t)
	arn := func(queue string) *string { return aws.String("arn:aws:sqs:us-east-1:" + account + ":" + queue) }
	create := func(change func(*awslambda.CreateEventSourceMappingInput)) func(context.Context, *awslambda.Client) error {
		return func(ctx context.Context, c *awslambda.Client) error {
			in := &awslambda.CreateEventSourceMappingInput{FunctionName: aws.String("jobs"), EventSourceArn: arn("jobs")}
			change(in)
			return result(c.CreateEventSourceMapping(ctx, in))
		}
	}
	filter := func(patterns ...string) *types.FilterCriteria {
		c := &types.FilterCriteria{}
		for _, p := range patterns {
			c.Filters = append(c.Filters, types.Filter{Pattern: &p})
		}
		return c
	}
	filtered := func(patterns ...string) func(context.Context, *awslambda.Client) error {
		return create(func(in *awslambda.CreateEventSourceMappingInput) { in.FilterCriteria = filter(patterns...) })
	}
	const refused = "InvalidParameterValueException"
	one := `{"body": {"a": ["b"]}}`
	w.refuses(t, []refusal{
		// wing#1507, terraform-provider-aws#18099
		{"a queue that is visible too soon", refused, "Queue visibility timeout: 29 seconds is less than Function timeout: 30 seconds",
			create(func(in *awslambda.CreateEventSourceMappingInput) { in.EventSourceArn = arn("hasty") })},
		// aws-lambda-dotnet#1758
		{"a FIFO queue with a window", refused, "Batching window is not supported for FIFO queues",
			create(func(in *awslambda.CreateEventSourceMappingInput) {
				in.EventSourceArn, in.MaximumBatchingWindowInSeconds = arn("jobs.fifo"), aws.Int32(1)
			})},
		{"a FIFO queue with a large batch", refused, "1 to 10", create(func(in *awslambda.CreateEventSourceMappingInput) {
			in.EventSourceArn, in.BatchSize = arn("jobs.fifo"), aws.Int32(11)
		})},
		// recorded in LocalStack's test_lambda_integration_sqs
		{"a large batch without a window", refused, "Maximum batch window in seconds must be greater than 0",
			create(func(in *awslambda.CreateEventSourceMappingInput) { in.BatchSize = aws.Int32(11) })},
		{"a queue elsewhere", refused, "eu-west-1", create(func(in *awslambda.CreateEventSourceMappingInput) {
			in.EventSourceArn = aws.String("arn:aws:sqs:eu-west-1:" + account + ":jobs")
		})},
		{"another account's queue", refused, "999999999999", create(func(in *awslambda.CreateEventSourceMappingInput) {
			in.EventSourceArn = aws.String("arn:aws:sqs:us-east-1:999999999999:jobs")
		})},
		{"a stream", refused, "dynamodb", create(func(in *awslambda.CreateEventSourceMappingInput) {
			in.EventSourceArn = aws.String("arn:aws:dynamodb:us-east-1:" + account + ":table/jobs/stream/1")
		})},
		{"a queue that is not there", refused, "does not exist", create(func(in *awslambda.CreateEventSourceMappingInput) { in.EventSourceArn = arn("other") })},
		{"a function that is not there", refused, "Function does not exist", create(func(in *awslambda.CreateEventSourceMappingInput) { in.FunctionName = aws.String("other") })},
		{"another account's function", "AccessDeniedException", "999999999999", create(func(in *awslambda.CreateEventSourceMappingInput) { in.FunctionName = aws.String(others) })},
		{"six filters", refused, "at most 5", filtered(one, one, one, one, one, one)},
		{"a long filter", refused, "4096", filtered(`{"body": {"a": ["` + strings.Repeat("b", 4096) + `"]}}`)},
		// recorded in the same tests: test_sqs_invalid_event_filter
		{"null for a filter", refused, "Invalid filter pattern definition.", filtered("null")},
		{"a text for a filter", refused, "Invalid filter pattern definition.", filtered("simple string")},
		{"a text in a filter", refused, "Invalid filter pattern definition.", filtered(`{"body": "a"}`)},
		{"an empty list in a filter", refused, "Invalid filter pattern definition.", filtered(`{"body": []}`)},
		{"a filter without a field", refused, "Invalid filter pattern definition.", filtered(`{}`)},
		{"one good filter, one bad", refused, "Invalid filter pattern definition.", filtered(one, "")},
		{"a member that queues cannot be filtered by", refused, `"attributes"`, filtered(`{"attributes": {"SenderId": ["a"]}}`)},
		{"an operator of EventBridge", refused, "wildcard", filtered(`{"body": {"a": [{"wildcard": "b*"}]}}`)},
		{"another", refused, "cidr", filtered(`{"body": {"a": {"b": ["c", {"cidr": "10.0.0.0/8"}]}}}`)},
		{"one in an alternative", refused, "wildcard", filtered(`{"body": {"$or": [{"a": ["b"]}, {"c": [{"wildcard": "b*"}]}]}}`)},
		{"one in another", refused, "anything-but", filtered(`{"body": {"a": [{"anything-but": {"prefix": "b"}}]}}`)},
		{"one under a name that stands twice", refused, "duplicate", filtered(`{"body": {"a": [{"wildcard": "b*"}]}, "body": {"b": ["c"]}}`)},
		{"one that is nobody's", refused, "contains", filtered(`{"body": {"a": [{"contains": "b"}]}}`)},
	})

	id := must(w.lambda.CreateEventSourceMapping(ctx, &awslambda.CreateEventSourceMappingInput{
		FunctionName: aws.String("jobs"), EventSourceArn: arn("jobs"), Enabled: aws.Bool(false), FilterCriteria: filter(one)}))(t).UUID
	update := func(change func(*awslambda.UpdateEventSourceMappingInput)) (*awslambda.UpdateEventSourceMappingOutput, error) {
		in := &awslambda.UpdateEventSourceMappingInput{UUID: id}
		change(in)
		return w.lambda.UpdateEventSourceMapping(ctx, in)
	}
	for name, change := range map[string]func(*awslambda.UpdateEventSourceMappingInput){
		"a large batch": func(in *awslambda.UpdateEventSourceMappingInput) { in.BatchSize = aws.Int32(11) },
		"a filter":      func(in *awslambda.UpdateEventSourceMappingInput) { in.FilterCriteria = filter("null") },
		"a function":    func(in *awslambda.UpdateEventSourceMappingInput) { in.FunctionName = aws.String("other") },
	} {
		_, err := update(change)
		if wantCode(t, err, refused); err == nil {
			t.Errorf("an update takes %s", name)
		}
	}
	must(w.lambda.UpdateFunctionConfiguration(ctx, &awslambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("jobs"), Timeout: aws.Int32(31)}))(t)
	_, err := update(func(in *awslambda.UpdateEventSourceMappingInput) { in.BatchSize = aws.Int32(1) })
	wantCode(t, err, refused) // the function has more time than the queue gives it
	must(w.lambda.UpdateFunctionConfiguration(ctx, &awslambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("jobs"), Timeout: aws.Int32(30)}))(t)

	got := must(w.lambda.GetEventSourceMapping(ctx, &awslambda.GetEventSourceMappingInput{UUID: id}))(t)
	if len(got.FilterCriteria.Filters) != 1 || *got.FilterCriteria.Filters[0].Pattern != one || *got.BatchSize != 10 {
		t.Errorf("after refused updates the mapping is %+v", got)
	}
	if list := must(w.lambda.ListEventSourceMappings(ctx, &awslambda.ListEventSourceMappingsInput{}))(t).EventSourceMappings; len(list[0].FilterCriteria.Filters) != 1 {
		t.Errorf("ListEventSourceMappings: %+v", list[0])
	}
	if removed := must(update(func(in *awslambda.UpdateEventSourceMappingInput) { in.FilterCriteria = filter() }))(t); removed.FilterCriteria != nil {
		t.Errorf("an empty list removes the filters, but there is %+v", removed.FilterCriteria)
	}
}
