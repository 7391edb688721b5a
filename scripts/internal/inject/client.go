package inject

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"example.com/localcloud/eventbridge"
	"example.com/localcloud/faults"
)

// maxAnswer limits how much of a response is read, in bytes.
const maxAnswer = 4 << 20

// Client manages the faults of a local cloud.
type Client struct {
	endpoint string
	cfg      aws.Config
}

// New returns a client for the cloud that cfg reaches.
func New(cfg aws.Config) *Client {
	return &Client{endpoint: aws.ToString(cfg.BaseEndpoint), cfg: cfg}
}

// NotLocalError reports that an endpoint isn't a local cloud, so nothing can be injected or played.
type NotLocalError struct {
	Endpoint string
	Reason   string
}

func (e *NotLocalError) Error() string {
	return fmt.Sprintf("this only works in the local cloud of make up, and %s isn't one: %s", e.Endpoint, e.Reason)
}

// RefusedError is the cloud's reason for refusing a fault.
type RefusedError struct{ Code, Message string }

func (e *RefusedError) Error() string { return e.Message }

// Put injects a fault. It replaces one with the same ID.
func (c *Client) Put(ctx context.Context, f faults.Fault) error {
	return c.call(ctx, faultsOf, "PutFault", f, &faults.Listed{})
}

// Delete removes a fault.
func (c *Client) Delete(ctx context.Context, id string) error {
	return c.call(ctx, faultsOf, "DeleteFault", faults.DeleteFaultInput{Id: id}, &faults.Empty{})
}

// List returns the active faults in the order in which they were injected.
func (c *Client) List(ctx context.Context) ([]faults.Listed, error) {
	var out faults.ListFaultsOutput
	err := c.call(ctx, faultsOf, "ListFaults", faults.Empty{}, &out)
	return out.Faults, err
}

// service is a service of the local cloud that AWS doesn't have.
type service struct{ name, target, shapes, what string }

var (
	faultsOf  = service{faults.Name, "Faults", faults.Shapes, "faults"}
	outsideOf = service{eventbridge.Outside, "Outside", eventbridge.OutsideShapes, "events from outside"}
)

// Arrival is an event that comes from outside.
type Arrival struct {
	ID, Bus, Source, DetailType string
	Detail                      json.RawMessage
	Time                        time.Time
}

// Arrive plays who publishes an event from outside, such as an AWS service.
func (c *Client) Arrive(ctx context.Context, a Arrival) error {
	return c.call(ctx, outsideOf, "Arrive", eventbridge.ArriveInput{Id: a.ID, Event: eventbridge.Entry{
		EventBusName: a.Bus, Source: a.Source, DetailType: a.DetailType, Detail: string(a.Detail), Time: &eventbridge.Time{Time: a.Time},
	}}, &eventbridge.EntryResult{})
}

func (c *Client) call(ctx context.Context, s service, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	request, err := c.request(ctx, s, operation, body)
	if err != nil {
		return fmt.Errorf("request %s: %w", operation, err)
	}
	var client aws.HTTPClient = http.DefaultClient
	if c.cfg.HTTPClient != nil {
		client = c.cfg.HTTPClient
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("request %s: %w", operation, err)
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return fmt.Errorf("read the response to %s: %w", operation, err)
	}
	if response.StatusCode != http.StatusOK {
		return c.refusal(s, answer)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return &NotLocalError{c.endpoint, "unexpected response"}
	}
	return nil
}

// request signs a request as AWS clients do.
func (c *Client) request(ctx context.Context, s service, operation string, body []byte) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", s.target+"."+operation)
	keys, err := c.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	return request, v4.NewSigner().SignHTTP(ctx, keys, request, hex.EncodeToString(sum[:]), s.name, c.cfg.Region, time.Now())
}

func (c *Client) refusal(s service, answer []byte) error {
	var refused struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	err := json.Unmarshal(answer, &refused)
	shape, code, _ := strings.Cut(refused.Type, "#")
	if err != nil || shape != s.shapes {
		return &NotLocalError{c.endpoint, "it doesn't support " + s.what}
	}
	return &RefusedError{code, refused.Message}
}
