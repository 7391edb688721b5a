package main

import (
	"context"
	"fmt"
	"io"

	"example.com/localcloud"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

// The default addresses: 4566 is where such tools are looked for.
const (
	defaultCloud    = "127.0.0.1:4566"
	defaultEndpoint = "http://" + defaultCloud
	defaultAPI      = "127.0.0.1:8080"
	defaultConsole  = "127.0.0.1:8090"
)

const cloudExamples = `  go run ./scripts/local cloud                                 # an empty AWS account on port 4566
  go run ./scripts/local cloud -data .troupe/data              # as it was when it ended, however that was
  AWS_ENDPOINT_URL=http://127.0.0.1:4566 aws sqs list-queues   # any client, in any language
  go run ./scripts/fault -kind fail -aws sqs -rate 0.1         # its faults are put on purpose: see -h
`

const dataUsage = "keep all state in this `folder`, and go on with what is in it"

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
	fmt.Fprintf(out, "AWS endpoint %s\nexport AWS_ENDPOINT_URL=%[1]s AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local\n", server.Endpoint)
	<-ctx.Done()
	return server.Close()
}
