package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// Problem answers with an RFC 9457 problem document. Extensions are further members
// of the document; nil for none.
func Problem(w http.ResponseWriter, status int, title, detail string, extensions map[string]any) {
	document := map[string]any{"type": "about:blank"}
	maps.Copy(document, extensions)
	document["title"], document["status"] = title, status
	if detail != "" {
		document["detail"] = detail
	}
	if id := w.Header().Get(headerCorrelation); id != "" {
		document["correlationId"] = id
	}
	if err := write(w, status, "application/problem+json", document); err != nil {
		http.Error(w, title, status) // an extension that is no JSON
	}
}

// JSON answers with a document.
func JSON(w http.ResponseWriter, status int, document any) error {
	return write(w, status, "application/json", document)
}

// Fail answers a request that failed through no fault of its client, and logs why: the
// client learns only whether to try again (503), and what to quote when it asks.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	slog.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	unavailable(w, err)
}

func unavailable(w http.ResponseWriter, err error) {
	after, temporary := temporarily(err)
	if !temporary {
		Problem(w, http.StatusInternalServerError, "Something went wrong here",
			"The request had no effect. Trying again may not help.", nil)
		return
	}
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
	Problem(w, http.StatusServiceUnavailable, "Not possible right now",
		"Send the same request again, with the same Idempotency-Key.", nil)
}

// temporarily tells whether a failure is likely to be over soon, and when.
func temporarily(err error) (after time.Duration, temporary bool) {
	if later, ok := errors.AsType[*eventing.RetryAfterError](err); ok {
		return later.After, true
	}
	for _, target := range []error{context.DeadlineExceeded, context.Canceled, inbox.ErrConflict, errUnpublished} {
		if errors.Is(err, target) {
			return time.Second, true
		}
	}
	return 0, false
}

// write sends a document in one piece with its length, or nothing and an error.
func write(w http.ResponseWriter, status int, contentType string, document any) error {
	body, err := json.Marshal(document)
	if err != nil {
		return fmt.Errorf("encode response: %w", err)
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, err = w.Write(append(body, '\n'))
	return err
}
