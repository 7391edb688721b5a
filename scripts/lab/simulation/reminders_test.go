package simulation

import (
	"encoding/json"
	"path"
	"strings"

	"example.com/localcloud/delivery"
	"example.com/troupe/events"
)

// The operations of EventBridge Scheduler that services use.
const (
	createSchedule = "CreateSchedule"
	deleteSchedule = "DeleteSchedule"
)

// schedulerPrincipal is who delivers what is scheduled.
const schedulerPrincipal = "scheduler.amazonaws.com"

// reminded keeps count of the reminders that a service's call has scheduled or cancelled: as long as there is one, more is to
// come.
func (w *world) reminded(e *exchange, body []byte) {
	if e.from == nil {
		return // a schedule of service.json goes on for ever
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch name := path.Base(e.http.URL.Path); e.op {
	case createSchedule:
		w.reminders[name] = true
		w.scheduled++
	case deleteSchedule:
		delete(w.reminders, name)
		w.cancelled++
	}
}

// scheduledInput returns the event in a call that schedules it.
func scheduledInput(body []byte) string {
	var in struct{ Target struct{ Input string } }
	_ = json.Unmarshal(body, &in) // written by the SDK
	return in.Target.Input
}

// ring records what EventBridge Scheduler sends: a reminder, or an event of a schedule of service.json, which has no cause.
func (w *world) ring(d delivery.Delivery) {
	if d.Service == schedulerPrincipal {
		w.mu.Lock()
		delete(w.reminders, path.Base(d.Source))
		w.mu.Unlock()
	}
	var bridged struct{ Detail json.RawMessage }
	body := d.Body
	if json.Unmarshal(body, &bridged) == nil && len(bridged.Detail) > 0 {
		body = bridged.Detail
	}
	var envelope events.Envelope
	if err := json.Unmarshal(body, &envelope); err == nil && strings.HasPrefix(envelope.Metadata.ID, envelope.Metadata.Producer+"-") {
		w.rung++
		w.log.Published(string(body), true)
	}
}
