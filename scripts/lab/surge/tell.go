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

// defaultConsole is where make up has its console.
const defaultConsole = "http://127.0.0.1:8090"

// teller tells a console of the run. A console that is slow, or gone, holds nothing up: it is told the newest only.
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

// find looks whether the console is there, and begins to tell it if so.
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

// tell hands the run on as it is now.
func (t *teller) tell(r *surge.Run) {
	if !t.found {
		return
	}
	encoded, err := json.Marshal(r)
	if err != nil {
		return // plain data always has JSON
	}
	select {
	case <-t.news: // what it has not been told yet is old
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

// close waits until the last is told.
func (t *teller) close() {
	close(t.news)
	t.ended.Wait()
}
