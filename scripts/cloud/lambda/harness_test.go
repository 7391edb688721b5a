package lambda_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"example.com/localcloud"
)

const (
	account   = "000000000000"
	roleARN   = "arn:aws:iam::" + account + ":role/jobs"
	trust     = `{"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}`
	mayAll    = `{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}`
	functionA = "arn:aws:lambda:us-east-1:" + account + ":function:jobs"
)

// keys are the credentials of all clients.
var keys = credentials.NewStaticCredentialsProvider("test", "test", "")

// program is the path of the compiled package function.
var program string

func TestMain(m *testing.M) {
	os.Exit(test(m))
}

func test(m *testing.M) int {
	directory, err := os.MkdirTemp("", "function-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(directory)
	program = filepath.Join(directory, "bootstrap")
	compile := exec.Command("go", "build", "-ldflags=-s -w", "-tags=lambda.norpc", "-o", program, "./function")
	if output, err := compile.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the function: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

// archive returns a zip file with one file, stored uncompressed because the race detector makes compression slow.
func archive(name string, content []byte) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err == nil {
		_, err = w.Write(content)
	}
	err = errors.Join(err, z.Close())
	return b.Bytes(), err
}

// code returns a deployment package that runs program in place.
func code(t *testing.T) []byte {
	t.Helper()
	// The path comes from os.MkdirTemp, so it needs no quoting.
	return must(archive("bootstrap", []byte("#!/bin/sh\nexec "+program+"\n")))(t)
}

// whole returns a change that deploys the binary itself.
func whole(t *testing.T) func(*awslambda.CreateFunctionInput) {
	t.Helper()
	packed := must(archive("bootstrap", must(os.ReadFile(program))(t)))(t)
	return func(in *awslambda.CreateFunctionInput) { in.Code.ZipFile = packed }
}

// world is a cloud with a role and the clients of the SDK.
type world struct {
	*cloud.Server
	lambda *awslambda.Client
	sqs    *awssqs.Client
	iam    *awsiam.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return withRole(t, begin(t, ""))
}

func withRole(t *testing.T, w *world) *world {
	t.Helper()
	must(w.iam.CreateRole(t.Context(), &awsiam.CreateRoleInput{RoleName: aws.String("jobs"), AssumeRolePolicyDocument: aws.String(trust)}))(t)
	must(w.iam.PutRolePolicy(t.Context(), &awsiam.PutRolePolicyInput{RoleName: aws.String("jobs"), PolicyName: aws.String("all"), PolicyDocument: aws.String(mayAll)}))(t)
	return w
}

// begin starts a cloud, or restores the one in a folder.
func begin(t *testing.T, data string) *world {
	t.Helper()
	s, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return &world{Server: s,
		lambda: awslambda.New(awslambda.Options{Region: "us-east-1", BaseEndpoint: &s.Endpoint, Credentials: keys, RetryMaxAttempts: 1}),
		sqs:    awssqs.New(awssqs.Options{Region: "us-east-1", BaseEndpoint: &s.Endpoint, Credentials: keys}),
		iam:    awsiam.New(awsiam.Options{Region: "us-east-1", BaseEndpoint: &s.Endpoint, Credentials: keys}),
	}
}

// must returns value, or ends the test if err is not nil.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// create creates the function "jobs" with the given changes.
func (w *world) create(t *testing.T, changes ...func(*awslambda.CreateFunctionInput)) {
	t.Helper()
	in := &awslambda.CreateFunctionInput{
		FunctionName: aws.String("jobs"), Role: aws.String(roleARN), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Timeout: aws.Int32(30), Code: &types.FunctionCode{ZipFile: code(t)},
	}
	for _, change := range changes {
		change(in)
	}
	must(w.lambda.CreateFunction(t.Context(), in))(t)
}

// invoke invokes "jobs" with a payload for package function.
func (w *world) invoke(t *testing.T, payload string) *awslambda.InvokeOutput {
	t.Helper()
	return must(w.lambda.Invoke(context.Background(), &awslambda.InvokeInput{
		FunctionName: aws.String("jobs"), Payload: []byte(payload), LogType: types.LogTypeTail}))(t)
}

// pid returns the process that ran an invocation.
func (w *world) pid(t *testing.T) int {
	t.Helper()
	var pid int
	if err := json.Unmarshal(w.invoke(t, `{"Do": "pid"}`).Payload, &pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != code {
		t.Errorf("error is %v, want %s", err, code)
	}
}
