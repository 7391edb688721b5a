package invariants

import (
	"context"
	"errors"
	"fmt"

	"example.com/troupe/services/kit/invariant"
)

// order is the document of an order in the service orders.
type order struct {
	ID         string `json:"orderId"`
	State      string // "pending", "confirmed", "shipped", "cancelled"
	Region     string
	TotalCents int
	Placed     bool
	History    []struct{ Event string }
}

// confirmed reports whether the order was confirmed: it must be paid and shipped.
func (o *order) confirmed() bool { return o.State == "confirmed" || o.State == "shipped" }

// served reports whether the warehouse ships to the order's region.
func (o *order) served() bool { return o.Region == "eu" || o.Region == "us" }

// due returns what the order costs in the end.
func (o *order) due() int {
	if !o.confirmed() {
		return 0
	}
	return o.TotalCents
}

type payment struct {
	State       string // "authorized", "declined", "refunded", "voided"
	AmountCents int
}

// history is the document of an order in the read model.
type history struct {
	State      string
	CustomerID string
}

type reservation struct {
	State string // "reserved", "rejected", "released", "voided"
	Lines []struct {
		SKU      string
		Quantity int
	}
}

type level struct{ Free, Reserved int }

// read reads the services' stores.
func (c *checker) read() (err error) {
	if c.orders, err = invariant.Documents[*order](c.World, "orders", "order/"); err != nil {
		return err
	}
	if c.histories, err = invariant.Documents[history](c.World, "history", "order/"); err != nil {
		return err
	}
	if c.payments, err = invariant.Documents[payment](c.World, "payments", "payment/"); err != nil {
		return err
	}
	if c.reservations, err = invariant.Documents[*reservation](c.World, "inventory", "reservation/"); err != nil {
		return err
	}
	if c.levels, err = invariant.Documents[level](c.World, "inventory", "stock/"); err != nil {
		return err
	}
	return c.readShipments()
}

// readShipments counts the warehouse's jobs.
func (c *checker) readShipments() error {
	c.shipments = map[string]int{}
	database := c.Databases["warehouse"]
	if database == nil {
		return errors.New("the warehouse's database does not exist")
	}
	rows, err := database.QueryContext(context.Background(), "SELECT order_id, count(*) FROM jobs GROUP BY order_id")
	if err != nil {
		return fmt.Errorf("read the warehouse's jobs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return err
		}
		c.shipments[id] = n
	}
	return rows.Err()
}
