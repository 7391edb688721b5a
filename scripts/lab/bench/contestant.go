package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/lab/bench/null"
)

// contestant is a server with its clients.
type contestant struct {
	*server
	sqs    *sqs.Client
	sns    *sns.Client
	events *eventbridge.Client
	queue  string // URL

	receipts []string // of received messages that are not yet deleted
}

// mostClients is the maximum number of connections of a client.
const mostClients = 100

func newContestant(s *server, wrap func(aws.HTTPClient) aws.HTTPClient) *contestant {
	cfg := endpoint.At(s.endpoint)
	cfg.HTTPClient = wrap(awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConns, t.MaxIdleConnsPerHost = mostClients, mostClients
	}))
	return &contestant{
		server: s, sqs: sqs.NewFromConfig(cfg), sns: sns.NewFromConfig(cfg), events: eventbridge.NewFromConfig(cfg),
		queue: s.endpoint + "/000000000000/" + resource,
	}
}

// match compares the local cloud with the null server.
type match struct{ cloud, null *contestant }

// scenario is something that both servers do.
type scenario struct {
	batch int                                            // messages per receive
	setUp func(ctx context.Context, c *contestant) error // creates what is needed in the local cloud
	calls func(ctx context.Context, c *contestant) error // makes each call once, to record the responses for the null server
}

// stage starts the two servers. The null server responds as the local cloud does.
func (r *session) stage(ctx context.Context, s scenario) (_ *match, err error) {
	started, err := startCloud(ctx, r.binary)
	if err != nil {
		return nil, err
	}
	m := &match{cloud: newContestant(started, unwrapped)}
	defer func() {
		if err != nil {
			err = m.end(err)
		}
	}()
	if err := s.setUp(ctx, m.cloud); err != nil {
		return nil, fmt.Errorf("set up: %w", err)
	}
	tape := &recorder{answers: map[string]null.Answer{}}
	if err := s.calls(ctx, newContestant(started, tape.wrap)); err != nil {
		return nil, fmt.Errorf("record the responses: %w", err)
	}
	script, err := tape.script(s.batch)
	if err != nil {
		return nil, err
	}
	if started, err = startNull(ctx, r.folder, script); err != nil {
		return nil, err
	}
	m.null = newContestant(started, unwrapped)
	return m, nil
}

// end stops the servers and returns the first error.
func (m *match) end(err error) error {
	if m.null != nil {
		err = m.null.stop(err)
	}
	return m.cloud.stop(err)
}

func unwrapped(c aws.HTTPClient) aws.HTTPClient { return c }

// turn measures both, one after the other.
func (m *match) turn(do func(*contestant) (figure, error)) (t turn, err error) {
	if t.cloud, err = do(m.cloud); err != nil {
		return t, fmt.Errorf("local cloud: %w", err)
	}
	if t.null, err = do(m.null); err != nil {
		return t, fmt.Errorf("null server: %w", err)
	}
	return t, nil
}

// timed measures the rate at which n messages are processed, and the server's CPU time for them.
func (c *contestant) timed(n int, work func() error) (figure, error) {
	before, unreadable := cpuTime(c.process.Pid())
	began := time.Now()
	if err := work(); err != nil {
		return figure{}, err
	}
	took := time.Since(began)
	after, err := cpuTime(c.process.Pid())
	f := figure{rate: float64(n) / took.Seconds(), cpu: unknown}
	if errors.Join(unreadable, err) == nil {
		f.cpu = float64((after - before).Microseconds()) / float64(n)
	}
	return f, nil
}
