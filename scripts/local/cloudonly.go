package main

import (
	"context"
	"fmt"
	"io"

	"example.com/localcloud"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

// The default addresses. Tools look for such an endpoint on port 4566.
const (
	defaultCloud    = "127.0.0.1:4566"
	defaultEndpoint = "http://" + defaultCloud
	defaultAPI      = "127.0.0.1:8080"
	defaultConsole  = "127.0.0.1:8090"
)

const cloudExamples = `  go run ./scripts/local cloud                                 # an empty AWS account on port 4566
  go run ./scripts/local cloud -data .troupe/data              # continue with the state in a folder, even after a crash
  aws --endpoint-url http://127.0.0.1:4566 sqs list-queues     # any client, in any language
  go run ./scripts/fault -kind fail -aws sqs -rate 0.1         # inject faults: see its -h
`

const dataUsage = "keep all state in this `folder`, and continue with what it contains"

func runCloud(ctx context.Context, flags *cli.Flags, arguments []string, out io.Writer) error {
	addr := flags.String("addr", defaultCloud, "serve AWS at this `address`")
	data := flags.String("data", "", dataUsage)
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	server, err := stack.StartCloud(cloud.Options{Addr: *addr, Data: *data}, "addr")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "AWS endpoint  %s\n%sCtrl-C ends it.\n", server.Endpoint, clients(server.Endpoint))
	<-ctx.Done()
	return server.Close()
}
