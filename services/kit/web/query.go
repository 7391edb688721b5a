package web

import (
	"errors"
	"net/http"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/unit"
)

// errWrites means that a handler writes on a route that only reads.
var errWrites = errors.New("the handler of a route that only reads saves or publishes: register it with HandleUnit")

// serveQuery answers a request that only reads.
func (rt *Router) serveQuery(w http.ResponseWriter, r *http.Request, route Route) {
	ctx, finish := rt.begin(w, r, route.Pattern, events.NewID(), nil)
	answer, err := rt.read(r.WithContext(ctx), w.Header().Get(headerCorrelation), route.Handler)
	if err != nil {
		answer = failed(ctx, err, route.Pattern, w.Header().Get(headerCorrelation))
	}
	answer.send(w)
	finish(err)
}

// read runs a handler in a unit of work that is never committed.
func (rt *Router) read(r *http.Request, correlation string, handle Handler) (answer response, err error) {
	defer unit.Recover(r.Context(), &err)
	tx := eventing.NewTx(rt.runner.Store)
	tx.Restrict(rt.runner.Manifest.Indexes)
	if answer, err = respond(tx, r, correlation, handle); err != nil {
		return answer, err
	}
	commit, err := tx.Commit()
	written := func(c eventing.Change) bool { return c.Body != nil }
	if len(commit.Record.Messages) > 0 || slices.ContainsFunc(commit.Changes, written) {
		err = errWrites
	}
	return answer, err
}

// respond runs a handler and returns its response.
func respond(tx *eventing.Tx, r *http.Request, correlation string, handle Handler) (response, error) {
	w := newRecorder()
	w.Header().Set(headerCorrelation, correlation)
	err := handle(tx, w, r)
	return w.response(), err
}
