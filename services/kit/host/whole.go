package host

import (
	"bytes"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// maxWhole is how much of a request is read before it is sent. The services' own are smaller.
const maxWhole = 2 << 20

// wholeRequests is an HTTP client that sends a request's head and body in one write. The SDK's bodies are of
// a kind that net/http does not know, so that it sends the head by itself, in case the body is slow to come:
// twice the system calls and packets. It also takes a body that is closed early for one that failed,
// and closes the connection with the answer on it, which happens once in some 2,000 calls on a fast network.
type wholeRequests struct{ client aws.HTTPClient }

// Do sends a request.
func (c wholeRequests) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.ContentLength > 0 && r.ContentLength <= maxWhole {
		body := bytes.NewBuffer(make([]byte, 0, r.ContentLength))
		if _, err := body.ReadFrom(r.Body); err != nil {
			return nil, err
		}
		r = r.WithContext(r.Context()) // a copy: the caller closes its own body
		r.Body = io.NopCloser(body)
	}
	return c.client.Do(r)
}
