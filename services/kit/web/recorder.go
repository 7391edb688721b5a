package web

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// response is an HTTP response in the form in which it is recorded with a unit of work.
type response struct {
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// send answers with the response.
func (r response) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.Header)
	w.Header().Set("Content-Length", strconv.Itoa(len(r.Body)))
	w.WriteHeader(r.Status)
	_, _ = w.Write(r.Body) // a client that has gone will ask again
}

// title returns the title of a problem document, or "". It contains no data of the request (RFC 9457: it does not change
// from occurrence to occurrence), so it is logged even where payloads are not.
func (r response) title() string {
	var problem struct{ Title string }
	if r.Header.Get("Content-Type") == "application/problem+json" {
		_ = json.Unmarshal(r.Body, &problem) // without a title there is none to show
	}
	return problem.Title
}

func (r response) committable() bool { return r.Status >= 200 && r.Status < 300 }

// Record lets a handler answer a request, and returns the answer.
func Record(handler http.Handler, r *http.Request) (status int, header http.Header, body []byte) {
	w := newRecorder()
	handler.ServeHTTP(w, r)
	answer := w.response()
	return answer.Status, answer.Header, answer.Body
}

// recorder is a response writer that holds the response back.
type recorder struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func newRecorder() *recorder { return &recorder{header: http.Header{}} }

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK { // informational responses are not recorded
		r.status = status
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}

func (r *recorder) response() response {
	r.WriteHeader(http.StatusOK)
	return response{Status: r.status, Header: r.header, Body: r.body.Bytes()}
}
