// Command webhook is the warehouse as it is without a queue before it: the same dock and the same database behind an
// HTTP route that takes one event a request. make surge shows what becomes of it; it is deployed nowhere.
package main

import (
	_ "embed"
	"encoding/json"
	"io"
	"net/http"

	"example.com/troupe/events"
	"example.com/troupe/events/orders"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/kit/inbox/sqlstore"
	"example.com/troupe/services/warehouse/internal/dock"
	"example.com/troupe/services/warehouse/internal/jobs"
)

//go:embed service.json
var manifest []byte

func main() {
	host.Main(manifest, func(rt *host.Runtime) {
		shipping := &dock.Dock{Jobs: jobs.Table{}, Carriers: map[string]string{"eu": "kolibri", "us": "pelican"}}
		rt.HandleUnit("POST /jobs", ship(shipping))
	}, host.WithStore(sqlstore.Opener(jobs.Schema)))
}

// ship does for a request what the warehouse does for a message.
func ship(shipping *dock.Dock) host.UnitHandler {
	return func(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		var request orders.FulfilmentRequested
		envelope, err := events.Decode(body)
		if err == nil {
			err = json.Unmarshal(envelope.Data, &request)
		}
		if err != nil {
			host.Problem(w, http.StatusBadRequest, "The request is no event", err.Error(), nil)
			return nil
		}
		if err := shipping.Ship(r.Context(), tx, request); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
}
