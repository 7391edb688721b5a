// Package eventingtest tests both sides of package eventing.
//
// A domain's tests are tables: given these documents, when an event is handled, then these
// events are published and these documents saved.
//
//	eventingtest.Run(t, []eventingtest.Case{{
//		Name:  "a bell that was muffled rings again",
//		Given: []eventing.Document{&bell{Name: "tom", State: muffled}},
//		When:  eventingtest.Hear(tower.Uncover, BellUncovered{Bell: "tom"}),
//		Then:  []events.Event{BellRung{Bell: "tom"}},
//		State: []eventing.Document{&bell{Name: "tom", State: ringing}},
//	}})
//
// A unit of work has the time Now, or another with Hear(…).At(time).
//
// A database's tests are the conformance suite Driver, so that every driver of the inbox
// keeps the same promises. Memory is the smallest driver that does.
package eventingtest
