package console

import (
	"fmt"
	"net/http"
	"time"

	"example.com/troupe/scripts/internal/console/record"
)

// beat is how often an idle stream sends a sign of life.
const beat = 15 * time.Second

// frame is what is sent of a moment.
type frame struct {
	Pulses     []counted        `json:"pulses,omitempty"`
	Executions []record.Summary `json:"executions,omitempty"`
	More       int              `json:"more,omitempty"` // executions that have changed, too
	Queues     []queueView      `json:"queues,omitempty"`
	Faults     []faultView      `json:"faults,omitzero"`    // none left is news, too
	Declared   bool             `json:"declared,omitempty"` // the map is another now
	Surge      bool             `json:"surge,omitempty"`    // there is news of a surge
	Lost       int              `json:"lost,omitempty"`     // steps and hops in all that came too fast
	Trouble    string           `json:"trouble,omitempty"`  // why nothing comes
}

// counted is a pulse and how often it was.
type counted struct {
	pulse
	Count int `json:"count"`
}

// frame returns what browsers get of what has happened.
func (c *Console) frame(since gathered) any {
	f := frame{Queues: since.queues, Faults: since.faults, Declared: since.declared, Surge: since.surged}
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

// stream sends frames as server-sent events until the browser leaves.
func (c *Console) stream(w http.ResponseWriter, r *http.Request) {
	watcher := c.hub.watch()
	defer c.hub.leave(watcher)
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	say := func(format string, args ...any) error {
		_ = control.SetWriteDeadline(time.Now().Add(beat)) // a browser that does not read is left
		if _, err := fmt.Fprintf(w, format, args...); err != nil {
			return err
		}
		return control.Flush()
	}
	tick := time.NewTicker(beat)
	defer tick.Stop()
	err := say("retry: 500\nevent: hello\ndata: {}\n\n")
	for err == nil {
		select {
		case <-r.Context().Done():
			return
		case encoded := <-watcher.frames:
			if missed := c.hub.missed(watcher); missed > 0 {
				err = say("event: missed\ndata: %d\n\n", missed)
			}
			if err == nil {
				err = say("data: %s\n\n", encoded)
			}
		case <-tick.C:
			err = say(": still here\n\n")
		}
	}
}
