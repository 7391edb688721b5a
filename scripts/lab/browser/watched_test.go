//go:build browser

package browsertest_test

import (
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"example.com/troupe/events"
)

// The number of flows per round, and of concurrent flows.
const (
	aRound  = 48
	atATime = 8
)

// BenchmarkWatched compares the rate of flows while nobody watches, while something reads the stream (as a remote
// browser would), and while a browser on this machine shows the map or the list. The rounds alternate, so that other
// load affects all alike. It reports the medians in flows per second, and each as a fraction of the first.
func BenchmarkWatched(b *testing.B) {
	watched := []struct{ name, path string }{{"unwatched", ""}, {"stream", "/api/stream"}, {"map", "/"}, {"list", "/executions"}}
	rates := make([][]float64, len(watched))
	round(b) // warm up
	for range b.N {
		for i, w := range watched {
			leave := watch(b, w.path)
			rates[i] = append(rates[i], round(b))
			leave()
		}
	}
	for i, w := range watched {
		slices.Sort(rates[i])
		b.ReportMetric(rates[i][b.N/2], w.name+"-flows/s")
	}
	for i, w := range watched[1:] {
		b.ReportMetric(rates[i+1][b.N/2]/rates[0][b.N/2], w.name+"/unwatched")
	}
}

// watch opens a page, unless path is empty, and returns a function that closes it.
func watch(b *testing.B, path string) (leave func()) {
	switch path {
	case "":
		return func() {}
	case "/api/stream":
		response, err := http.Get(page.URL + path)
		if err != nil {
			b.Fatal(err)
		}
		var reading sync.WaitGroup
		reading.Go(func() { _, _ = io.Copy(io.Discard, response.Body) }) // ends when the body is closed
		return func() { _ = response.Body.Close(); reading.Wait() }
	}
	ctx, cancel := chromedp.NewContext(chrome)
	if err := chromedp.Do(ctx, chromedp.Navigate(page.URL+path)); err != nil {
		b.Fatal(err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](`document.getElementById("status").className === "live"`)); err != nil {
		b.Fatal(err)
	}
	return cancel
}

// round begins flows and returns how many per second completed, by the steps of the last service.
func round(b *testing.B) (rate float64) {
	began, before := time.Now(), ended()
	var beginning sync.WaitGroup
	for range atATime {
		beginning.Go(func() {
			for range aRound / atATime {
				begin(b, "demo/completed")
			}
		})
	}
	beginning.Wait()
	for ended() < before+aRound {
		if time.Since(began) > 2*time.Minute {
			b.Fatalf("%d flows of %d have ended", ended()-before, aRound)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return aRound / time.Since(began).Seconds()
}

// ended counts the completed flows.
func ended() int {
	return len(troupe.Steps.Where(func(s events.Step) bool {
		return s.Service == "herald" && s.Outcome == events.Handled
	}))
}
