// Package endpoint finds the AWS-compatible endpoint that a command uses: the local cloud, another one, or AWS
// itself.
package endpoint

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Local is the local cloud's default endpoint with make up.
const Local = "http://127.0.0.1:4566"

// Default returns AWS_ENDPOINT_URL if it is set, and otherwise Local.
func Default() string { return cmp.Or(os.Getenv("AWS_ENDPOINT_URL"), Local) }

// Region is the default region at an endpoint.
const Region = "us-east-1"

// AWS returns the configuration for AWS itself, from the same sources as other AWS tools. An empty region leaves the
// region to the environment.
func AWS(ctx context.Context, region string) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return aws.Config{}, fmt.Errorf("find AWS credentials: %w", err)
	}
	return cfg, nil
}

// At returns the configuration for an endpoint other than AWS. Credentials come from the environment variables or are
// dummies. It never reads files and profiles, so that real credentials can't leak to a server that isn't AWS.
func At(url string) aws.Config {
	return aws.Config{
		BaseEndpoint: &url,
		Region:       cmp.Or(os.Getenv("AWS_REGION"), Region),
		Credentials: credentials.NewStaticCredentialsProvider(
			cmp.Or(os.Getenv("AWS_ACCESS_KEY_ID"), "local"), cmp.Or(os.Getenv("AWS_SECRET_ACCESS_KEY"), "local"), os.Getenv("AWS_SESSION_TOKEN")),
	}
}

// Reachable returns an error unless something listens at the endpoint.
func Reachable(ctx context.Context, endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is not an endpoint: it should look like %s", endpoint, Local)
	}
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("nothing answers at %s: %w", endpoint, err)
	}
	return connection.Close()
}
