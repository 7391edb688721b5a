package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"example.com/localcloud/faults"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
)

// called are the AWS services that the troupe's services call, from which a user chooses the calls that fail.
var called = []string{"dynamodb", "events", "sns", "sqs"}

// faultView is a fault injected into the local cloud.
type faultView struct {
	ID      string      `json:"id"`
	Service string      `json:"service,omitempty"` // of the troupe; "" means all
	Kind    faults.Kind `json:"kind"`
	What    string      `json:"what"` // what it does, in words
	Strikes int         `json:"strikes"`
	Over    bool        `json:"over,omitempty"` // its count is used up
}

// faultsView contains the active faults and the possible ones.
type faultsView struct {
	Available bool                     `json:"available"` // faults can be injected
	Kinds     map[string][]faults.Kind `json:"kinds"`     // by service
	Called    []string                 `json:"called"`
	Faults    []faultView              `json:"faults"`
}

func (c *Console) getFaults(w http.ResponseWriter, r *http.Request) {
	defer c.asked.Add(1)
	view := faultsView{Available: c.options.Faults != nil, Kinds: map[string][]faults.Kind{}, Called: called, Faults: []faultView{}}
	for _, m := range c.scene.Load().declared.Manifests {
		view.Kinds[m.Name] = inject.Kinds(m)
	}
	if view.Available {
		var err error
		if view.Faults, err = c.lookAtFaults(r.Context()); err != nil {
			problem(w, http.StatusBadGateway, err.Error())
			return
		}
	}
	answer(w, http.StatusOK, view)
}

// faultNames returns the names of the troupe's resources in the local cloud.
func (c *Console) faultNames() topology.Names {
	return topology.Names{Project: stack.Project, Env: c.options.Env}
}

func (c *Console) lookAtFaults(ctx context.Context) ([]faultView, error) {
	listed, err := c.options.Faults.List(ctx)
	views := make([]faultView, len(listed))
	for i, f := range listed {
		views[i] = faultView{
			ID: f.Id, Service: inject.Service(c.faultNames(), f.Fault), Kind: f.Kind,
			What: inject.Describe(c.faultNames(), f), Strikes: f.Strikes, Over: f.Over,
		}
	}
	return views, err
}

// wished is a fault that the page requests.
type wished struct {
	Service string      `json:"service"` // of the troupe
	Kind    faults.Kind `json:"kind"`
	Called  string      `json:"called"`    // AWS service; "" means any
	Rate    *float64    `json:"rate"`      // 0 to 1
	Latency int         `json:"latencyMs"` // for kinds with a latency
}

// putFault injects a fault into a service.
func (c *Console) putFault(w http.ResponseWriter, r *http.Request) {
	var wish wished
	if err := json.NewDecoder(r.Body).Decode(&wish); err != nil {
		problem(w, http.StatusBadRequest, "The body of the request isn't a fault: "+err.Error())
		return
	}
	if !c.injects(w) {
		return
	}
	for _, m := range c.scene.Load().declared.Manifests {
		if m.Name != wish.Service {
			continue
		}
		f, err := inject.Into(c.faultNames(), m, faults.Fault{Kind: wish.Kind, Service: wish.Called, Rate: wish.Rate, LatencyMs: wish.Latency})
		if err == nil {
			err = c.options.Faults.Put(r.Context(), f)
		}
		c.refused(w, err)
		return
	}
	problem(w, http.StatusNotFound, "There is no service "+wish.Service+".")
}

func (c *Console) takeOff(w http.ResponseWriter, r *http.Request) {
	if c.injects(w) {
		c.refused(w, c.options.Faults.Delete(r.Context(), r.PathValue("id")))
	}
}

// injects reports whether faults can be injected. If not, it responds so.
func (c *Console) injects(w http.ResponseWriter) bool {
	if c.options.Faults == nil {
		problem(w, http.StatusNotFound, "Faults can only be injected into the local cloud of make up.")
	}
	return c.options.Faults != nil
}

// refused responds to an injection: with err, or with success if it is nil.
func (c *Console) refused(w http.ResponseWriter, err error) {
	_, invalid := errors.AsType[*inject.RefusedError](err)
	_, impossible := errors.AsType[*inject.KindError](err)
	switch {
	case err == nil:
		answer(w, http.StatusAccepted, struct{}{})
	case invalid || impossible:
		problem(w, http.StatusUnprocessableEntity, err.Error())
	default:
		problem(w, http.StatusBadGateway, err.Error())
	}
}
