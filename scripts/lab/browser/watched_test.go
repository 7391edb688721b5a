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

// How many flows each round begins, and how many at a time.
const (
	aRound  = 48
	atATime = 8
)

// BenchmarkWatched compares how fast flows go through the troupe while nobody watches, while something reads the stream, as a
// browser on another machine does, and while a browser on this machine shows the map, and the list: rounds in turn, so
// that what else the machine does meets all alike. It reports the medians, in flows a second, and each as a part of
// the first.
func BenchmarkWatched(b *testing.B) {
	watched := []struct{ name, path string }{{"unwatched", ""}, {"stream", "/api/stream"}, {"map", "/"}, {"list", "/executions"}}
	rates := make([][]float64, len(watched))
	round(b) // whatever is cold
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

// watch opens a page, if any, and returns how to leave it.
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
		reading.Go(func() { _, _ = io.Copy(io.Discard, response.Body) }) // it ends when the body is closed
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

// round begins flows and returns how many went through in a second: until the last service has told of all of them.
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

// ended counts the flows that have come to their end.
func ended() int {
	return len(troupe.Steps.Where(func(s events.Step) bool {
		return s.Service == "herald" && s.Outcome == events.Handled
	}))
}
