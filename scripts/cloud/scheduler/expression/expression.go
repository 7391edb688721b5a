// Package expression reads the schedule expressions of EventBridge Scheduler, at(…), rate(…) and cron(…), and computes
// the times that they name.
//
// Source, unless a comment names another: user guide of EventBridge Scheduler, "Schedule types".
package expression

import (
	"strconv"
	"strings"
	"time"
)

// Expression is a schedule expression in a time zone. It is immutable.
type Expression struct {
	at    time.Time     // of at(…)
	every time.Duration // of rate(…)
	cron  *cron         // of cron(…)
	zone  *time.Location
}

// Parse reads an expression. The zone applies to at(…) and cron(…). It reports whether the expression is valid; AWS gives
// no reason either.
func Parse(text string, zone *time.Location) (*Expression, bool) {
	kind, rest, found := strings.Cut(text, "(")
	body, closed := strings.CutSuffix(rest, ")")
	if !found || !closed {
		return nil, false
	}
	e := &Expression{zone: zone}
	switch kind {
	case "at":
		return e, e.parseAt(body)
	case "rate":
		return e, e.parseRate(body)
	case "cron":
		var valid bool
		e.cron, valid = parseCron(body)
		return e, valid
	}
	return nil, false
}

const wall = "2006-01-02T15:04:05"

// parseAt reads yyyy-mm-ddThh:mm:ss. AWS doesn't document what a time means that the clock skips: here it is as much
// later as the clock skips. Of a time that the clock repeats, it is the first.
func (e *Expression) parseAt(body string) bool {
	named, err := time.Parse(wall, body)
	if err != nil || len(body) != len(wall) {
		return false
	}
	var exists bool
	if e.at, exists = resolve(named, e.zone); !exists {
		before, _ := offsets(named, e.zone)
		e.at = named.Add(-before).In(e.zone)
	}
	return true
}

// units of rates. Unlike in the expressions of rules, the number needs no agreement: rate(5 minute) is in the examples that
// AWS publishes (aws-samples/serverless-patterns).
var units = map[string]time.Duration{
	"minute": time.Minute, "minutes": time.Minute, "hour": time.Hour, "hours": time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour,
}

// maxRate is the longest rate here, in days. AWS documents no limit.
const maxRate = 36_500

func (e *Expression) parseRate(body string) bool {
	value, unit, _ := strings.Cut(body, " ")
	if value == "" || strings.Trim(value, "0123456789") != "" {
		return false
	}
	n, err := strconv.Atoi(value)
	length := units[unit]
	if err != nil || n < 1 || length == 0 || n > int(maxRate*24*time.Hour/length) {
		return false
	}
	e.every = time.Duration(n) * length
	return true
}

// Once reports whether the expression names one time: at(…).
func (e *Expression) Once() bool { return !e.at.IsZero() }

// Periodic reports whether the expression counts from a start: rate(…).
func (e *Expression) Periodic() bool { return e.every > 0 }

// Next returns the first time after another, or false if there is none. A rate counts from start, which is its first
// time; one of days is of 24 hours each, whatever the clock does. The others need no start.
func (e *Expression) Next(after, start time.Time) (time.Time, bool) {
	switch {
	case e.Once():
		return e.at, e.at.After(after)
	case e.Periodic():
		if start.After(after) {
			return start, true
		}
		return start.Add(after.Sub(start) / e.every * e.every).Add(e.every), true
	}
	return e.cron.next(after, e.zone)
}

// resolve returns the first time at which a clock in the zone shows what named does, which is in UTC. It returns false
// if the clock skips it.
func resolve(named time.Time, zone *time.Location) (time.Time, bool) {
	before, after := offsets(named, zone)
	for _, offset := range []time.Duration{max(before, after), min(before, after)} {
		at := named.Add(-offset).In(zone)
		if at.Format(wall) == named.Format(wall) {
			return at, true
		}
	}
	return time.Time{}, false
}

// offsets returns the zone's offsets from UTC a day before and a day after. No zone changes its clock twice in between.
func offsets(named time.Time, zone *time.Location) (before, after time.Duration) {
	of := func(at time.Time) time.Duration {
		_, seconds := at.In(zone).Zone()
		return time.Duration(seconds) * time.Second
	}
	return of(named.Add(-24 * time.Hour)), of(named.Add(24 * time.Hour))
}
