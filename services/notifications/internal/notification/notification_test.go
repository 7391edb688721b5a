package notification_test

import (
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/notifications"
	"example.com/troupe/events/orders"
	"example.com/troupe/events/warehouse"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/notifications/internal/notification"
)

func TestDesk(t *testing.T) {
	desk := &notification.Desk{}
	confirmed := eventingtest.Hear(desk.Confirmed, orders.OrderConfirmed{
		OrderID: "o-1", CustomerID: "c-1", Email: "ann@example.com", TotalCents: 1905, Currency: "EUR",
	})
	dispatched := eventingtest.Hear(desk.Dispatched, warehouse.ShipmentDispatched{OrderID: "o-1", TrackingNumber: "KO1"})
	notified := func(template notifications.NotifiedTemplate, title, text string) events.Event {
		return notifications.CustomerNotified{
			OrderID: "o-1", CustomerID: "c-1", Email: "ann@example.com", Template: template, Title: title, Text: text,
		}
	}
	paid := notified(notifications.NotifiedTemplateOrderConfirmed, "Your order is confirmed",
		"We have received 19.05 EUR for your order o-1.")
	shipped := notified(notifications.NotifiedTemplateOrderShipped, "Your order is on its way",
		"Your order o-1 has left our warehouse. Follow it: KO1.")
	known := &notification.Contact{OrderID: "o-1", CustomerID: "c-1", Email: "ann@example.com"}

	eventingtest.Run(t, []eventingtest.Case{
		{
			Name:  "a confirmed order",
			When:  confirmed,
			Then:  []events.Event{paid},
			State: []eventing.Document{known},
		},
		{
			Name:  "its shipment",
			After: []eventingtest.Unit{confirmed},
			When:  dispatched,
			Then:  []events.Event{shipped},
		},
		{
			Name:  "a shipment that arrives first waits for the customer to be known",
			When:  dispatched,
			State: []eventing.Document{&notification.Contact{OrderID: "o-1", Tracking: "KO1"}},
		},
		{
			Name:  "then the customer is notified of both",
			After: []eventingtest.Unit{dispatched},
			When:  confirmed,
			Then:  []events.Event{paid, shipped},
			State: []eventing.Document{known},
		},
		{
			Name: "a cancelled order",
			When: eventingtest.Hear(desk.Cancelled, orders.OrderCancelled{
				OrderID: "o-1", CustomerID: "c-1", Email: "ann@example.com", Reason: orders.CancelledReasonOutOfStock,
			}),
			Then: []events.Event{notified(notifications.NotifiedTemplateOrderCancelled, "Your order is cancelled",
				"Your order o-1 is cancelled: we have run out of stock. Anything you paid goes back to your card.")},
		},
	})
}
