package host

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"example.com/troupe/events"
)

const (
	headerKey         = "Idempotency-Key"
	headerReplayed    = "Idempotency-Replayed"
	headerCorrelation = "X-Correlation-Id"

	maxRequestBody = 1 << 20 // bytes
	maxKey         = 255     // characters of an idempotency key
	maxCorrelation = 128     // characters of a correlation id
)

// unitRequest is a request that asks for a unit of work.
type unitRequest struct {
	pattern     string
	id          string // derived from the idempotency key: what the events have as their cause
	key         string // of the unit of work
	fingerprint string // what another request with the same idempotency key differs in
	body        []byte
	http        *http.Request
}

// refusal is a request that cannot be accepted as it is.
type refusal struct {
	status        int
	title, detail string
}

func (r *refusal) Error() string { return r.title + ": " + r.detail }

// readUnitRequest reads a request whole. With a *refusal it is filled in as far as its
// step needs.
func readUnitRequest(w http.ResponseWriter, r *http.Request, service, pattern string) (unitRequest, error) {
	request := unitRequest{pattern: pattern, id: events.NewID(), http: r}
	key, err := idempotencyKey(r)
	if err != nil {
		return request, err
	}
	request.id = events.DeriveID(key, service+"/"+pattern, 0)
	request.key = "http/" + pattern + " " + short(key)
	request.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBody))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return request, &refusal{http.StatusRequestEntityTooLarge, "The request is too large",
			fmt.Sprintf("It may have %d bytes.", tooLarge.Limit)}
	}
	if err != nil {
		return request, &refusal{http.StatusBadRequest, "The request is not complete", err.Error()}
	}
	request.fingerprint = digest([]byte(r.Method), []byte(r.URL.Path), request.body)
	return request, nil
}

// idempotencyKey returns the client's key, or a random one: without it nothing is
// known of repeats.
func idempotencyKey(r *http.Request) (string, error) {
	switch values := r.Header.Values(headerKey); {
	case len(values) == 0:
		return events.NewID(), nil
	case len(values) == 1 && visible(values[0], maxKey) && !strings.Contains(values[0], ","):
		return values[0], nil
	}
	return "", &refusal{http.StatusBadRequest, "The idempotency key is invalid",
		fmt.Sprintf("Send %s once, with 1 to %d visible ASCII characters and no comma; a UUID is best.", headerKey, maxKey)}
}

// again returns the request as it came, with its body to be read anew: a unit of work
// may run more than once.
func (u unitRequest) again(ctx context.Context) *http.Request {
	r := u.http.WithContext(ctx)
	r.Body = io.NopCloser(bytes.NewReader(u.body))
	return r
}

// correlation returns the client's correlation id if it is one, or the fallback.
func correlation(r *http.Request, fallback string) string {
	if id := r.Header.Get(headerCorrelation); visible(id, maxCorrelation) {
		return id
	}
	return fallback
}

// visible tells whether a text has 1 to limit characters of ASCII, none of them blank.
func visible(text string, limit int) bool {
	blank := func(r rune) bool { return r <= ' ' || r > '~' }
	return text != "" && len(text) <= limit && !strings.ContainsFunc(text, blank)
}

// short returns a key that is no longer than a digest: what stands in the store's key.
// A digest is longer than every key that is taken as it is, so the two never meet.
func short(key string) string {
	if len(key) < 2*sha256.Size {
		return key
	}
	return digest([]byte(key))
}

func digest(parts ...[]byte) string {
	hash := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(hash, "%d:", len(part)) // so that no two lists of parts are the same text
		hash.Write(part)
	}
	return hex.EncodeToString(hash.Sum(nil))
}
