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

// reporter sends the run to a console. A slow or missing console delays nothing: it only gets the latest state.
type reporter struct {
	url    string
	client *http.Client
	found  bool
	news   chan []byte
	ended  sync.WaitGroup
}

func newReporter(console string) *reporter {
	return &reporter{url: console + "/api/surge", client: &http.Client{Timeout: 2 * time.Second}, news: make(chan []byte, 1)}
}

// find checks whether the console runs, and if so starts sending to it.
func (p *reporter) find(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, http.NoBody)
	if err != nil {
		return err
	}
	response, err := p.client.Do(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusNoContent {
		return fmt.Errorf("the console answered %d", response.StatusCode)
	}
	p.found = true
	p.ended.Go(func() {
		for run := range p.news {
			p.post(run)
		}
	})
	return nil
}

// send sends the current state of the run.
func (p *reporter) send(r *surge.Run) {
	if !p.found {
		return
	}
	encoded, err := json.Marshal(r)
	if err != nil {
		return // encoding plain data can't fail
	}
	select {
	case <-p.news: // replaces a state that has not been sent yet
	default:
	}
	p.news <- encoded
}

func (p *reporter) post(run []byte) {
	response, err := p.client.Post(p.url, "application/json", bytes.NewReader(run))
	if err == nil {
		response.Body.Close()
	}
}

// close waits until the last state is sent.
func (p *reporter) close() {
	close(p.news)
	p.ended.Wait()
}
