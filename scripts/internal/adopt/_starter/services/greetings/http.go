package main

import (
	"encoding/json"
	"net/http"

	"example.com/troupe/services/greetings/internal/greeting"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/web"
)

// request handles POST /greetings.
func request(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Name string `json:"name"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || !greeting.ValidName(body.Name) {
		web.Problem(w, http.StatusBadRequest, "The request is not a greeting", "Send a name of 1 to 100 characters.", nil)
		return nil
	}
	requested := greeting.Request(tx, body.Name)
	w.Header().Set("Location", "/greetings/"+requested.GreetingID)
	return web.JSON(w, http.StatusAccepted, map[string]string{"greetingId": requested.GreetingID})
}

// show handles GET /greetings/{id}.
func show(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
	found := &greeting.Greeting{ID: r.PathValue("id")}
	known, err := tx.Load(r.Context(), found)
	if err != nil {
		return err
	}
	if !known {
		web.Problem(w, http.StatusNotFound, "No such greeting", "One that was requested a moment ago may not exist yet: try again.", nil)
		return nil
	}
	return web.JSON(w, http.StatusOK, found)
}
