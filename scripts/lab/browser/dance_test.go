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

// How many orders each round places, and how many at a time.
const (
	ordersARound = 48
	atATime      = 8
)

// BenchmarkDance compares how fast orders go through the troupe while nobody watches, while something reads the stream, as a
// browser on another machine does, and while a browser on this machine shows the map, and the list: rounds in turn, so
// that what else the machine does meets all alike. It reports the medians, in orders a second, and each as a part of
// the first.
func BenchmarkDance(b *testing.B) {
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
		b.ReportMetric(rates[i][b.N/2], w.name+"-orders/s")
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

// round places orders and returns how many went through in a second: until customers know of all of them.
func round(b *testing.B) (rate float64) {
	began, before := time.Now(), ended()
	var placing sync.WaitGroup
	for range atATime {
		placing.Go(func() {
			for range ordersARound / atATime {
				place(b, "tok_ok", "poster")
			}
		})
	}
	placing.Wait()
	for ended() < before+ordersARound {
		if time.Since(began) > 2*time.Minute {
			b.Fatalf("%d orders of %d have ended", ended()-before, ordersARound)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return ordersARound / time.Since(began).Seconds()
}

// ended counts the orders of which customers were told that they are confirmed or cancelled.
func ended() int {
	return len(troupe.Steps.Where(func(s events.Step) bool {
		return s.Service == "notifications" && s.Outcome == events.Handled && s.EventType != "shipment.dispatched.v1"
	}))
}
