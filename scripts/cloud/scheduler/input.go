package scheduler

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"example.com/localcloud/wire"
)

// input returns what the target receives: its Input with the context attributes replaced, or AWS's default (user guide,
// "Adding context attributes"). Their values contain nothing that JSON would escape.
func (a *attempt) input() []byte {
	if a.schedule.Target.Input == "" {
		return a.notification()
	}
	return []byte(strings.NewReplacer(
		"<aws.scheduler.schedule-arn>", a.schedule.Arn,
		"<aws.scheduler.scheduled-time>", a.scheduled.Format(time.RFC3339),
		"<aws.scheduler.execution-id>", a.execution,
		"<aws.scheduler.attempt-number>", strconv.Itoa(a.retries+1),
	).Replace(a.schedule.Target.Input))
}

// notification returns the default input. Source: events that functions have received, in public repositories; the detail
// is text.
func (a *attempt) notification() []byte {
	raw, _ := json.Marshal(struct {
		Version    string   `json:"version"`
		ID         string   `json:"id"`
		DetailType string   `json:"detail-type"`
		Source     string   `json:"source"`
		Account    string   `json:"account"`
		Time       string   `json:"time"`
		Region     string   `json:"region"`
		Resources  []string `json:"resources"`
		Detail     string   `json:"detail"`
	}{"0", a.id, "Scheduled Event", "aws.scheduler", wire.Account, a.scheduled.Format(time.RFC3339), wire.Region, []string{a.schedule.Arn}, "{}"})
	return raw
}
