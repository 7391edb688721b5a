// Command function is the function that Lambda's tests run. It does what its payload says.
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
	case "get": // blocks until the server responds
		response, err := http.Get(r.Text)
		if err != nil {
			return nil, err
		}
		return os.Getpid(), response.Body.Close()
	case "child":
		child := exec.Command("sleep", "1000")
		child.Stdout = os.Stdout // the child keeps the output open, too
		return child.Process, child.Start()
	}
	return nil, nil
}

// handleBatch fails the messages whose body says so. If a body is a URL, it fetches that first.
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
