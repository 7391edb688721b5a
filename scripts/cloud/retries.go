package cloud

import (
	"bytes"
	"maps"
	"net/http"
	"strings"
	"sync"
)

const (
	clientBuffer = 4 << 10 // bytes that Go's HTTP client reads at once
	maxResponses = 4 << 20 // bytes of responses kept for retries, which come within seconds; the latest is always kept
)

// retries keeps the latest large responses for clients that ask again.
//
// On a fast network, aws-sdk-go-v2 now and then closes its connection while it reads a response. It passes net/http a
// request body of a type that net/http does not know, so net/http sends the body in a separate write, and afterwards
// checks once more for the end of the body. By then the response may have arrived, and smithy-go closes the body as
// soon as it has the response's header. net/http treats that as a failed write and closes the connection. Whatever
// did not arrive together with the header is lost, in about one of 2,000 calls here, and the SDK retries. All of this
// happens after the client has sent its last byte, so a server cannot prevent it. To receive messages again would
// leave the lost ones invisible until their timeout. So a retry, which has the same invocation id, gets the response
// that was lost.
type retries struct {
	mu        sync.Mutex
	responses map[string]*response
	order     []string // ids of the responses, oldest first
	bytes     int
}

// response is a response in progress, and later its record.
type response struct {
	http.ResponseWriter
	status int
	header http.Header
	body   []byte // only if it is large
}

func (a *response) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

func (a *response) Write(p []byte) (int, error) {
	if len(p) > clientBuffer/2 { // leaves room for the header; wire.Respond writes a response at once
		a.body = bytes.Clone(p)
	}
	return a.ResponseWriter.Write(p)
}

func (a *response) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// serve runs the handler, unless the request is a retry whose response is recorded.
func (s *retries) serve(w http.ResponseWriter, r *http.Request, key string, handler http.Handler) {
	id := r.Header.Get("Amz-Sdk-Invocation-Id")
	if id == "" {
		handler.ServeHTTP(w, r)
		return
	}
	id = key + " " + id
	if !strings.HasPrefix(r.Header.Get("Amz-Sdk-Request"), "attempt=1;") {
		if known := s.find(id); known != nil {
			maps.Copy(w.Header(), known.header)
			_, _ = w.Write(known.body)
			return
		}
	}
	a := &response{ResponseWriter: w}
	handler.ServeHTTP(a, r)
	if a.status == http.StatusOK && a.body != nil {
		a.header, a.ResponseWriter = w.Header().Clone(), nil
		s.keep(id, a)
	}
}

func (s *retries) find(id string) *response {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.responses[id]
}

func (s *retries) keep(id string, a *response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.responses == nil {
		s.responses = map[string]*response{}
	}
	if s.responses[id] != nil {
		return
	}
	s.responses[id], s.order = a, append(s.order, id)
	for s.bytes += len(a.body); s.bytes > maxResponses && len(s.order) > 1; s.order = s.order[1:] {
		s.bytes -= len(s.responses[s.order[0]].body)
		delete(s.responses, s.order[0])
	}
}
