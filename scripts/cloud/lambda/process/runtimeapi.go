package process

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"example.com/localcloud/lambda"
	"example.com/localcloud/wire"
)

// maxResponse is the maximum size of a function's response, in bytes (Lambda quotas: 6 MB).
const maxResponse = 6 << 20

// runtimeAPI is Lambda's runtime API, version 2018-06-01, for one process.
type runtimeAPI struct {
	arn        string
	ready      chan struct{} // closed when the function requests its first invocation
	readyOnce  sync.Once
	initFailed chan *lambda.Failure
	next       chan *call

	mu      sync.Mutex
	current *call
}

// call is an invocation in progress. payload and err are set once done is closed.
type call struct {
	lambda.Invocation
	taken   atomic.Bool // by the process
	done    chan struct{}
	payload []byte
	err     error
}

func newRuntimeAPI(arn string) *runtimeAPI {
	return &runtimeAPI{arn: arn, ready: make(chan struct{}), initFailed: make(chan *lambda.Failure, 1), next: make(chan *call, 1)}
}

func (a *runtimeAPI) handler() http.Handler {
	mux := http.NewServeMux()
	const path = "/2018-06-01/runtime/"
	mux.HandleFunc("GET "+path+"invocation/next", a.serveNext)
	mux.HandleFunc("POST "+path+"invocation/{id}/response", a.serveResponse)
	mux.HandleFunc("POST "+path+"invocation/{id}/error", a.serveError)
	mux.HandleFunc("POST "+path+"init/error", a.serveInitError)
	return mux
}

// call offers an invocation to the process.
func (a *runtimeAPI) call(invocation lambda.Invocation) *call {
	c := &call{Invocation: invocation, done: make(chan struct{})}
	a.mu.Lock()
	a.current = c
	a.mu.Unlock()
	a.next <- c
	return c
}

// abandon gives up the current invocation. A later response to it is rejected.
func (a *runtimeAPI) abandon() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.current = nil
}

func (a *runtimeAPI) serveNext(w http.ResponseWriter, r *http.Request) {
	a.readyOnce.Do(func() { close(a.ready) })
	select {
	case <-r.Context().Done(): // the process is ending
	case c := <-a.next:
		c.taken.Store(true)
		h := w.Header()
		h.Set("Lambda-Runtime-Aws-Request-Id", c.RequestID)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(c.Deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", a.arn)
		h.Set("Lambda-Runtime-Trace-Id", c.TraceID)
		if c.ClientContext != "" {
			h.Set("Lambda-Runtime-Client-Context", c.ClientContext)
		}
		wire.Respond(w, http.StatusOK, "application/json", c.Payload)
	}
}

func (a *runtimeAPI) serveResponse(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse+1))
	if err != nil {
		return // the process has disconnected
	}
	if len(body) > maxResponse {
		tooLarge := failure("Function.ResponseSizeTooLarge",
			fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxResponse), false)
		tooLarge.Spent = false
		a.finish(r.PathValue("id"), nil, tooLarge)
		respond(w, http.StatusRequestEntityTooLarge, map[string]string{"errorType": "RequestEntityTooLarge", "errorMessage": "the response has more than 6 MB"})
		return
	}
	a.accept(w, r, body, nil)
}

func (a *runtimeAPI) serveError(w http.ResponseWriter, r *http.Request) {
	if failure, err := reported(r); err == nil {
		a.accept(w, r, nil, failure)
	}
}

func (a *runtimeAPI) serveInitError(w http.ResponseWriter, r *http.Request) {
	failure, err := reported(r)
	if err != nil {
		return
	}
	failure.Init, failure.Spent = true, true
	select {
	case a.initFailed <- failure:
	default: // it has reported an error before
	}
	respond(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

// reported decodes an error that a function reports.
func reported(r *http.Request) (*lambda.Failure, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse))
	if err != nil {
		return nil, err
	}
	kind := r.Header.Get("Lambda-Runtime-Function-Error-Type")
	if kind == "" {
		kind = "Runtime.UnknownReason"
	}
	return &lambda.Failure{Type: kind, Payload: body}, nil
}

func (a *runtimeAPI) accept(w http.ResponseWriter, r *http.Request, payload []byte, failure *lambda.Failure) {
	id := r.PathValue("id")
	if !a.finish(id, payload, failure) {
		respond(w, http.StatusBadRequest, map[string]string{"errorType": "InvalidRequestID", "errorMessage": "no invocation " + id + " is under way"})
		return
	}
	respond(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

// finish ends the invocation with the given id. It returns false if that is not the current one.
func (a *runtimeAPI) finish(id string, payload []byte, failure *lambda.Failure) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.current
	if c == nil || c.RequestID != id {
		return false
	}
	a.current = nil
	c.payload = payload
	if failure != nil { // because a nil *Failure in an error isn't nil
		c.err = failure
	}
	close(c.done)
	return true
}

func respond(w http.ResponseWriter, status int, members map[string]string) {
	body, _ := json.Marshal(members) // strings always marshal
	wire.Respond(w, status, "application/json", body)
}
