package console

import (
	"encoding/json"
	"net/http"

	"example.com/troupe/scripts/internal/console/drawing"
	"example.com/troupe/scripts/internal/surge"
)

// surgeView is a surge for the page: its numbers, and what they mean in a line.
type surgeView struct {
	*surge.Run
	Expected float64 `json:"expected"` // seconds that it takes
	Scaled   string  `json:"scaled"`
}

// takeSurge takes the present state of a surge from make surge. The newest replaces the one before.
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

// getSurge answers with the newest surge, or with nothing where there was none.
func (c *Console) getSurge(w http.ResponseWriter, _ *http.Request) {
	run := c.surge.Load()
	if run == nil {
		answer(w, http.StatusOK, nil)
		return
	}
	answer(w, http.StatusOK, surgeView{run, run.Expected(), run.Scaled()})
}

// drawSurge draws it for a width in pixels.
func (c *Console) drawSurge(w http.ResponseWriter, r *http.Request) {
	run := c.surge.Load()
	if run == nil {
		problem(w, http.StatusNotFound, "There was no surge yet: make surge plays one.")
		return
	}
	alone, saveAs := exported(r, "surge")
	svg(w, drawing.Surge(run, float64(max(300, number(r, "width", 1000, 4000))), alone), saveAs)
}
