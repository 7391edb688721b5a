package host

import (
	"context"
	"log/slog"
	"slices"
	"time"
)

// linger is how long a deletion waits for others: each call is paid for.
const linger = 100 * time.Millisecond

// deleteDone acknowledges messages, together those that are done within a moment, which is short
// beside any visibility time-out. A message that is not deleted comes again, and is a repeat.
func (w *worker) deleteDone(ctx context.Context) {
	for receipt := range w.done {
		receipts := w.gather(receipt)
		slices.Sort(receipts) // a simulated run does not depend on who was done first
		for some := range slices.Chunk(receipts, maxBatch) {
			if err := w.queue.delete(ctx, some); err != nil {
				slog.WarnContext(ctx, "messages were not deleted: they come again as repeats", "error", err)
			}
		}
	}
}

func (w *worker) gather(receipt string) []string {
	receipts := []string{receipt}
	moment := time.NewTimer(linger)
	defer moment.Stop()
	for {
		select {
		case receipt, more := <-w.done:
			if !more {
				return receipts
			}
			receipts = append(receipts, receipt)
		case <-moment.C:
			return receipts
		}
	}
}
