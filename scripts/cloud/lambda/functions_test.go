package lambda_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

func TestFunctionsAreKept(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.create(t, func(in *awslambda.CreateFunctionInput) {
		in.Architectures, in.Tags = []types.Architecture{types.ArchitectureArm64}, map[string]string{"team": "blue"}
	})
	name := aws.String(functionA)
	got := must(w.lambda.GetFunction(ctx, &awslambda.GetFunctionInput{FunctionName: name}))(t)
	c := got.Configuration
	if *c.FunctionArn != functionA || c.State != types.StateActive || *c.MemorySize != 128 || *c.Timeout != 30 ||
		c.Architectures[0] != types.ArchitectureArm64 || got.Tags["team"] != "blue" || *c.LoggingConfig.LogGroup != "/aws/lambda/jobs" {
		t.Errorf("GetFunction: %+v", c)
	}
	changed := must(w.lambda.UpdateFunctionConfiguration(ctx, &awslambda.UpdateFunctionConfigurationInput{FunctionName: name, MemorySize: aws.Int32(512)}))(t)
	if *changed.MemorySize != 512 || *changed.Timeout != 30 || *changed.RevisionId == *c.RevisionId {
		t.Errorf("an update changes what it names and the revision, but got %+v", changed)
	}
	_, err := w.lambda.UpdateFunctionCode(ctx, &awslambda.UpdateFunctionCodeInput{FunctionName: name, ZipFile: code(t), RevisionId: c.RevisionId})
	wantCode(t, err, "PreconditionFailedException")
	if list := must(w.lambda.ListFunctions(ctx, &awslambda.ListFunctionsInput{}))(t); len(list.Functions) != 1 {
		t.Errorf("ListFunctions: %+v", list.Functions)
	}
	must(w.lambda.DeleteFunction(ctx, &awslambda.DeleteFunctionInput{FunctionName: name}))(t)
	_, err = w.lambda.GetFunction(ctx, &awslambda.GetFunctionInput{FunctionName: name})
	wantCode(t, err, "ResourceNotFoundException")
}

func TestCreateRefuses(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	tests := []struct {
		name, code, says string
		change           func(*awslambda.CreateFunctionInput)
	}{
		{"a name that is taken", "ResourceConflictException", "already exist", func(in *awslambda.CreateFunctionInput) { in.FunctionName = aws.String("jobs") }},
		{"a name with a space", "ValidationException", "functionName", func(in *awslambda.CreateFunctionInput) { in.FunctionName = aws.String("a b") }},
		{"a role that is not there", "InvalidParameterValueException", "cannot be assumed", func(in *awslambda.CreateFunctionInput) { in.Role = aws.String(roleARN + "2") }},
		{"a language", "InvalidParameterValueException", "provided.al2023", func(in *awslambda.CreateFunctionInput) { in.Runtime = types.RuntimeNodejs22x }},
		{"a long timeout", "InvalidParameterValueException", "timeout", func(in *awslambda.CreateFunctionInput) { in.Timeout = aws.Int32(901) }},
		{"a reserved variable", "InvalidParameterValueException", "AWS_REGION", func(in *awslambda.CreateFunctionInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"AWS_REGION": "here"}}
		}},
		{"code in a bucket", "SerializationException", "S3Bucket", func(in *awslambda.CreateFunctionInput) { in.Code = &types.FunctionCode{S3Bucket: aws.String("b")} }},
		{"no zip", "InvalidParameterValueException", "unzip", func(in *awslambda.CreateFunctionInput) { in.Code.ZipFile = []byte("PK") }},
		{"no bootstrap", "InvalidParameterValueException", "bootstrap", func(in *awslambda.CreateFunctionInput) {
			in.Code.ZipFile = must(archive("main", []byte("x")))(t)
		}},
		{"dead letters to nowhere", "InvalidParameterValueException", "queue or a topic", func(in *awslambda.CreateFunctionInput) {
			in.DeadLetterConfig = &types.DeadLetterConfig{TargetArn: aws.String("letters")}
		}},
		{"a file that leaves its directory", "InvalidParameterValueException", "unzip", func(in *awslambda.CreateFunctionInput) {
			in.Code.ZipFile = must(archive("../bootstrap", []byte("x")))(t)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := &awslambda.CreateFunctionInput{FunctionName: aws.String("other"), Role: aws.String(roleARN), Runtime: types.RuntimeProvidedal2023,
				Handler: aws.String("bootstrap"), Code: &types.FunctionCode{ZipFile: must(archive("bootstrap", []byte("x")))(t)}}
			test.change(in)
			_, err := w.lambda.CreateFunction(t.Context(), in)
			if wantCode(t, err, test.code); err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("error is %v, want it to say %q", err, test.says)
			}
		})
	}
}

