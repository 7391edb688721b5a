// Package eventingtest tests what is written against package eventing, from both
// sides.
//
// A domain's tests are tables: given documents, when an event is heard, then these
// events are said and these documents saved.
//
//	eventingtest.Run(t, []eventingtest.Case{{
//		Name:  "a cancelled order is paid back",
//		Given: []eventing.Document{&payment.Payment{OrderID: "o-1", State: payment.Authorized}},
//		When:  eventingtest.Hear(desk.Refund, orders.OrderCancelled{OrderID: "o-1"}),
//		Then:  []events.Event{payments.PaymentRefunded{OrderID: "o-1"}},
//		State: []eventing.Document{&payment.Payment{OrderID: "o-1", State: payment.Refunded}},
//	}})
//
// A database's tests are the conformance suite Driver, so that every driver of the
// inbox keeps the same promises. Memory is the smallest driver that does.
package eventingtest
