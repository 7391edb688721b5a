package sqs

import (
	"context"
	"net/http"
	"regexp"
	"strings"

	"example.com/localcloud/wire"
)

func url(ctx context.Context, name string) string {
	return "http://" + wire.HostOf(ctx) + "/" + wire.Account + "/" + name
}

// awsHost matches the hosts of AWS in a queue's URL: sqs.REGION.amazonaws.com, REGION.queue.amazonaws.com.
var awsHost = regexp.MustCompile(`^https?://(?:sqs\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.amazonaws\.com`)

// parseURL returns the name in a queue's URL. The host does not matter, unless it is AWS's for another region. As on AWS,
// the URL can be the bare name (aws/aws-sdk-js-v3#6150) or, in a request to the queue's path, the path.
func parseURL(url string) (name string, err error) {
	if url == "" {
		return "", errMissing("QueueUrl")
	}
	host := awsHost.FindStringSubmatch(url)
	if wire.IsARN(url) || host != nil && host[1]+host[2] != wire.Region {
		return "", errAddress(url)
	}
	path := url
	if _, rest, isURL := strings.Cut(url, "://"); isURL {
		_, path, _ = strings.Cut(rest, "/")
		path = "/" + path
	}
	name, isPath := strings.CutPrefix(path, "/"+wire.Account+"/")
	if !isPath && strings.Contains(path, "/") {
		return "", errNoQueue() // of another account, or of none
	}
	return name, nil
}

// errAddress is AWS's error for a QueueUrl of another region (localstack/localstack#4462), and here also for an ARN.
func errAddress(address string) *wire.Error {
	return &wire.Error{Code: "InvalidAddress", Status: http.StatusNotFound, Message: "The address " + address + " is not valid for this endpoint."}
}

// nameOf returns the name in a queue's URL, or "" if the URL is invalid.
func nameOf(url string) string {
	name, _ := parseURL(url)
	return name
}

// nameIn returns the name in a queue's ARN, or "" if the queue cannot be here.
func nameIn(arn string) string {
	name, _ := wire.Local("sqs", "", arn)
	return name
}

// byURL returns the queue that a request names.
func (s *Service) byURL(url string) (*queue, error) {
	name, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	return s.find(name)
}

// queueOf returns the queue with the given ARN, or nil.
func (s *Service) queueOf(arn string) *queue {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.queues[nameIn(arn)]
}
