// Package progress shows a progress line on a terminal.
package progress

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/trace"
)

// every is how often the line is updated.
const every = 100 * time.Millisecond

// Show updates a line until the returned function is called, which clears the line. If out isn't a terminal, it
// writes nothing.
func Show(ctx context.Context, out io.Writer, line func() string) (stop func()) {
	if !trace.Coloured(out) {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var ended sync.WaitGroup
	ended.Go(func() {
		for pause.For(ctx, every) {
			fmt.Fprintf(out, "\r\x1b[K%s ", line())
		}
		fmt.Fprint(out, "\r\x1b[K")
	})
	return func() {
		cancel()
		ended.Wait()
	}
}
