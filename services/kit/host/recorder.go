package host

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
)

// response is an HTTP response as it is recorded, to be given to whoever repeats the
// request.
type response struct {
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// send answers with the response: with its length, and in one write.
func (r response) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.Header)
	w.Header().Set("Content-Length", strconv.Itoa(len(r.Body)))
	w.WriteHeader(r.Status)
	_, _ = w.Write(r.Body) // a client that has gone will ask again
}

func (r response) committable() bool { return r.Status >= 200 && r.Status < 300 }

func (r response) encode() ([]byte, error) { return json.Marshal(r) }

func decodeResponse(recorded []byte) (r response, err error) {
	if err := json.Unmarshal(recorded, &r); err != nil {
		return r, fmt.Errorf("decode the recorded response: %w", err)
	}
	return r, nil
}

// recorder is a response writer that holds the response back until its unit of work is
// committed and published.
type recorder struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func newRecorder() *recorder { return &recorder{header: http.Header{}} }

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK { // informational ones are not recorded
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
