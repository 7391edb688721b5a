// Command function is what the tests of Lambda run: it does what its payload says.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type request struct {
	Do      string
	Text    string
	N       int
	Records []struct{ MessageID, Body string }
}

func main() {
	if os.Getenv("INIT") == "exit" {
		fmt.Println("this is how it begins")
		os.Exit(4)
	}
	if os.Getenv("INIT") == "hang" {
		time.Sleep(time.Hour)
	}
	lambda.Start(handle)
}

func handle(ctx context.Context, r request) (any, error) {
	if r.Records != nil {
		return handleBatch(r)
	}
	switch r.Do {
	case "echo":
		return r.Text, nil
	case "environment":
		return os.Environ(), nil
	case "context":
		c, _ := lambdacontext.FromContext(ctx)
		deadline, _ := ctx.Deadline()
		return []any{c.AwsRequestID, c.InvokedFunctionArn, deadline.UnixMilli()}, nil
	case "fail":
		return nil, errors.New(r.Text)
	case "panic":
		panic(r.Text)
	case "exit":
		os.Exit(r.N)
	case "hang":
		select {}
	case "print":
		fmt.Print(r.Text)
	case "large":
		return strings.Repeat("x", r.N), nil
	case "pid":
		return os.Getpid(), nil
	case "get": // blocks as long as the server does
		response, err := http.Get(r.Text)
		if err != nil {
			return nil, err
		}
		return os.Getpid(), response.Body.Close()
	case "child":
		child := exec.Command("sleep", "1000")
		child.Stdout = os.Stdout // it holds on to the output, too
		return child.Process, child.Start()
	}
	return nil, nil
}

// handleBatch fails messages whose body says so; a body that is a URL is fetched first.
func handleBatch(r request) (any, error) {
	type failure struct {
		ItemIdentifier string `json:"itemIdentifier"`
	}
	failures := []failure{}
	for _, m := range r.Records {
		switch {
		case strings.HasPrefix(m.Body, "http://"):
			if response, err := http.Get(m.Body); err == nil {
				_ = response.Body.Close()
			}
		case m.Body == "fail":
			failures = append(failures, failure{m.MessageID})
		case m.Body == "malformed":
			failures = append(failures, failure{"no such message"})
		case m.Body == "error":
			return nil, errors.New("the whole batch")
		}
	}
	return map[string]any{"batchItemFailures": failures}, nil
}
