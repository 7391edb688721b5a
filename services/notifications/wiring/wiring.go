// Package wiring puts notifications together.
package wiring

import (
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/notifications/internal/notification"
)

// Wire registers the handlers of notifications.
func Wire(rt *host.Runtime) error {
	desk := &notification.Desk{}
	eventing.On(rt, desk.Confirmed)
	eventing.On(rt, desk.Cancelled)
	eventing.On(rt, desk.Dispatched)
	return nil
}
