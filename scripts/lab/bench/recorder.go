package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"

	"example.com/troupe/scripts/lab/bench/null"
)

// recorder records the responses that a client gets, by operation.
type recorder struct {
	client  aws.HTTPClient
	answers map[string]null.Answer
}

func (t *recorder) wrap(client aws.HTTPClient) aws.HTTPClient {
	t.client = client
	return t
}

// Do implements aws.HTTPClient.
func (t *recorder) Do(request *http.Request) (*http.Response, error) {
	response, err := t.client.Do(request)
	if err != nil {
		return nil, err
	}
	answer, err := keep(response)
	t.answers[request.Header.Get("X-Amz-Target")] = answer
	return response, err
}

// script returns a null server's script from the recording, in which a receive returned one message.
func (t *recorder) script(batch int) (null.Script, error) {
	s := null.Script{Answers: t.answers, Batch: batch}
	var received struct{ Messages []json.RawMessage }
	if err := json.Unmarshal(t.answers[null.Receive].Body, &received); err != nil || len(received.Messages) != 1 {
		return s, fmt.Errorf("record the answers: a receive gave %d messages instead of one: %w", len(received.Messages), err)
	}
	s.Message = received.Messages[0]
	return s, nil
}

// keep reads a response completely and leaves it readable.
func keep(response *http.Response) (null.Answer, error) {
	body, err := io.ReadAll(response.Body)
	err = errors.Join(err, response.Body.Close())
	response.Body = io.NopCloser(bytes.NewReader(body))
	return null.Answer{Status: response.StatusCode, Type: response.Header.Get("Content-Type"), Body: body}, err
}
