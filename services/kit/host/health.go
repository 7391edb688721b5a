package host

import (
	"fmt"
	"log/slog"
	"os"
	"time"
)

// healthFlag makes the binary say by its exit code whether the worker in the same container is well: ECS asks so.
const healthFlag = "-healthy"

// roundTime is how long a round of the worker's loop takes at most beside its waits for a handler and the rate: a poll,
// and the pauses during an outage, which is no reason to be restarted.
const roundTime = 2 * time.Minute

// beat notes that the worker's loop goes round.
func (w *worker) beat() {
	if w.health == "" {
		return
	}
	if err := os.WriteFile(w.health, []byte("a poll began\n"), 0o600); err != nil {
		slog.Warn("HEALTH_FILE can't be written", "error", err)
	}
}

// healthy returns an error if the worker's loop has not gone round for longer than it may take.
func (rt *Runtime) healthy() error {
	limit := roundTime + time.Duration(rt.manifest.TimeoutSeconds)*time.Second
	if rate := rt.rate(); rate > 0 {
		limit += time.Duration(float64(time.Second) / rate)
	}
	beaten, err := os.Stat(rt.getenv("HEALTH_FILE"))
	if err != nil {
		return fmt.Errorf("the worker has not begun to poll its queue: HEALTH_FILE: %w", err)
	}
	if age := time.Since(beaten.ModTime()); age > limit {
		return fmt.Errorf("the worker began its last poll %s ago: %s at most is healthy", age.Round(time.Second), limit)
	}
	return nil
}
