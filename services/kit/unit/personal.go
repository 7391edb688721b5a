package unit

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

// shortest is the length from which a personal value is hidden in texts, in bytes: replacing shorter ones would only make
// the texts unreadable.
const shortest = 3

// Personal returns the names of the members that hold personal data in a service's events, documents, requests and
// responses.
func Personal(m *manifest.Manifest) schema.Members {
	return slices.Concat(events.PersonalMembers(), m.Personal)
}

// Event returns an event's data for a step, and a context in which its personal values are hidden from logs and errors.
// The contract is nil if no handler takes the event: if the service has personal data, nothing is then shown of it.
func (r *Runner) Event(ctx context.Context, contract *events.Contract, data json.RawMessage, body string) (context.Context, json.RawMessage) {
	payload := []byte(data)
	if len(payload) == 0 {
		payload = []byte(body)
	}
	switch {
	case r.Shown:
		return ctx, r.quoted(payload)
	case contract == nil && len(r.personal) == 0:
		return ctx, r.quoted(payload)
	case contract == nil || len(data) == 0:
		return ctx, r.quoted([]byte(schema.Hidden))
	}
	shown, values := schema.Hide(contract, payload)
	return hiding(ctx, values), r.quoted(shown)
}

// Request returns a context in which the personal values of a request are hidden from logs and errors.
func (r *Runner) Request(ctx context.Context, body []byte) context.Context {
	if r.Shown || len(r.personal) == 0 {
		return ctx
	}
	_, values := r.personal.Hide(body)
	return hiding(ctx, values)
}

// hiding returns a context in which values are hidden: the longest first, since one may contain another.
func hiding(ctx context.Context, values []string) context.Context {
	about, _ := ctx.Value(correlationKey{}).(correlation)
	for _, value := range values {
		if len(value) >= shortest {
			about.values = append(about.values, value)
			if escaped := strings.Trim(strconv.Quote(value), `"`); escaped != value {
				about.values = append(about.values, escaped)
			}
		}
	}
	if len(about.values) == 0 {
		return ctx
	}
	slices.SortFunc(about.values, func(a, b string) int { return len(b) - len(a) })
	return context.WithValue(ctx, correlationKey{}, about)
}

// Scrub returns a text without the personal values of the event or request that the context is about.
func Scrub(ctx context.Context, text string) string {
	about, _ := ctx.Value(correlationKey{}).(correlation)
	for _, value := range about.values {
		text = strings.ReplaceAll(text, value, schema.Hidden)
	}
	return text
}

// scrubbedError returns an error whose text has no personal values: err itself if it has none.
func scrubbedError(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if text := Scrub(ctx, err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// scrubbed returns a log record without personal values.
func scrubbed(ctx context.Context, record slog.Record) slog.Record {
	clean := slog.NewRecord(record.Time, record.Level, Scrub(ctx, record.Message), record.PC)
	record.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(scrubbedAttr(ctx, a))
		return true
	})
	return clean
}

func scrubbedAttr(ctx context.Context, a slog.Attr) slog.Attr {
	value := a.Value.Resolve()
	switch value.Kind() {
	case slog.KindGroup:
		inside := slices.Clone(value.Group())
		for i := range inside {
			inside[i] = scrubbedAttr(ctx, inside[i])
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(inside...)}
	case slog.KindAny:
		text, err := json.Marshal(value.Any())
		if failure, is := value.Any().(error); is || err != nil {
			if !is {
				return slog.String(a.Key, Scrub(ctx, value.String()))
			}
			return slog.String(a.Key, Scrub(ctx, failure.Error()))
		}
		if clean := Scrub(ctx, string(text)); clean != string(text) {
			return slog.String(a.Key, clean)
		}
		return a
	case slog.KindString, slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		if text := value.String(); Scrub(ctx, text) != text {
			return slog.String(a.Key, Scrub(ctx, text))
		}
	}
	return a
}
