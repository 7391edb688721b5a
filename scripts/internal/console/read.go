package console

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/console/drawing"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
)

// The maximum and the default number of executions on a page.
const (
	mostListed    = 200
	usuallyListed = 50
)

func (c *Console) getMap(w http.ResponseWriter, _ *http.Request) {
	view := c.scene.Load().view()
	view.Env, view.Write, view.API, view.Publish = c.options.Env, c.options.Write, c.options.API, c.publishCommand()
	view.Documents = c.showsDocuments()
	answer(w, http.StatusOK, view)
}

// publishCommand returns the command that publishes events where this console does.
func (c *Console) publishCommand() string {
	command := "go run ./scripts/publish"
	if c.options.Env != stack.Env {
		return command + " -env " + c.options.Env
	}
	if at := aws.ToString(c.scene.Load().target.Config.BaseEndpoint); at != endpoint.Local {
		command += " -endpoint " + at
	}
	return command
}

// getScore draws the map for a width in pixels.
func (c *Console) getScore(w http.ResponseWriter, r *http.Request) {
	width := number(r, "width", 1200, 4000)
	alone, saveAs := exported(r, "map")
	svg(w, drawing.Score(c.scene.Load().drawn, float64(width), alone), saveAs)
}

func (c *Console) listExecutions(w http.ResponseWriter, r *http.Request) {
	query, err := selection(r.URL.Query(), time.Now())
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	query.Limit = number(r, "limit", usuallyListed, mostListed)
	answer(w, http.StatusOK, c.store.List(query))
}

// selection parses the selection of executions. It refuses what it doesn't know, rather than select something else.
func selection(values url.Values, now time.Time) (record.Query, error) {
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
		if r.URL.Query().Has("download") {
			w.Header().Set("Content-Disposition", `attachment; filename="`+fileName(e)+`.json"`)
		}
		answer(w, http.StatusOK, e)
	}
}

func (c *Console) getDiagram(w http.ResponseWriter, r *http.Request) {
	if e := c.execution(w, r); e != nil {
		alone, saveAs := exported(r, fileName(e))
		svg(w, drawing.Diagram(e, alone), saveAs)
	}
}

// execution returns the execution in the path, or responds that it is unknown.
func (c *Console) execution(w http.ResponseWriter, r *http.Request) *record.Execution {
	id := r.PathValue("id")
	e, found := c.store.Execution(id)
	if !found {
		problem(w, http.StatusNotFound, fmt.Sprintf("No execution %s is known: the console keeps the last %d MB of executions, and at most %d.", id, c.options.Limits.Bytes>>20, c.options.Limits.Executions))
		return nil
	}
	return e
}

// unfit are the characters that a file's name doesn't get.
var unfit = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// fileName returns the name of an exported execution, without its extension: its subject and its ID.
func fileName(e *record.Execution) string {
	const most = 100
	name := unfit.ReplaceAllString(strings.Trim(e.Subject+"-"+e.ID, "-"), "_")
	return strings.TrimLeft(name[:min(len(name), most)], ".")
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
