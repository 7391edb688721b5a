// Package api is checkout's HTTP API: JSON in, JSON or a problem document out.
package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"example.com/troupe/services/checkout/internal/order"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/web"
)

// Accepted is the response to a placed order; the order's state can be read at URL.
type Accepted struct {
	OrderID    string `json:"orderId"`
	URL        string `json:"url"`
	TotalCents int    `json:"totalCents"`
	Currency   string `json:"currency"`
}

// PlaceOrder returns the unit of work behind POST /orders.
func PlaceOrder(desk *order.Desk) web.Handler {
	return func(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
		var request order.Request
		decoder := json.NewDecoder(r.Body)
		decoder.DisallowUnknownFields() // a misspelt field is an error that the client should see
		if err := decoder.Decode(&request); err != nil {
			web.Problem(w, http.StatusBadRequest, "The request is not an order", err.Error(), nil)
			return nil
		}
		placed, err := desk.Place(tx, request)
		if invalid, ok := errors.AsType[*order.InvalidError](err); ok {
			web.Problem(w, http.StatusBadRequest, "The order is invalid", invalid.Error(), map[string]any{"problems": invalid.Problems})
			return nil
		}
		if err != nil {
			return err
		}
		url := "/orders/" + placed.OrderID
		w.Header().Set("Location", url)
		return web.JSON(w, http.StatusAccepted, Accepted{
			OrderID: placed.OrderID, URL: url, TotalCents: placed.TotalCents, Currency: placed.Currency,
		})
	}
}
