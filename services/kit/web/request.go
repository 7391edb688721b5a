package web

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
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/unit"
)

const (
	maxRequestBody = 1 << 20 // bytes
	maxKey         = 255     // characters of an idempotency key
)

// request is a request for a unit of work.
type request struct {
	id          string // derived from the idempotency key and who sent it: the cause of the events
	key         string // of the unit of work
	fingerprint string // tells apart requests with the same idempotency key
	body        []byte
	http        *http.Request
}

// refusal means that a request is the client's mistake.
type refusal struct {
	status        int
	title, detail string
}

func (r *refusal) Error() string { return r.title + ": " + r.detail }

// readRequest reads a whole request. With a *refusal it returns what the request's step
// needs.
func readRequest(w http.ResponseWriter, r *http.Request, service, pattern string) (request, error) {
	q := request{id: events.NewID(), http: r}
	key, err := idempotencyKey(r)
	if err != nil {
		return q, err
	}
	if who := principal(r); who != "" {
		key = digest([]byte(who), []byte(key))
	}
	q.id = events.DeriveID(key, service+"/"+pattern, 0)
	q.key = "http/" + pattern + " " + short(key)
	q.body, err = readBody(w, r)
	q.fingerprint = digest([]byte(r.Method), []byte(r.URL.EscapedPath()), []byte(r.URL.RawQuery), q.body)
	return q, err
}

// principalKey is the context's key of the principal.
type principalKey struct{}

// WithPrincipal says who makes a request: the subject that an authorizer has checked.
func WithPrincipal(ctx context.Context, subject string) context.Context {
	return context.WithValue(ctx, principalKey{}, subject)
}

// arrivalKey is the context's key of the time at which a request arrived.
type arrivalKey struct{}

// WithArrival says when a request arrived at the API in front of the service. It may have waited for the service's
// process since then.
func WithArrival(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, arrivalKey{}, at)
}

// waited returns how long a request has waited since it arrived, in milliseconds; 0 if that isn't known.
func waited(r *http.Request, now time.Time) float64 {
	at, known := r.Context().Value(arrivalKey{}).(time.Time)
	if !known || at.Unix() <= 0 {
		return 0
	}
	return max(0, unit.Milliseconds(now.Sub(at)))
}

// principal returns who makes a request, to whom its idempotency key belongs: the subject
// that an authorizer has checked, or else what the Authorization header says; "" for anyone.
func principal(r *http.Request) string {
	if subject, ok := r.Context().Value(principalKey{}).(string); ok {
		return "subject " + subject
	}
	if credentials := r.Header.Get("Authorization"); credentials != "" {
		return "authorization " + digest([]byte(credentials))
	}
	return ""
}

// readBody reads the body of a request, or returns a *refusal.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBody))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return body, &refusal{http.StatusRequestEntityTooLarge, "The request is too large", fmt.Sprintf("Send at most %d bytes.", tooLarge.Limit)}
	}
	if err != nil {
		return body, &refusal{http.StatusBadRequest, "The request is not complete", err.Error()}
	}
	return body, nil
}

// idempotencyKey returns the client's key or, if there is none, a random one.
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

// again returns the request with its body unread: a unit of work may run more than once.
func (q request) again(ctx context.Context) *http.Request {
	r := q.http.WithContext(ctx)
	r.Body = io.NopCloser(bytes.NewReader(q.body))
	return r
}

// short returns a key, or its digest if it is long. Keys that are kept as they are are shorter
// than any digest, so the two never collide.
func short(key string) string {
	if len(key) < 2*sha256.Size {
		return key
	}
	return digest([]byte(key))
}

func digest(parts ...[]byte) string {
	hash := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(hash, "%d:", len(part)) // so that different parts never make the same text
		hash.Write(part)
	}
	return hex.EncodeToString(hash.Sum(nil))
}
