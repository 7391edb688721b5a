package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"example.com/troupe/scripts/internal/surge"
)

// defaultConsole is the console of make up.
const defaultConsole = "http://127.0.0.1:8090"

// teller sends the run to a console. A slow or missing console delays nothing: it only gets the latest state.
type teller struct {
	url    string
	client *http.Client
	found  bool
	news   chan []byte
	ended  sync.WaitGroup
}

func newTeller(console string) *teller {
	return &teller{url: console + "/api/surge", client: &http.Client{Timeout: 2 * time.Second}, news: make(chan []byte, 1)}
}

// find checks whether the console runs, and if so starts sending to it.
func (t *teller) find(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, t.url, http.NoBody)
	if err != nil {
		return err
	}
	response, err := t.client.Do(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusNoContent {
		return fmt.Errorf("the console answered %d", response.StatusCode)
	}
	t.found = true
	t.ended.Go(func() {
		for run := range t.news {
			t.post(run)
		}
	})
	return nil
}

// tell sends the current state of the run.
func (t *teller) tell(r *surge.Run) {
	if !t.found {
		return
	}
	encoded, err := json.Marshal(r)
	if err != nil {
		return // encoding plain data can't fail
	}
	select {
	case <-t.news: // replaces a state that has not been sent yet
	default:
	}
	t.news <- encoded
}

func (t *teller) post(run []byte) {
	response, err := t.client.Post(t.url, "application/json", bytes.NewReader(run))
	if err == nil {
		response.Body.Close()
	}
}

// close waits until the last state is sent.
func (t *teller) close() {
	close(t.news)
	t.ended.Wait()
}
