package web

import (
	"bytes"
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
