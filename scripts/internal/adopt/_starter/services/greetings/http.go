package main

import (
	"encoding/json"
	"net/http"

	"example.com/troupe/services/greetings/internal/greeting"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
)

// request is the unit of work behind POST /greetings.
func request(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Name string `json:"name"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || !greeting.ValidName(body.Name) {
		host.Problem(w, http.StatusBadRequest, "The request is not a greeting", "Send a name of 1 to 100 characters.", nil)
		return nil
	}
	requested := greeting.Request(tx, body.Name)
	w.Header().Set("Location", "/greetings/"+requested.GreetingID)
	return host.JSON(w, http.StatusAccepted, map[string]string{"greetingId": requested.GreetingID})
}

// show is the handler behind GET /greetings/{id}.
func show(state eventing.State) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found := &greeting.Greeting{ID: r.PathValue("id")}
		known, err := eventing.NewTx(state, eventing.Cause{}).Load(r.Context(), found)
		switch {
		case err != nil:
			host.Fail(w, r, err)
		case !known:
			host.Problem(w, http.StatusNotFound, "No such greeting", "One that was asked for a moment ago may not be known yet.", nil)
		default:
			_ = host.JSON(w, http.StatusOK, found)
		}
	})
}
