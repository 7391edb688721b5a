package host

import (
	"context"
	"log/slog"
	"slices"
	"time"
)

// linger is how long a deletion waits for others, because each call costs money.
const linger = 100 * time.Millisecond

// deleteDone acknowledges messages, in batches of those that finish within a moment, which is
// short compared to any visibility timeout. A message that is not deleted comes again as a
// repeat.
func (w *worker) deleteDone(ctx context.Context) {
	for receipt := range w.done {
		receipts := w.gather(receipt)
		slices.Sort(receipts) // so that a simulated run can be repeated exactly
		for some := range slices.Chunk(receipts, maxBatch) {
			if err := w.queue.delete(ctx, some); err != nil {
				slog.WarnContext(ctx, "messages were not deleted and come again as repeats", "error", err)
			}
		}
	}
}

// gather returns the receipts that arrive until the moment is over.
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
