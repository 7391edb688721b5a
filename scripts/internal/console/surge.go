package console

import (
	"encoding/json"
	"net/http"

	"example.com/troupe/scripts/internal/console/drawing"
	"example.com/troupe/scripts/internal/surge"
)

// surgeView is a surge for the page: its numbers, and a summary in words.
type surgeView struct {
	*surge.Run
	Expected float64 `json:"expected"` // expected duration in seconds
	Scaled   string  `json:"scaled"`
}

// takeSurge receives the current state of a surge from make surge. It replaces the previous one.
func (c *Console) takeSurge(w http.ResponseWriter, r *http.Request) {
	run := &surge.Run{}
	if err := json.NewDecoder(r.Body).Decode(run); err != nil {
		problem(w, http.StatusBadRequest, "The body isn't a surge: "+err.Error())
		return
	}
	if err := run.Check(); err != nil {
		problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	c.surge.Store(run)
	c.hub.surge()
	w.WriteHeader(http.StatusNoContent)
}

// getSurge responds with the latest surge, or an empty view if there was none.
func (c *Console) getSurge(w http.ResponseWriter, _ *http.Request) {
	run := c.surge.Load()
	if run == nil {
		answer(w, http.StatusOK, nil)
		return
	}
	answer(w, http.StatusOK, surgeView{run, run.Expected(), run.Scaled()})
}

// drawSurge draws the surge for a width in pixels.
func (c *Console) drawSurge(w http.ResponseWriter, r *http.Request) {
	run := c.surge.Load()
	if run == nil {
		problem(w, http.StatusNotFound, "There has been no surge yet: make surge starts one.")
		return
	}
	alone, saveAs := exported(r, "surge")
	svg(w, drawing.Surge(run, float64(max(300, number(r, "width", 1000, 4000))), alone), saveAs)
}
