// Package notification notifies customers how their orders end. A shipment may arrive before the confirmation, which
// contains the customer; it then waits for the confirmation.
package notification

import (
	"context"
	"fmt"

	"example.com/troupe/events/notifications"
	"example.com/troupe/events/orders"
	"example.com/troupe/events/warehouse"
	"example.com/troupe/services/kit/eventing"
)

// Contact is the customer to notify about an order, and a notification that is still waiting.
type Contact struct {
	OrderID    string `json:"orderId"`
	CustomerID string `json:"customerId,omitempty"`
	Email      string `json:"email,omitempty"`
	Tracking   string `json:"tracking,omitempty"` // of a shipment that waits for the customer to be known
}

// Key returns the document's key.
func (c *Contact) Key() string { return "contact/" + c.OrderID }

// Desk notifies customers.
type Desk struct{}

// Confirmed notifies the customer that the order is confirmed, and that it has been shipped if that event arrived
// first.
func (d *Desk) Confirmed(ctx context.Context, tx *eventing.Tx, confirmed orders.OrderConfirmed) error {
	contact := &Contact{OrderID: confirmed.OrderID}
	if _, err := tx.Load(ctx, contact); err != nil {
		return err
	}
	contact.CustomerID, contact.Email = confirmed.CustomerID, confirmed.Email
	tx.Publish(contact.notification(notifications.NotifiedTemplateOrderConfirmed, "Your order is confirmed",
		fmt.Sprintf("We have received %d.%02d %s for your order %s.",
			confirmed.TotalCents/100, confirmed.TotalCents%100, confirmed.Currency, confirmed.OrderID)))
	if contact.Tracking != "" {
		tx.Publish(contact.shipped())
		contact.Tracking = ""
	}
	tx.Save(contact)
	return nil
}

// Cancelled notifies the customer why the order was cancelled.
func (d *Desk) Cancelled(_ context.Context, tx *eventing.Tx, cancelled orders.OrderCancelled) error {
	contact := &Contact{OrderID: cancelled.OrderID, CustomerID: cancelled.CustomerID, Email: cancelled.Email}
	tx.Publish(contact.notification(notifications.NotifiedTemplateOrderCancelled, "Your order is cancelled",
		fmt.Sprintf("Your order %s is cancelled: %s. Anything you paid goes back to your card.",
			cancelled.OrderID, because[cancelled.Reason])))
	return nil
}

// Dispatched notifies the customer how to track the parcel.
func (d *Desk) Dispatched(ctx context.Context, tx *eventing.Tx, dispatched warehouse.ShipmentDispatched) error {
	contact := &Contact{OrderID: dispatched.OrderID}
	if _, err := tx.Load(ctx, contact); err != nil {
		return err
	}
	contact.Tracking = dispatched.TrackingNumber
	if contact.Email == "" {
		tx.Save(contact)
		return nil
	}
	tx.Publish(contact.shipped())
	return nil
}

var because = map[orders.CancelledReason]string{
	orders.CancelledReasonPaymentDeclined:     "the payment was declined",
	orders.CancelledReasonOutOfStock:          "we have run out of stock",
	orders.CancelledReasonCancelledByCustomer: "you asked for it",
	orders.CancelledReasonTimedOut:            "we could not complete it in time",
}

func (c *Contact) shipped() notifications.CustomerNotified {
	return c.notification(notifications.NotifiedTemplateOrderShipped, "Your order is on its way",
		fmt.Sprintf("Your order %s has left our warehouse. Follow it: %s.", c.OrderID, c.Tracking))
}

func (c *Contact) notification(template notifications.NotifiedTemplate, title, text string) notifications.CustomerNotified {
	return notifications.CustomerNotified{
		OrderID: c.OrderID, CustomerID: c.CustomerID, Email: c.Email,
		Template: template, Title: title, Text: text,
	}
}
