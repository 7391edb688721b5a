package console

import (
	"encoding/json"
	"net/http"

	"example.com/troupe/scripts/internal/console/drawing"
	"example.com/troupe/scripts/internal/cost"
)

// takeCost receives a report from make cost. It replaces the previous one.
func (c *Console) takeCost(w http.ResponseWriter, r *http.Request) {
	report := &cost.Report{}
	if err := json.NewDecoder(r.Body).Decode(report); err != nil || report.Usage == nil {
		problem(w, http.StatusBadRequest, "The body isn't a report of costs.")
		return
	}
	c.cost.Store(report)
	w.WriteHeader(http.StatusNoContent)
}

// getCost responds with the latest report, or with null if there was none.
func (c *Console) getCost(w http.ResponseWriter, _ *http.Request) {
	if report := c.cost.Load(); report != nil {
		answer(w, http.StatusOK, report)
		return
	}
	answer(w, http.StatusOK, nil)
}

// drawCost draws the report for a width in pixels.
func (c *Console) drawCost(w http.ResponseWriter, r *http.Request) {
	report := c.cost.Load()
	if report == nil {
		problem(w, http.StatusNotFound, "There is no report yet: make cost makes one.")
		return
	}
	alone, saveAs := exported(r, "cost")
	svg(w, drawing.Cost(report, float64(max(300, number(r, "width", 1000, 4000))), alone), saveAs)
}