func TestEnvironment(t *testing.T) {
	w := newWorld(t)
	w.create(t, func(in *awslambda.CreateFunctionInput) {
		in.Environment = &types.Environment{Variables: map[string]string{"MINE": "1"}}
	})
	t.Setenv("OF_THE_CLOUD", "secret")
	var lines []string
	if err := json.Unmarshal(w.invoke(t, `{"Do": "environment"}`).Payload, &lines); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		got[name] = value
	}
	for name, want := range map[string]string{
		"MINE": "1", "AWS_LAMBDA_FUNCTION_NAME": "jobs", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_REGION": "us-east-1",
		"AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/jobs", "AWS_ENDPOINT_URL": w.Endpoint, "_HANDLER": "bootstrap", "TZ": ":UTC",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	if _, leaked := got["OF_THE_CLOUD"]; leaked {
		t.Errorf("the function sees the cloud's own environment: %v", slices.Sorted(maps.Keys(got)))
	}
	caller, err := w.IAM.Caller(got["AWS_ACCESS_KEY_ID"], "")
	if err != nil || caller.Root() || caller.ARN() != "arn:aws:sts::"+account+":assumed-role/jobs/jobs" {
		t.Errorf("the function's credentials are of %v (%v), want its role", caller, err)
	}
}

func TestPermissions(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.create(t)
	name := aws.String("jobs")
	add := &awslambda.AddPermissionInput{FunctionName: name, StatementId: aws.String("rule"), Action: aws.String("lambda:InvokeFunction"),
		Principal: aws.String("apigateway.amazonaws.com"), SourceArn: aws.String("arn:aws:execute-api:us-east-1:" + account + ":api/*")}
	source := "arn:aws:execute-api:us-east-1:" + account + ":api/x"
	_, err := w.Lambda.InvokeForAPI(ctx, functionA, source, []byte(`{"Do": "echo"}`))
	if err == nil {
		t.Error("nobody is admitted until a permission is added")
	}
	must(w.lambda.AddPermission(ctx, add))(t)
	if _, err := w.Lambda.InvokeForAPI(ctx, functionA, source, []byte(`{"Do": "echo"}`)); err != nil {
		t.Errorf("the API is admitted: %v", err)
	}
	if _, err := w.Lambda.InvokeForAPI(ctx, functionA, strings.Replace(source, "api/", "ipa/", 1), nil); err == nil {
		t.Error("another API is not")
	}
	_, err = w.lambda.AddPermission(ctx, add)
	wantCode(t, err, "ResourceConflictException")
	policy := must(w.lambda.GetPolicy(ctx, &awslambda.GetPolicyInput{FunctionName: name}))(t)
	if !strings.Contains(*policy.Policy, `"Sid":"rule"`) {
		t.Errorf("GetPolicy: %s", *policy.Policy)
	}
	must(w.lambda.RemovePermission(ctx, &awslambda.RemovePermissionInput{FunctionName: name, StatementId: aws.String("rule")}))(t)
	_, err = w.lambda.GetPolicy(ctx, &awslambda.GetPolicyInput{FunctionName: name})
	wantCode(t, err, "ResourceNotFoundException")
}
