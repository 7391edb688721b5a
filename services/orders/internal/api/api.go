// Package api is the orders' HTTP: an order as a document, and its cancellation.
package api

import (
	"errors"
	"net/http"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/web"
	"example.com/troupe/services/orders/internal/order"
)

// Show handles GET /orders/{id}: an order's state and history.
func Show(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
	found := &order.Order{ID: r.PathValue("id")}
	known, err := tx.Load(r.Context(), found)
	if err != nil {
		return err
	}
	if !known {
		unknown(w, found.ID)
		return nil
	}
	return web.JSON(w, http.StatusOK, found)
}

// Cancel returns the unit of work behind DELETE /orders/{id}: 202 when the order will be cancelled if nothing else is
// decided first, 200 when it is.
func Cancel(book *order.Book) web.Handler {
	return func(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
		id := r.PathValue("id")
		asked, err := book.RequestCancellation(r.Context(), tx, id)
		switch {
		case errors.Is(err, order.ErrUnknown):
			unknown(w, id)
		case errors.Is(err, order.ErrTooLate):
			web.Problem(w, http.StatusConflict, "Too late to cancel",
				"The order is confirmed and on its way to the warehouse.", nil)
		case err != nil:
			return err
		default:
			return web.JSON(w, status(asked), asked)
		}
		return nil
	}
}

// status tells whether an order's cancellation is still to come.
func status(asked *order.Order) int {
	if asked.Reason == "" {
		return http.StatusAccepted
	}
	return http.StatusOK
}

func unknown(w http.ResponseWriter, id string) {
	web.Problem(w, http.StatusNotFound, "No such order",
		"There is no order "+id+". One that was placed a moment ago may not be known yet: ask again.", nil)
}
