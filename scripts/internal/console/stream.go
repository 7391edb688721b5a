package console

import (
	"fmt"
	"net/http"
	"time"

	"example.com/troupe/scripts/internal/console/record"
)

// beat is how often an idle stream sends a sign of life.
const beat = 15 * time.Second

// frame is the content of one frame.
type frame struct {
	Pulses     []counted        `json:"pulses,omitempty"`
	Executions []record.Summary `json:"executions,omitempty"`
	More       int              `json:"more,omitempty"` // number of further changed executions
	Queues     []queueView      `json:"queues,omitempty"`
	Faults     []faultView      `json:"faults,omitzero"`    // an empty list is sent, too
	Problems   []problemView    `json:"problems,omitzero"`  // the same
	Declared   bool             `json:"declared,omitempty"` // the map has changed
	Surge      bool             `json:"surge,omitempty"`    // the surge has changed
	Lost       int              `json:"lost,omitempty"`     // total of steps and hops that came too fast
	Trouble    string           `json:"trouble,omitempty"`  // why nothing arrives
}

// counted is a pulse with its count.
type counted struct {
	pulse
	Count int `json:"count"`
}

// frame returns a frame with what has happened.
func (c *Console) frame(since gathered) any {
	f := frame{Queues: since.queues, Faults: since.faults, Problems: since.problems, Declared: since.declared, Surge: since.surged}
	for p, n := range since.pulses {
		f.Pulses = append(f.Pulses, counted{p, n})
	}
	newest := since.changed[max(0, len(since.changed)-mostChanged):]
	f.Executions, f.More = c.store.Summaries(newest), since.more+len(since.changed)-len(newest)
	var err error
	if f.Lost, err = c.store.Health(); err != nil {
		f.Trouble = err.Error()
	}
	return f
}

// stream sends frames as server-sent events until the browser disconnects.
func (c *Console) stream(w http.ResponseWriter, r *http.Request) {
	watcher := c.hub.watch()
	defer c.hub.leave(watcher)
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	say := func(format string, args ...any) error {
		_ = control.SetWriteDeadline(time.Now().Add(beat)) // a browser that doesn't read is disconnected
		if _, err := fmt.Fprintf(w, format, args...); err != nil {
			return err
		}
		return control.Flush()
	}
	tick := time.NewTicker(beat)
	defer tick.Stop()
	err := say("retry: 500\nevent: hello\ndata: {}\n\n")
	for err == nil {
		news := ": still here\n\n"
		select {
		case <-r.Context().Done():
			return
		case encoded := <-watcher.frames:
			news = fmt.Sprintf("data: %s\n\n", encoded)
		case <-tick.C:
		}
		if missed := c.hub.missed(watcher); missed > 0 {
			err = say("event: missed\ndata: %d\n\n", missed)
		}
		if err == nil {
			err = say("%s", news)
		}
	}
}
