// Package progress says on a terminal how far something is that takes long.
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

// every is how often the line is written anew.
const every = 100 * time.Millisecond

// Show writes a line again and again until the returned function is called, which takes the line away. What is no
// terminal, such as a file, gets nothing.
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
