package main

import (
	"net/http"
	"slices"
	"sync"
	"testing"

	"example.com/troupe/scripts/internal/surge"
)

// TestCourier checks that a refused event is retried as often as the policy says, and is then lost.
func TestCourier(t *testing.T) {
	var mu sync.Mutex
	tries := map[string]int{}
	var lost []string
	ended := make(chan struct{})
	p := newCourier(nil, func(id string) { lost = append(lost, id); close(ended) }, surge.Retry{Times: 3, Seconds: 0.001})
	taken := make(chan struct{})
	p.take = func(id string, _ []byte) int {
		mu.Lock()
		defer mu.Unlock()
		if tries[id]++; id == "lucky" && tries[id] == 3 {
			close(taken)
			return http.StatusNoContent
		}
		return http.StatusServiceUnavailable
	}
	for _, m := range withIDs("lucky", "unlucky") {
		m.Envelope.Data = []byte(`{}`)
		if err := p.post(m); err != nil {
			t.Fatal(err)
		}
	}
	<-ended
	<-taken
	p.Close()
	if tries["lucky"] != 3 || tries["unlucky"] != 4 || !slices.Equal(lost, []string{"unlucky"}) {
		t.Errorf("tries %v, lost %v", tries, lost)
	}
}
