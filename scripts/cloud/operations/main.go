// Command operations lists the operations of each AWS service that the local cloud supports, and those that it
// doesn't.
//
//	go -C scripts/cloud run ./operations          # for people
//	go -C scripts/cloud run ./operations -json    # for programs
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"example.com/localcloud"
)

// awsService is an AWS service and the SDK client that has all of its operations.
type awsService struct {
	name, signs string // its usual name, and the name in its signatures
	client      any
}

// awsServices lists the services of the local cloud. The Go SDK says what operations AWS has, so no list of them can
// become outdated.
var awsServices = []awsService{
	{"Amazon EventBridge", "events", (*eventbridge.Client)(nil)},
	{"Amazon EventBridge Scheduler", "scheduler", (*scheduler.Client)(nil)},
	{"Amazon SQS", "sqs", (*sqs.Client)(nil)},
	{"Amazon SNS", "sns", (*sns.Client)(nil)},
	{"Amazon DynamoDB", "dynamodb", (*dynamodb.Client)(nil)},
	{"AWS Lambda", "lambda", (*lambda.Client)(nil)},
	{"Amazon API Gateway V2", "apigateway", (*apigatewayv2.Client)(nil)},
	{"Amazon CloudWatch Logs", "logs", (*cloudwatchlogs.Client)(nil)},
	{"AWS IAM", "iam", (*iam.Client)(nil)},
	{"AWS STS", "sts", (*sts.Client)(nil)},
}

// serviceOperations lists the supported and the missing operations of an AWS service.
type serviceOperations struct {
	Service string   `json:"service"`
	Present []string `json:"present"`
	Absent  []string `json:"absent"`
}

func main() {
	asJSON := flag.Bool("json", false, "print JSON")
	flag.Parse()
	if err := list(os.Stdout, *asJSON); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// list writes the operations of all services.
func list(out io.Writer, asJSON bool) error {
	listed, err := listOperations()
	if err != nil {
		return err
	}
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(listed)
	}
	return printOperations(out, listed)
}

func listOperations() ([]serviceOperations, error) {
	account := cloud.New("")
	served := account.Operations()
	listed := make([]serviceOperations, len(awsServices))
	for i, s := range awsServices {
		listed[i] = serviceOperations{Service: s.name, Present: slices.Sorted(slices.Values(served[s.signs])), Absent: []string{}}
		for _, name := range s.operations() {
			if !slices.Contains(listed[i].Present, name) {
				listed[i].Absent = append(listed[i].Absent, name)
			}
		}
	}
	return listed, account.Close()
}

// operations returns the names of the client's methods that take XInput and return XOutput.
func (s awsService) operations() (names []string) {
	client := reflect.TypeOf(s.client)
	for method := range client.Methods() {
		if t := method.Type; t.NumOut() == 2 && t.Out(0).Kind() == reflect.Pointer && t.Out(0).Elem().Name() == method.Name+"Output" {
			names = append(names, method.Name)
		}
	}
	return names
}

func printOperations(out io.Writer, listed []serviceOperations) error {
	var b strings.Builder
	for _, s := range listed {
		fmt.Fprintf(&b, "%s: %d of %d operations\n", s.Service, len(s.Present), len(s.Present)+len(s.Absent))
		for _, name := range s.Present {
			fmt.Fprintf(&b, "  + %s\n", name)
		}
		for _, name := range s.Absent {
			fmt.Fprintf(&b, "  - %s\n", name)
		}
	}
	b.WriteString("\n+ supported; - not supported: a call fails with the AWS error for an unknown operation, which names it.\n")
	_, err := io.WriteString(out, b.String())
	return err
}
