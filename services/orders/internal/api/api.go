// Package api is the HTTP API of orders: an order as a document, and its cancellation.
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

// Cancel returns the unit of work behind DELETE /orders/{id}. It responds with 202 if the order will be cancelled
// unless something else is decided first, and with 200 once it is cancelled.
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

// status returns 202 while an order's cancellation is pending, and 200 once it is cancelled.
func status(asked *order.Order) int {
	if asked.Reason == "" {
		return http.StatusAccepted
	}
	return http.StatusOK
}

func unknown(w http.ResponseWriter, id string) {
	web.Problem(w, http.StatusNotFound, "No such order",
		"There is no order "+id+". An order that was placed a moment ago may not exist yet: try again.", nil)
}
