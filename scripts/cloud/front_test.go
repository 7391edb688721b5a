package cloud

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

const signed = "AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=0"

func start(t testing.TB) *Server {
	t.Helper()
	s, err := Start(Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

func TestRefusals(t *testing.T) {
	s := start(t)
	const form, target, auth = "Content-Type: application/x-www-form-urlencoded", "X-Amz-Target: ", "Authorization: "
	sign := func(service string) string { return auth + strings.ReplaceAll(signed, "%s", service) }
	tests := []struct {
		name, request string // METHOD /path|header|header
		body          string
		status        int
		says          []string
	}{
		{"unsigned", "POST /|" + target + "AmazonSQS.ListQueues", "{}", 403, []string{"MissingAuthenticationTokenException", "any credentials will do"}},
		{"unsigned, as a web page could", "POST /|" + form, "Action=ListQueues", 403, []string{"<Code>MissingAuthenticationToken</Code>"}},
		{"another scheme", "GET /|" + auth + "Basic dGVzdA==", "", 400, []string{"IncompleteSignatureException", "key/date/region/service"}},
		{"a service", "PUT /bucket|" + sign("s3"), "", 404, []string{"no service s3", "/bucket"}},
		{"a service of JSON", "POST /|" + sign("kms") + "|" + target + "TrentService.Encrypt", "{}", 404, []string{"no service kms", "TrentService.Encrypt"}},
		{"an operation of JSON", "POST /|" + sign("sqs") + "|" + target + "AmazonSQS.AddPermission", "{}", 400, []string{"UnknownOperationException", "AddPermission"}},
		{"an operation of the query protocol", "POST /|" + sign("iam") + "|" + form, "Action=CreateUser&Version=2010-05-08", 400, []string{"<Code>InvalidAction</Code>", "CreateUser"}},
		{"an operation of REST", "GET /2015-03-31/functions/x/aliases|" + sign("lambda"), "", 404, []string{"UnknownOperationException", "GET /2015-03-31/functions/x/aliases"}},
		{"a member", "POST /|" + sign("sqs") + "|" + target + "AmazonSQS.ListQueues", `{"Colour": "red"}`, 400, []string{"SerializationException", "Colour"}},
		{"a key of another run", "POST /|" + strings.Replace(sign("sqs"), "test/", "ASIALOCALX/", 1) + "|" + target + "AmazonSQS.ListQueues", "{}", 403, []string{"UnrecognizedClientException"}},
		{"a long form", "POST /|" + sign("sns") + "|" + form, "Action=Publish&Message=" + strings.Repeat("x", 9<<20), 400, []string{"MalformedQueryString"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			line, headers, _ := strings.Cut(test.request, "|")
			method, path, _ := strings.Cut(line, " ")
			r, err := http.NewRequestWithContext(t.Context(), method, s.Endpoint+path, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			for header := range strings.SplitSeq(headers, "|") {
				name, value, _ := strings.Cut(header, ": ")
				r.Header.Set(name, value)
			}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, _ := io.ReadAll(response.Body)
			answer := response.Header.Get("X-Amzn-Errortype") + " " + string(body)
			for _, want := range test.says {
				if response.StatusCode != test.status || !strings.Contains(answer, want) {
					t.Errorf("got %d %s, want %d with %q", response.StatusCode, answer, test.status, want)
				}
			}
		})
	}
}

// lossy drops the body of the first response, as aws-sdk-go-v2 sometimes does.
type lossy struct{ attempts atomic.Int64 }

type lost struct{ io.ReadCloser }

func (lost) Read([]byte) (int, error) {
	return 0, errors.New("read tcp 127.0.0.1: use of closed network connection")
}

func (l *lossy) Do(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultClient.Do(r)
	if err == nil && l.attempts.Add(1) == 1 {
		response.Body = lost{response.Body}
	}
	return response, err
}

func TestARetryGetsTheAnswerThatWasLost(t *testing.T) {
	for name, test := range map[string]struct {
		size    int
		handled int64
	}{"large": {10 << 10, 1}, "small, and whole in one read": {10, 2}} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			var handled atomic.Int64
			body := strings.Repeat("x", test.size)
			s.services["sqs"] = receiver(&handled, body)
			transport := &lossy{}
			client := sqs.New(sqs.Options{Region: "us-east-1", BaseEndpoint: &s.Endpoint, HTTPClient: transport,
				DisableMessageChecksumValidation: true, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
			out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(s.Endpoint + "/000000000000/q")})
			if err != nil || *out.Messages[0].Body != body {
				t.Fatalf("the client got %v", err)
			}
			if transport.attempts.Load() != 2 || handled.Load() != test.handled {
				t.Errorf("%d attempts were handled %d times, want 2 and %d", transport.attempts.Load(), handled.Load(), test.handled)
			}
		})
	}
}

func TestAnswersAreForgotten(t *testing.T) {
	var s retries
	for i := range 40 {
		s.keep(string(rune('a'+i)), &response{body: make([]byte, 1<<20)})
	}
	if len(s.responses) != 4 || len(s.order) != 4 || s.bytes != maxResponses || s.find("a") != nil {
		t.Errorf("%d responses with %d bytes are kept, want 4 with %d", len(s.responses), s.bytes, maxResponses)
	}
	s.keep("large", &response{body: make([]byte, 2*maxResponses)})
	if len(s.responses) != 1 || len(s.order) != 1 || s.find("large") == nil {
		t.Errorf("%d responses are kept, want only the large one", len(s.responses))
	}
}

// TestReadyAtOnce checks that the first call after Start succeeds. make bench measures how soon.
func TestReadyAtOnce(t *testing.T) {
	began := time.Now()
	s := start(t)
	client := sqs.New(sqs.Options{Region: "us-east-1", BaseEndpoint: &s.Endpoint, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), Retryer: aws.NopRetryer{}})
	if _, err := client.ListQueues(t.Context(), &sqs.ListQueuesInput{}); err != nil {
		t.Fatal(err)
	}
	t.Logf("the first response arrived after %v", time.Since(began))
}
