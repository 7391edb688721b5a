package eventbridge

import (
	"fmt"
	"time"
)

// MaxArchiveBytes is the most that an archive holds: some 25,000 events of 1 KB, which is more than a day of a
// developer's work. On AWS, only the retention limits an archive.
const MaxArchiveBytes = 24 << 20

// archivePortions is how many parts of the budget there are. Room is made for one part at a time, so that it costs
// nothing per event.
const archivePortions = 64

// letGo is what an archive has let go to make room.
type letGo struct {
	Events int
	Until  time.Time // of the latest of them
}

// reason returns what the state of an archive or replay says about the events that are missing, or "".
func (l letGo) reason(budget int) string {
	if l.Events == 0 {
		return ""
	}
	return fmt.Sprintf("%d events up to %s were let go: the local cloud keeps the last %.3g MB of an archive",
		l.Events, l.Until.UTC().Format("2006-01-02T15:04:05Z"), float64(budget)/(1<<20))
}

// makeRoom lets go of the oldest events until there is room for a portion of the budget.
func (a *archive) makeRoom() {
	n, bytes := 0, a.bytes
	for n < len(a.events) && bytes > a.budget-a.budget/archivePortions {
		bytes -= len(a.events[n].raw)
		if at := a.events[n].time.Time; at.After(a.gone.Until) {
			a.gone.Until = at
		}
		n++
	}
	a.gone.Events += n
	a.drop(n)
	a.keep()
}
