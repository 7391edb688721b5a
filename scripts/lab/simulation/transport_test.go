package simulation

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"example.com/localcloud/wire"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// transport is the network between an instance and the cloud: the SDK's HTTP client. Without an instance, calls
// neither wait nor fail.
type transport struct {
	world *world
	from  *instance
}

// config returns the configuration of an instance's clients. Requests are not signed: that is expensive, and the
// cloud doesn't check signatures here.
func (w *world) config(from *instance) aws.Config {
	var keys aws.CredentialsProvider = aws.AnonymousCredentials{}
	if from == nil {
		keys = credentials.NewStaticCredentialsProvider("simulation", "secret", "") // the wiring reads them
	}
	return aws.Config{Region: wire.Region, BaseEndpoint: aws.String("http://cloud"), HTTPClient: &transport{w, from}, Credentials: keys}
}

// Do implements the SDK's HTTP client.
func (t *transport) Do(r *http.Request) (*http.Response, error) {
	body := []byte{} // serve takes nil for no request at all
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	e := &exchange{world: t.world, from: t.from, http: r, body: body}
	e.service, e.op = operation(r, body)
	if t.from == nil {
		return e.serve(body), nil
	}
	it := &item{from: t.from, op: e.op, body: body, key: key(t.from, e.op, body) + " " + messageOf(r.Context())}
	if e.op == receive {
		it.poll, it.until = t.from.service.queue, time.Now().Add(longPoll)
		e.body = bytes.Replace(body, []byte(`"WaitTimeSeconds":20`), []byte(`"WaitTimeSeconds":0`), 1)
	}
	f, err := t.world.await(r.Context(), it)
	if err != nil {
		return nil, err
	}
	defer t.world.order()
	response, err := e.meet(f)
	t.world.trace.answer(it, e.answered)
	return response, err
}

// longPoll is how long a receive waits at most.
const longPoll = 20 * time.Second

// operation returns a request's service, by its signing name, and its operation.
func operation(r *http.Request, body []byte) (service, op string) {
	prefix, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case strings.HasPrefix(r.URL.Path, "/schedule"):
		return "scheduler", map[string]string{http.MethodPost: createSchedule, http.MethodDelete: deleteSchedule}[r.Method]
	case prefix == "AmazonSQS":
		return "sqs", op
	case prefix == "AWSEvents":
		return "events", op
	case prefix == "Outside":
		return "outside", op
	case strings.HasPrefix(prefix, "DynamoDB"):
		return "dynamodb", op
	}
	form, _ := url.ParseQuery(string(body))
	if op = form.Get("Action"); strings.Contains(op, "Role") {
		return "iam", op // of the wiring
	}
	return "sns", op
}

// exchange is a request with its response.
type exchange struct {
	world       *world
	from        *instance
	http        *http.Request
	service, op string
	body        []byte
	answered    []byte
}

// meet applies the fault to the request.
func (e *exchange) meet(f fault) (*http.Response, error) {
	switch f {
	case throttled, broken:
		return e.refuse(f), nil
	case partly:
		return e.partly(), nil
	case expiring:
		e.body = bytes.Replace(e.body, []byte(`{`), []byte(`{"VisibilityTimeout":1,`), 1)
	case midway:
		e.serve(e.some(e.world.rng.IntN(e.entries() + 1)))
		e.world.kill(e.from)
		return nil, errDead{}
	}
	response := e.serve(e.body)
	if e.op == receive && e.from.service.tired(e.answered) {
		return response, nil
	}
	switch f {
	case lost:
		return nil, io.ErrUnexpectedEOF
	case died:
		e.world.kill(e.from)
		return nil, errDead{}
	case late:
		if err := e.world.linger(e.http.Context(), e.from, e.op); err != nil {
			return nil, err
		}
	}
	return response, nil
}

// serve passes a body to the cloud, and records the events in it that were accepted.
func (e *exchange) serve(body []byte) *http.Response {
	if body == nil {
		return nil
	}
	r := e.http.WithContext(e.http.Context())
	r.Header = maps.Clone(e.http.Header)
	r.Body, r.ContentLength, r.RequestURI = io.NopCloser(bytes.NewReader(body)), int64(len(body)), r.URL.RequestURI()
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=simulation/20000101/us-east-1/"+e.service+"/aws4_request")
	r.Header.Del("Amz-Sdk-Invocation-Id") // a lost response stays lost, as on AWS
	answer := &answer{status: http.StatusOK, header: http.Header{}}
	e.world.cloud.ServeHTTP(answer, r)
	e.answered = answer.body.Bytes()
	if answer.status == http.StatusOK {
		e.world.published(e.op, body, e.from == nil)
		e.world.reminded(e, body)
	}
	return answer.response(e.http)
}

// refuse responds like a service that is unavailable.
func (e *exchange) refuse(f fault) *http.Response {
	answer := &answer{status: http.StatusBadRequest, header: http.Header{}}
	code := "ThrottlingException"
	if f == broken {
		answer.status, code = http.StatusInternalServerError, "InternalFailure"
	}
	if e.service == "scheduler" {
		answer.header.Set("X-Amzn-Errortype", code)
	}
	if e.service == "sns" {
		answer.body.WriteString("<ErrorResponse><Error><Code>" + code + "</Code><Message>simulated</Message></Error></ErrorResponse>")
	} else {
		answer.body.WriteString(`{"__type":"` + code + `","message":"simulated"}`)
	}
	return answer.response(e.http)
}

// answer is a response of the cloud.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

func (a *answer) response(to *http.Request) *http.Response {
	return &http.Response{
		StatusCode: a.status, Header: a.header, Request: to, ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()),
	}
}
