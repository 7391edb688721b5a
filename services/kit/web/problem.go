package web

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

	"example.com/troupe/events/schema"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/unit"
)

// Problem answers with a problem document (RFC 9457). Extensions are further members of
// the document, or nil.
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
		http.Error(w, title, status) // an extension can't be encoded
	}
}

// JSON answers with a document.
func JSON(w http.ResponseWriter, status int, document any) error {
	return write(w, status, "application/json", document)
}

// write sends a document, or nothing and an error.
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

// failed returns the answer to a request that failed with an error. If that may not be the
// client's mistake it is logged: the client learns only whether to try again (503), and
// what to quote when it asks. An event that breaks its contract is a request that its handler
// should have refused: the client learns which of the event's fields it was.
func failed(ctx context.Context, err error, pattern, correlation string) response {
	w := newRecorder()
	w.Header().Set(headerCorrelation, correlation)
	if refused, ok := errors.AsType[*refusal](err); ok {
		Problem(w, refused.status, refused.title, refused.detail, nil)
		return w.response()
	}
	if errors.Is(err, eventing.ErrCursor) {
		Problem(w, http.StatusBadRequest, "The cursor is invalid", "Use one that was returned for the same query, or none for the first page.", nil)
		return w.response()
	}
	slog.ErrorContext(ctx, "request failed", "handler", pattern, "error", err)
	if invalid, ok := errors.AsType[*schema.InvalidError](err); ok {
		Problem(w, http.StatusBadRequest, "The request is invalid", "What would follow from it breaks "+invalid.Type+".", map[string]any{"problems": fields(invalid)})
		return w.response()
	}
	if after, temporary := temporary(err); temporary {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
		Problem(w, http.StatusServiceUnavailable, "Not possible right now", "Send the same request again, with the same Idempotency-Key.", nil)
	} else {
		Problem(w, http.StatusInternalServerError, "Something went wrong here", "The request had no effect. Trying again may not help.", nil)
	}
	return w.response()
}

// field is one thing that is wrong with a request.
type field struct {
	Field  string `json:"field"` // JSON pointer
	Detail string `json:"detail"`
}

// fields returns what is wrong with the event that a request would publish. Its fields are
// mostly named as the request's.
func fields(invalid *schema.InvalidError) (fields []field) {
	for _, v := range invalid.Violations {
		fields = append(fields, field{v.Place, "must be " + v.Expected})
	}
	return fields
}

// temporary reports whether a failure is likely to be over soon, and when.
func temporary(err error) (after time.Duration, temporary bool) {
	if later, ok := errors.AsType[*eventing.RetryAfterError](err); ok {
		return later.After, true
	}
	if _, permanent := errors.AsType[*eventing.PermanentError](err); permanent {
		return 0, false
	}
	for _, target := range []error{context.DeadlineExceeded, context.Canceled, inbox.ErrConflict, unit.ErrUnpublished, eventing.ErrStore} {
		if errors.Is(err, target) {
			return time.Second, true
		}
	}
	return 0, false
}
