package cloud

import (
	"bytes"
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
// On a fast network aws-sdk-go-v2 closes its connection now and then while it reads an
// answer: it closes the request's body as soon as the answer's header is there, at which net/http,
// about to look whether the body has more, takes the write for failed. What did not come with the header's
// read is lost, about once in 2,000 calls here, and the SDK asks again. To receive messages
// again would leave the lost ones invisible until their timeout; so a retry, which carries the
// invocation's id, gets the answer that it lost.
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
	body   bytes.Buffer
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	a.body.Write(p)
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
	if known := s.find(id); known != nil && !strings.HasPrefix(r.Header.Get("Amz-Sdk-Request"), "attempt=1;") {
		for name, values := range known.header {
			w.Header()[name] = values
		}
		_, _ = w.Write(known.body.Bytes())
		return
	}
	a := &answer{ResponseWriter: w}
	handler.ServeHTTP(a, r)
	if a.status == http.StatusOK && a.body.Len() > clientBuffer/2 { // the header has its share
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
	for s.bytes += a.body.Len(); s.bytes > maxAnswers; s.order = s.order[1:] {
		s.bytes -= s.answers[s.order[0]].body.Len()
		delete(s.answers, s.order[0])
	}
}
