package console

import (
	"context"
	"maps"
	"net/http"
	"slices"
)

// problemView is a service that doesn't run, and why.
type problemView struct {
	Service string `json:"service"`
	Problem string `json:"problem"`
}

func (c *Console) getProblems(w http.ResponseWriter, r *http.Request) {
	defer c.asked.Add(1)
	views, _ := c.lookAtProblems(r.Context())
	answer(w, http.StatusOK, views)
}

// lookAtProblems lists the services that don't run, sorted. It never fails.
func (c *Console) lookAtProblems(context.Context) ([]problemView, error) {
	views := []problemView{}
	if c.options.Problems == nil {
		return views, nil
	}
	problems := c.options.Problems()
	for _, service := range slices.Sorted(maps.Keys(problems)) {
		views = append(views, problemView{service, problems[service]})
	}
	return views, nil
}
