package wiring

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
)

// The limits of a call to the local cloud.
const (
	callWait     = 10 * time.Second // of one attempt
	callAttempts = 3                // an injected fault may strike it
)

// caller calls operations of IAM and of HTTP APIs. The SDK's clients of these two would take a fifth of the time that the
// first make demo compiles, for ten operations. A failed call returns a *smithy.GenericAPIError, as the SDK's clients do.
type caller struct{ cfg aws.Config }

// iam calls an operation whose result doesn't matter.
func (c caller) iam(ctx context.Context, operation string, parameters url.Values) error {
	parameters.Set("Action", operation)
	parameters.Set("Version", "2010-05-08")
	_, err := c.call(ctx, "iam", http.MethodPost, "/", "application/x-www-form-urlencoded", []byte(parameters.Encode()))
	return err
}

// api calls an operation on HTTP APIs: a method on a path below /v2/apis. Either document may be nil.
func (c caller) api(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	var err error
	if in != nil {
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	answer, err := c.call(ctx, "apigateway", method, "/v2/apis"+path, "application/json", body)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

// call calls an operation, again if the server fails.
func (c caller) call(ctx context.Context, service, method, path, contentType string, body []byte) (answer []byte, err error) {
	for range callAttempts {
		var again bool
		if answer, again, err = c.attempt(ctx, service, method, path, contentType, body); !again {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s of %s: %w", method, path, service, err)
	}
	return answer, nil
}

// attempt calls an operation once. again reports whether a failure is the server's.
func (c caller) attempt(ctx context.Context, service, method, path, contentType string, body []byte) (answer []byte, again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, aws.ToString(c.cfg.BaseEndpoint)+path, bytes.NewReader(body))
	if err != nil {
		return nil, false, err
	}
	request.Header.Set("Content-Type", contentType)
	credentials, err := c.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, false, err
	}
	hash := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(hash[:]), service, c.cfg.Region, time.Now()); err != nil {
		return nil, false, err
	}
	response, err := c.client().Do(request)
	if err != nil {
		return nil, false, err
	}
	answer, err = io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, false, err
	}
	if response.StatusCode < 300 {
		return answer, false, nil
	}
	return nil, response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= 500, failure(response.Header, answer)
}

// client returns the configuration's HTTP client: a simulation has one without a network.
func (c caller) client() aws.HTTPClient {
	if c.cfg.HTTPClient != nil {
		return c.cfg.HTTPClient
	}
	return http.DefaultClient
}

// failure returns the error of a response: IAM's are XML, and those of HTTP APIs a header and JSON.
func failure(header http.Header, answer []byte) error {
	var query struct {
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
	}
	var rest struct{ Message string }
	if xml.Unmarshal(answer, &query) != nil {
		_ = json.Unmarshal(answer, &rest) // otherwise the text is all that is known
	}
	return &smithy.GenericAPIError{
		Code:    cmp.Or(query.Code, header.Get("X-Amzn-Errortype"), "UnknownError"),
		Message: cmp.Or(query.Message, rest.Message, strings.TrimSpace(string(answer))),
	}
}

// has reports whether err is AWS's error with a code.
func has(err error, code string) bool {
	failed, ok := errors.AsType[smithy.APIError](err)
	return ok && failed.ErrorCode() == code
}
