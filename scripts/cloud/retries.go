package cloud

import (
	"bytes"
	"maps"
	"net/http"
	"strings"
	"sync"
)

const (
	clientBuffer = 4 << 10  // bytes that Go's HTTP client takes in one read
	maxAnswers   = 16 << 20 // bytes of answers kept for retries
)

// retries keeps the latest large answers for clients that ask again.
//
// On a fast network aws-sdk-go-v2 closes its connection now and then while it reads an answer. The
// reader that it gives net/http as the request's body is of no kind that net/http knows, so the body leaves
// in a write of its own, after which net/http looks once more whether the body has an end. By then the
// answer may be there, and smithy-go closes the body as soon as it has the answer's header: net/http
// takes the write for failed and closes the connection. What did not come with the header's read is lost,
// about once in 2,000 calls here, and the SDK asks again. All of that happens after the last byte has left the
// client, so nothing that a server waits for keeps it from happening. To receive messages again would leave the lost ones
// invisible until their timeout; so a retry, which carries the invocation's id, gets the answer that it lost.
type retries struct {
	mu      sync.Mutex
	answers map[string]*answer
	order   []string // of the answers, oldest first
	bytes   int
}

// answer is a response on its way, and as it was.
type answer struct {
	http.ResponseWriter
	status int
	header http.Header
	body   []byte // of a large one
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if len(p) > clientBuffer/2 { // the header has its share; a response is one write: wire.Respond
		a.body = bytes.Clone(p)
	}
	return a.ResponseWriter.Write(p)
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// serve runs the handler, unless the request repeats one that was answered.
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
	a := &answer{ResponseWriter: w}
	handler.ServeHTTP(a, r)
	if a.status == http.StatusOK && a.body != nil {
		a.header, a.ResponseWriter = w.Header().Clone(), nil
		s.keep(id, a)
	}
}

func (s *retries) find(id string) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answers[id]
}

func (s *retries) keep(id string, a *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answers == nil {
		s.answers = map[string]*answer{}
	}
	if s.answers[id] != nil {
		return
	}
	s.answers[id], s.order = a, append(s.order, id)
	for s.bytes += len(a.body); s.bytes > maxAnswers; s.order = s.order[1:] {
		s.bytes -= len(s.answers[s.order[0]].body)
		delete(s.answers, s.order[0])
	}
}
