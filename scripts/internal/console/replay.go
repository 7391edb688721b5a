package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/archive"
)

// wantedReplay is a requested replay: what to replay, and to whom.
type wantedReplay struct {
	From    string `json:"from"` // as archive.ParseRange parses it
	To      string `json:"to"`
	Service string `json:"service"` // "" means all
}

// countedReplay is what a replay would do.
type countedReplay struct {
	archive.Range
	Services []string         `json:"services"` // that would receive the events
	Events   archive.Contents `json:"events"`
	Outside  []string         `json:"outside"` // events that people and webhooks would receive again
}

// replaying is the latest replay that this console started.
type replaying struct {
	name     string
	began    time.Time
	contents archive.Contents
}

// replayState is the state of a replay, and what services have done so far.
type replayState struct {
	archive.Replay
	Ended   bool             `json:"ended"`
	Results []archive.Result `json:"results"`
}

// getReplay counts the events of a replay.
func (c *Console) getReplay(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if counted, ok := c.count(w, r, wantedReplay{query.Get("from"), query.Get("to"), query.Get("service")}); ok {
		answer(w, http.StatusOK, counted)
	}
}

// count counts the events of a replay, or responds why it can't.
func (c *Console) count(w http.ResponseWriter, r *http.Request, wanted wantedReplay) (counted countedReplay, ok bool) {
	scene := c.scene.Load()
	held := archive.Of(scene.target)
	var err error
	if counted.Range, err = archive.ParseRange(wanted.From, wanted.To, time.Now()); err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return counted, false
	}
	counted.Services = held.Services()
	if wanted.Service != "" {
		if !slices.Contains(counted.Services, wanted.Service) {
			problem(w, http.StatusNotFound, fmt.Sprintf("%s subscribes to nothing on the bus; these do: %s.", wanted.Service, strings.Join(counted.Services, ", ")))
			return counted, false
		}
		counted.Services = []string{wanted.Service}
	}
	counted.Outside = archive.Outside(scene.declared, counted.Services)
	if counted.Events, err = held.Count(r.Context(), counted.Range, wanted.Service, func(int) {}); err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return counted, false
	}
	return counted, true
}

// startReplay starts a replay and responds with its name.
func (c *Console) startReplay(w http.ResponseWriter, r *http.Request) {
	var wanted wantedReplay
	if err := json.NewDecoder(r.Body).Decode(&wanted); err != nil {
		problem(w, http.StatusBadRequest, "The body of the request isn't JSON: "+err.Error())
		return
	}
	counted, ok := c.count(w, r, wanted)
	if !ok {
		return
	}
	began := time.Now()
	started, err := archive.Of(c.scene.Load().target).Start(r.Context(), counted.Range, wanted.Service)
	if err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return
	}
	c.replay.Store(&replaying{started.Name, began, counted.Events})
	answer(w, http.StatusAccepted, replayState{Replay: started, Results: []archive.Result{}})
}

// getReplayState responds with the state of the latest replay.
func (c *Console) getReplayState(w http.ResponseWriter, r *http.Request) {
	latest := c.replay.Load()
	if latest == nil || latest.name != r.PathValue("name") {
		problem(w, http.StatusNotFound, "This console did not start that replay, or has started another since.")
		return
	}
	now, err := archive.Of(c.scene.Load().target).Look(r.Context(), latest.name)
	if err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return
	}
	answer(w, http.StatusOK, replayState{now, now.Ended(), archive.Results(c.store.StepsSince(latest.began), latest.contents.IDs)})
}
