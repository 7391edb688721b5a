package console

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/console/drawing"
	"example.com/troupe/scripts/internal/console/record"
)

// The maximum and the default number of executions on a page.
const (
	mostListed    = 200
	usuallyListed = 50
)

func (c *Console) getMap(w http.ResponseWriter, _ *http.Request) {
	view := c.scene.Load().view()
	view.Env, view.Write, view.API = c.options.Env, c.options.Write, c.options.API != ""
	answer(w, http.StatusOK, view)
}

// getScore draws the map for a width in pixels.
func (c *Console) getScore(w http.ResponseWriter, r *http.Request) {
	width := number(r, "width", 1200, 4000)
	alone, saveAs := exported(r, "map")
	svg(w, drawing.Score(c.scene.Load().drawn, float64(width), alone), saveAs)
}

func (c *Console) listExecutions(w http.ResponseWriter, r *http.Request) {
	query, err := asked(r.URL.Query(), time.Now())
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	query.Limit = number(r, "limit", usuallyListed, mostListed)
	answer(w, http.StatusOK, c.store.List(query))
}

// asked parses the selection of executions. It refuses what it doesn't know, rather than select something else.
func asked(values url.Values, now time.Time) (record.Query, error) {
	before, _ := strconv.ParseUint(values.Get("before"), 10, 64) // 0 begins with the first
	q := record.Query{
		Text: values.Get("q"), State: record.State(values.Get("state")), Outcome: schema.Outcome(values.Get("outcome")),
		Sort: record.Sort(values.Get("sort")), Before: before,
	}
	for _, err := range []error{known("state", q.State, record.States), known("outcome", q.Outcome, record.Outcomes), known("sort", q.Sort, record.Sorts)} {
		if err != nil {
			return q, err
		}
	}
	from, to := values.Get("from"), values.Get("to")
	if from == "" && to == "" {
		return q, nil
	}
	period, err := archive.ParseRange(cmp.Or(from, "1970-01-01T00:00:00Z"), cmp.Or(to, "now"), now)
	q.Since = period.From
	if to != "" {
		q.Until = period.To
	}
	return q, err
}

// known returns an error if a parameter has a value that isn't in a list; without a value, it doesn't select.
func known[T ~string](name string, value T, list []T) error {
	if value == "" || slices.Contains(list, value) {
		return nil
	}
	return fmt.Errorf("there is no %s %q: it is one of %s", name, value, strings.Trim(fmt.Sprint(list), "[ ]"))
}

func (c *Console) getExecution(w http.ResponseWriter, r *http.Request) {
	if e := c.execution(w, r); e != nil {
		if _, saveAs := exported(r, "execution"); saveAs != "" {
			w.Header().Set("Content-Disposition", `attachment; filename="execution.json"`)
		}
		answer(w, http.StatusOK, e)
	}
}

func (c *Console) getDiagram(w http.ResponseWriter, r *http.Request) {
	if e := c.execution(w, r); e != nil {
		alone, saveAs := exported(r, "execution")
		svg(w, drawing.Diagram(e, alone), saveAs)
	}
}

// execution returns the execution in the path, or responds that it is unknown.
func (c *Console) execution(w http.ResponseWriter, r *http.Request) *record.Execution {
	id := r.PathValue("id")
	e, found := c.store.Execution(id)
	if !found {
		problem(w, http.StatusNotFound, fmt.Sprintf("No execution %s is known: the console keeps the newest %d.", id, c.options.Limits.Executions))
		return nil
	}
	return e
}

// exported returns whether a drawing must stand alone (?alone), and the name to save it under (?download).
func exported(r *http.Request, name string) (alone bool, saveAs string) {
	query := r.URL.Query()
	if query.Has("download") {
		return true, name + ".svg"
	}
	return query.Has("alone"), ""
}

// number parses a parameter between 1 and most, with a default.
func number(r *http.Request, name string, usual, most int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 1 {
		return usual
	}
	return min(n, most)
}
