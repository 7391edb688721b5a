package eventing_test

import (
	"example.com/troupe/events"
)

// rung is an event as the generator would write it.
type rung struct {
	Bell  string `json:"bell"`
	Times int    `json:"times"`
}

var rungContract = &events.Contract{Type: "bell.rung.v1", Producer: "tower", Channel: events.EventBridge}

func (rung) Contract() *events.Contract { return rungContract }
func (r rung) Subject() string          { return r.Bell }

// alarm is an event that a service reminds itself of.
type alarm struct {
	Bell string `json:"bell"`
}

var alarmContract = &events.Contract{Type: "bell.alarm.v1", Producer: "tower", Channel: events.Queue}

func (alarm) Contract() *events.Contract { return alarmContract }
func (a alarm) Subject() string          { return a.Bell }

// tide is an event from outside.
type tide struct{ rung }

func (tide) Contract() *events.Contract {
	return &events.Contract{Type: "tide.turned.v1", Producer: "moon", Channel: events.EventBridge, Outside: &events.Outside{Source: "com.example.moon"}}
}

// unsound cannot be encoded.
type unsound struct {
	rung
	Pipe chan int
}

// bell is a document.
type bell struct {
	Name string `json:"name"`
	Sum  int    `json:"sum"`
	Pipe any    `json:"pipe,omitempty"`
}

func (b *bell) Key() string { return "bell/" + b.Name }
