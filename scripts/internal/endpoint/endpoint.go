// Package endpoint finds the AWS-compatible endpoint that a command talks to: the
// local cloud, somebody else's, or AWS itself.
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

// Local is where make up runs the local cloud unless it is told otherwise.
const Local = "http://127.0.0.1:4566"

// Default is what the environment's variable AWS_ENDPOINT_URL says, and otherwise Local.
func Default() string { return cmp.Or(os.Getenv("AWS_ENDPOINT_URL"), Local) }

// Region is what is used at an endpoint when the environment names no region.
const Region = "us-east-1"

// AWS returns the configuration for AWS itself, found as every AWS tool finds it.
// An empty region leaves it to the environment.
func AWS(ctx context.Context, region string) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return aws.Config{}, fmt.Errorf("find AWS credentials: %w", err)
	}
	return cfg, nil
}

// At returns the configuration for an endpoint other than AWS. Its credentials are those of the
// environment's variables, or else made up: files and profiles are not asked, so that no
// real credentials go to a server that is not AWS by accident.
func At(url string) aws.Config {
	return aws.Config{
		BaseEndpoint: &url,
		Region:       cmp.Or(os.Getenv("AWS_REGION"), Region),
		Credentials: credentials.NewStaticCredentialsProvider(
			cmp.Or(os.Getenv("AWS_ACCESS_KEY_ID"), "local"), cmp.Or(os.Getenv("AWS_SECRET_ACCESS_KEY"), "local"), os.Getenv("AWS_SESSION_TOKEN")),
	}
}

// Reachable tells whether something listens where an endpoint should be.
func Reachable(ctx context.Context, endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is no endpoint: it should look like %s", endpoint, Local)
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
