package history

import (
	"fmt"
	"net/http"
	"strconv"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/web"
)

// page is the answer to List.
type page struct {
	Orders []*Order `json:"orders"`
	Next   string   `json:"next"` // ?after= of the next page; "" on the last
}

// defaultLimit is how many orders a page has if the request doesn't say.
const defaultLimit = 20

// List handles GET /customers/{id}/orders?limit=20&after=…: a page of a customer's orders, newest first.
func List(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
	limit := defaultLimit
	if text := r.URL.Query().Get("limit"); text != "" {
		var err error
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > eventing.MaxPage {
			web.Problem(w, http.StatusBadRequest, "The limit is invalid", fmt.Sprintf("It must be a number from 1 to %d.", eventing.MaxPage), nil)
			return nil
		}
	}
	orders, next, err := eventing.Find[Order](r.Context(), tx, eventing.Query{
		Index: "customer", Value: r.PathValue("id"), Newest: true, Limit: limit, After: r.URL.Query().Get("after"),
	})
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, page{orders, next})
}
